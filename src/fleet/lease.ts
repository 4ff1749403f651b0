// The node's lease as its jobs see it: one small file with a deadline that a live node keeps moving. Jobs whose
// node stopped moving it end by themselves, so that another node may take their work over.

import { writePrivate, readText } from './run-folder.ts'

/**
 * Moves the deadline of every job started with this lease file. Whole or not at all; no fsync, since a restart
 * of the machine ends the jobs anyway.
 * @param deadlineEpochMs rounded down to a second: never later than what was promised to other nodes.
 */
export async function renewLease(file: string, deadlineEpochMs: number): Promise<void> {
  await writePrivate(file, `${Math.floor(deadlineEpochMs / 1_000)}\n`)
}

/** The deadline in milliseconds since the epoch; undefined when there is none to read. */
export async function readLease(file: string): Promise<number | undefined> {
  const seconds = Number.parseInt((await readText(file)) ?? '', 10)
  return Number.isNaN(seconds) ? undefined : seconds * 1_000
}
