// Follows the log of a run or a command to its end, over restarts of the server and lost connections: each event comes once, from
// the cursor on. Leaves out what is printed for an event.

import { isNodeError, MaestroError } from '#src/core/index.ts'
import { TaskEvent } from '#src/tasks/contract.ts'
import { type Api, checkShape } from './api.ts'

export interface FollowOptions {
  readonly runId: string
  /** Whose log it is; default `runs`. */
  readonly log?: 'runs' | 'tasks'
  readonly signal: AbortSignal
  onEvent(event: TaskEvent): void
  /** Once for each gap. */
  onLost(): void
  sleep(ms: number): Promise<void>
}

/** Waits 0.2, 0.4, ... 3 s: about half a minute in all for Maestro to come back. */
const retryDelaysMs = [200, 400, 800, 1_600, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000]

/** @throws `unavailable` when the connection stays lost; what the server refuses with. */
export async function followRun(api: Api, options: FollowOptions): Promise<'ended' | 'stopped'> {
  let cursor = ''
  let failures = 0
  for (;;) {
    try {
      for await (const { id, event, data } of api.stream(`/${options.log ?? 'runs'}/${options.runId}/events`, {
        signal: options.signal,
        lastEventId: cursor,
      })) {
        failures = 0
        if (event === 'end') return 'ended'
        if (event === 'signed_out')
          throw new MaestroError('unauthenticated', 'the token that this run is followed with was revoked')
        if (event !== 'task') continue
        options.onEvent(checkShape(TaskEvent, JSON.parse(data), `event ${id} of ${options.runId}`))
        cursor = id
      }
    } catch (thrown) {
      if (options.signal.aborted) return 'stopped'
      if (!isLost(thrown) || failures >= retryDelaysMs.length) throw thrown
    }
    if (options.signal.aborted) return 'stopped'
    const delayMs = retryDelaysMs[failures]
    if (delayMs === undefined)
      throw new MaestroError('unavailable', `the log of ${options.runId} ends again and again before the run does`)
    if (failures === 0) options.onLost()
    failures += 1
    await Promise.race([options.sleep(delayMs), aborted(options.signal)])
  }
}

function isLost(thrown: unknown): boolean {
  if (thrown instanceof MaestroError) return thrown.code === 'unavailable' || thrown.code === 'not_ready'
  return isNodeError(thrown)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
