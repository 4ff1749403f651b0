// The present content of a file that is about to be changed, and whether it is the one the caller means.

import { MaestroError } from '#src/core/index.ts'
import { shown } from './file-errors.ts'
import { hashAll, maxHashedBytes, sha256Of } from './hash.ts'
import type { Place } from './locate.ts'
import type { FileFacts } from './ports.ts'

/** Larger files are not held in memory to be changed. */
export const maxChangedBytes = 16 * 1024 * 1024

export interface Present {
  readonly facts: FileFacts
  /** Null when it is too large to be hashed without need. */
  readonly sha256: string | null
  /** Absent when it is larger than asked for. */
  readonly bytes?: Uint8Array
}

/**
 * Undefined when there is no file. @param keepBytes up to which size the content is wanted as well
 * @param expected what the caller thinks the sum is: then it is counted whatever the size
 * @throws `conflict` with both sums when it is another, or when a file is expected and there is none
 */
export async function lookAtPresent(
  { host, real }: Place,
  options: { keepBytes: number; expected: string | undefined; signal: AbortSignal },
): Promise<Present | undefined> {
  const { expected, keepBytes, signal } = options
  if ((await host.files.facts(real)) === undefined) {
    if (expected === undefined) return undefined
    throw mismatch(real, expected, null)
  }
  await using file = await host.files.open(real)
  const { facts } = file
  if (facts.size <= keepBytes) {
    const bytes = await file.read(0, facts.size + 1)
    const sha256 = sha256Of(bytes)
    if (expected !== undefined && expected !== sha256) throw mismatch(real, expected, sha256)
    return { facts, sha256, bytes }
  }
  const sha256 = expected !== undefined || facts.size <= maxHashedBytes ? await hashAll(file, signal) : null
  if (expected !== undefined && expected !== sha256) throw mismatch(real, expected, sha256)
  return { facts, sha256 }
}

function mismatch(real: string, expected: string, actual: string | null): MaestroError {
  return new MaestroError(
    'conflict',
    actual === null
      ? `${shown(real)} does not exist, but its content should have SHA-256 ${expected}`
      : `${shown(real)} has SHA-256 ${actual}, not the expected ${expected}; it was not changed`,
    {
      hint:
        actual === null
          ? 'leave expected_sha256 out to make the file'
          : 'read it again, then repeat the change with its new sum',
      details: {
        kind: 'CONFLICT',
        reason: 'sha256_mismatch',
        expected_sha256: expected,
        actual_sha256: actual,
        executed: 'no',
      },
    },
  )
}
