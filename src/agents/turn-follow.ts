// Follows one running (or ended) turn to its end: output to events, stop requests to the driver. When
// the lease is lost it stops at once and leaves the process alone, for whoever holds the lease now.

import type { Clock, Redactor } from '#src/core/index.ts'
import { MaestroError } from '#src/core/index.ts'
import type { Driver, ProcessEnd, StopPlan, TaskEventBody, TaskLease } from '#src/tasks/index.ts'
import type { Interpreter, TurnInput } from './adapter.ts'
import { createTurnOutput } from './turn-output.ts'

const commitEveryMs = 100

export interface FollowDeps {
  readonly driver: Driver
  readonly clock: Clock
  readonly redactor: Redactor
}

/** Returns how the process ended; null when it was lost. @throws when the lease is lost. */
export async function followTurn(
  deps: FollowDeps,
  turn: TaskLease,
  input: TurnInput,
  interpreter: Interpreter,
  stop: StopPlan,
): Promise<ProcessEnd | null> {
  const { driver, clock } = deps
  const output = await createTurnOutput(turn, interpreter, deps.redactor)
  // However following ends, the reader ends with it: it holds files, a watch and a timer.
  const over = new AbortController()
  const reader = driver.observe(turn.taskId, { out: 0, err: 0 }, AbortSignal.any([turn.lost, over.signal]))
  const stopper = createStopper(driver, turn, stop)
  const required = new Set(input.mcpServers.filter((server) => server.required).map((server) => server.name))
  // One answer for all rounds: a new one each time would pile up reactions on the lease.
  const lost = whenAborted(turn.lost)
  try {
    let next = reader.next()
    let commitAt: number | null = null
    for (;;) {
      const waits: Promise<unknown>[] = [next, lost.promise, stopper.failed]
      const timer = commitAt === null ? null : wait(clock, commitAt - clock.now())
      if (timer !== null) waits.push(timer.done)
      const first = await Promise.race(waits)
      timer?.cancel()
      assertHeld(turn)
      if (first === timerFired || output.isFull) {
        await output.commit()
        commitAt = null
      }
      if (first === timerFired) continue
      const step = await next
      if (step.done === true) {
        output.end()
        await output.commit()
        await stopper.done()
        assertHeld(turn)
        return step.value === 'lost' ? null : step.value
      }
      const events = output.feed(step.value)
      if (events.some((event) => isRequiredServerDown(event, required))) stopper.stop()
      if (output.hasEvents) commitAt ??= clock.now() + commitEveryMs
      next = reader.next()
    }
  } finally {
    lost.forget()
    stopper.forget()
    over.abort()
    void reader.return('lost').catch(() => undefined)
  }
}

function isRequiredServerDown(event: TaskEventBody, required: ReadonlySet<string>): boolean {
  return event.type === 'mcp.status' && !event.ok && required.has(event.server)
}

/** @throws `conflict` (or the signal's own reason) when the lease is gone. */
export function assertHeld(turn: TaskLease): void {
  if (!turn.lost.aborted) return
  const reason: unknown = turn.lost.reason
  if (reason instanceof MaestroError) throw reason
  throw new MaestroError('conflict', `the lease on turn ${turn.taskId} is gone`, { cause: reason })
}

/** Runs the stop procedure once, for a stop request or because going on makes no sense. */
function createStopper(driver: Driver, turn: TaskLease, plan: StopPlan) {
  let stopping: Promise<void> | null = null
  let reject: (reason: unknown) => void = () => undefined
  const failed = new Promise<never>((_, fail) => {
    reject = fail
  })
  failed.catch(() => undefined)
  const stop = (): void => {
    if (stopping !== null) return
    stopping = driver.stop(turn.taskId, turn.fence, plan, 'asked')
    stopping.catch(reject)
  }
  if (turn.stopRequested.aborted) stop()
  else turn.stopRequested.addEventListener('abort', stop, { once: true })
  return {
    stop,
    failed,
    done: async () => stopping,
    forget: () => turn.stopRequested.removeEventListener('abort', stop),
  }
}

const timerFired = Symbol('timer')

function wait(clock: Clock, ms: number) {
  const cancelled = new AbortController()
  const done = clock.sleep(Math.max(0, ms), cancelled.signal).then(
    () => timerFired,
    () => undefined,
  )
  return { done, cancel: () => cancelled.abort() }
}

function whenAborted(signal: AbortSignal) {
  let onAbort: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    onAbort = resolve
  })
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) }
}
