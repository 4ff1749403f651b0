// How long a caller waits for a command, what it hears meanwhile, and what happens when it goes away.

import { performance } from 'node:perf_hooks'
import { type Clock, type Ctx, MaestroError, SECOND } from '#src/core/index.ts'
import type { Tasks } from '#src/tasks/index.ts'
import type { Host } from '../host.ts'
import type { Printed } from './follow-command.ts'

/** No answer is waited for longer than this: clients give up on calls after a minute. */
export const maxWaitS = 45
const progressEveryMs = 5 * SECOND

/** A command in work on this node. */
export interface Live {
  readonly taskId: string
  readonly host: Host
  /** The process runs. Rejects when it could not be started. */
  readonly started: Promise<void>
  hasStarted(): boolean
  readonly ended: Promise<void>
  readonly printed: Printed
  /** What was printed so far is readable. */
  flush(): Promise<void>
}

interface WaitDeps {
  readonly clock: Clock
  readonly tasks: Pick<Tasks, 'requestStop'>
}

/** What the caller asked for, else what its surface allows; without either, until the end. */
export function windowOf(ctx: Ctx, waitS: number | undefined): number {
  if (waitS === undefined) return ctx.inlineMs ?? Number.POSITIVE_INFINITY
  return waitS === Number.POSITIVE_INFINITY ? waitS : Math.min(waitS, maxWaitS) * SECOND
}

/** @throws `cancelled` when the caller goes away first: then the command is asked to stop. */
export async function endsWithin(
  { clock, tasks }: WaitDeps,
  ctx: Ctx,
  live: Live,
  windowMs: number,
): Promise<'ended' | 'running'> {
  const over = new AbortController()
  const gone = Promise.withResolvers<'gone'>()
  const onGone = () => gone.resolve('gone')
  ctx.signal.addEventListener('abort', onGone, { once: true })
  if (ctx.signal.aborted) onGone()
  const waits: Promise<'ended' | 'running' | 'gone'>[] = [live.ended.then(() => 'ended' as const), gone.promise]
  if (Number.isFinite(windowMs)) waits.push(clock.sleep(windowMs, over.signal).then(() => 'running' as const))
  // A wait that was not needed any more.
  for (const one of waits) one.catch(() => undefined)
  void tellProgress(clock, ctx, live, over.signal)
  try {
    const first = await Promise.race(waits)
    if (first !== 'gone') return first
    await tasks.requestStop(live.taskId, 'the caller went away')
    throw new MaestroError('cancelled', 'the caller went away; the command was asked to stop', {
      cause: ctx.signal.reason,
      details: { executed: live.hasStarted() ? 'yes' : 'maybe', task_id: live.taskId },
    })
  } finally {
    over.abort()
    ctx.signal.removeEventListener('abort', onGone)
  }
}

async function tellProgress(clock: Clock, ctx: Ctx, live: Live, over: AbortSignal): Promise<void> {
  if (ctx.progress === undefined) return
  const beganAt = performance.now()
  for (;;) {
    try {
      await clock.sleep(progressEveryMs, over)
    } catch {
      return
    }
    const seconds = Math.round((performance.now() - beganAt) / SECOND)
    const bytes = live.printed.stdout + live.printed.stderr
    ctx.progress({ message: `${live.taskId} runs for ${seconds} s, ${bytes} bytes of output`, done: seconds })
  }
}
