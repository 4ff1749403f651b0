// What the system says of a thing, as the port tells it.

import type { BigIntStats } from 'node:fs'
import type { FileFacts, FileKind } from '../ports.ts'

export function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    mtimeMs: Number(stats.mtimeNs / 1_000_000n),
    mode: Number(stats.mode & 0o7777n),
    version: `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`,
  }
}

function kindOf(stats: BigIntStats): FileKind {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  if (stats.isSymbolicLink()) return 'link'
  if (stats.isFIFO()) return 'fifo'
  return stats.isSocket() ? 'socket' : 'device'
}
