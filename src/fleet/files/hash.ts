// SHA-256 of files, in bounded memory.

import { createHash } from 'node:crypto'
import type { ByteSource } from './lines.ts'
import type { OpenFile } from './ports.ts'

/** Larger files are hashed only when a caller's expectation needs it: it takes seconds. */
export const maxHashedBytes = 256 * 1024 * 1024
const chunkBytes = 1024 * 1024

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

export async function hashAll(source: Pick<ByteSource, 'read'>, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for (let offset = 0; ;) {
    signal.throwIfAborted()
    const chunk = await source.read(offset, chunkBytes)
    if (chunk.length === 0) return hash.digest('hex')
    hash.update(chunk)
    offset += chunk.length
  }
}

/** Null when it was being changed meanwhile, so that the sum would be of nothing that ever was. */
export async function hashStill(file: OpenFile, signal: AbortSignal): Promise<string | null> {
  const sum = await hashAll(file, signal)
  return (await file.look()).version === file.facts.version ? sum : null
}
