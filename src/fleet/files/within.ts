// A caller's own time limit around a call.

import { type Ctx, MaestroError } from '#src/core/index.ts'

interface Limits {
  readonly timeout_s?: number | undefined
  readonly timeout?: number | undefined
}

/** @throws `timed_out` when `timeout_s` (or its older name) is over; what was not committed by then is not */
export async function within<T>(ctx: Ctx, limits: Limits, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const seconds = limits.timeout_s ?? limits.timeout
  if (seconds === undefined) return work(ctx)
  const timeout = AbortSignal.timeout(seconds * 1_000)
  try {
    return await work({ ...ctx, signal: AbortSignal.any([ctx.signal, timeout]) })
  } catch (error) {
    if (!timeout.aborted || error !== timeout.reason) throw error
    throw new MaestroError('timed_out', `it took longer than ${seconds} s`, {
      hint: 'ask for less, or give it more timeout_s',
      details: { executed: 'maybe' },
    })
  }
}
