// A data folder of its own for a test, with definitions on the real files and a clock that ticks by hand.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Clock, systemClock } from '#src/core/index.ts'
import { readTextIfExists, syncFolder, writeFileAtomic } from '#src/store/index.ts'
import { createDefinitions, type Definitions, type Files, type History } from '../index.ts'

export const realFiles: Files = { readTextIfExists, syncFolder, writeFileAtomic }

export interface Folder {
  /** Three levels above `dataDir`: what a `../../../` would reach. */
  readonly base: string
  readonly dataDir: string
  /** As a start of Maestro would: nothing remembered from before. */
  open(files?: Files, history?: History): Definitions
  write(path: string, content: unknown): void
  read(path: string): string
  /** configs.json, parsed. */
  stored(): { schemaVersion: number; items: Record<string, unknown>[] } & Record<string, unknown>
}

/** Removed when the test ends. Each reading of the clock is a second later. */
export function createFolder(t: TestContext): Folder {
  const base = mkdtempSync(join(tmpdir(), 'maestro-definitions-'))
  t.after(() => rmSync(base, { recursive: true, force: true }))
  const dataDir = join(base, 'a', 'b', 'data')
  mkdirSync(dataDir, { recursive: true })
  let now = 1_700_000_000_000
  let made = 0
  const clock: Clock = { ...systemClock, now: () => (now += 1_000) }
  const ids = (kind: string): string => `${kind}_${String((made += 1)).padStart(26, '0')}`
  const read = (path: string): string => readFileSync(join(dataDir, path), 'utf8')
  return {
    base,
    dataDir,
    read,
    open: (files = realFiles, history) =>
      createDefinitions({ dataDir, clock, ids, files, ...(history === undefined ? {} : { history }) }),
    write(path, content) {
      mkdirSync(dirname(join(dataDir, path)), { recursive: true })
      writeFileSync(join(dataDir, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    },
    stored: () => JSON.parse(read('configs.json')) as ReturnType<Folder['stored']>,
  }
}
