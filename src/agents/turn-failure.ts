// A turn that cannot be done, found before or while it is prepared: what was thrown becomes its failure.

import { type MaestroError, toMaestroError } from '#src/core/index.ts'
import type { OutcomeKind } from './contract.ts'
import { failure, type Failure } from './outcomes.ts'

/** A turn that cannot be done, found before (or while) it was prepared. */
export class TurnFailed extends Error {
  readonly failure: Failure
  constructor(failed: Failure) {
    super(failed.message)
    this.failure = failed
  }
}

/** @throws TurnFailed of `kind` for whatever `look` throws */
export async function orFail<T>(kind: OutcomeKind, look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (thrown) {
    throw failedBy(kind, thrown)
  }
}

/** Anything thrown while a turn is prepared, with its hint. */
export function failedBy(kind: OutcomeKind, thrown: unknown): TurnFailed {
  if (thrown instanceof TurnFailed) return thrown
  const error: MaestroError = toMaestroError(thrown)
  if (error.code === 'cancelled') return new TurnFailed(failure('cancelled', error.message))
  const retryable = error.code === 'unavailable' || error.code === 'storage_full'
  return new TurnFailed(
    failure(kind, error.message, { retryable, ...(error.hint === undefined ? {} : { hint: error.hint }) }),
  )
}
