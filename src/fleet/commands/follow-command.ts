// Follows one command to its end: its output, masked, into the store; from time to time an event that it has grown;
// requests to stop to the driver. When the lease is lost it stops at once and leaves the process alone.

import type { ByteRedactor, Clock } from '#src/core/index.ts'
import type { Driver, ProcessEnd, StopPlan, TaskLease } from '#src/tasks/index.ts'
import type { OutputWriter } from './output-store.ts'

export interface FollowDeps {
  readonly driver: Driver
  readonly clock: Clock
  readonly redactor: ByteRedactor
}

export interface Printed {
  stdout: number
  stderr: number
}

/** Most commands end before the first event would be due: they have none. */
const firstEventMs = 400
const maxEventMs = 2_000

/**
 * @param printed counted up as output comes: bytes as they were printed, before masking
 * @throws the reason when the lease is lost, and what the driver throws
 */
export async function followCommand(
  deps: FollowDeps,
  lease: TaskLease,
  writer: OutputWriter,
  stop: StopPlan,
  printed: Printed,
): Promise<ProcessEnd | 'lost'> {
  const { driver, redactor } = deps
  // However following ends, what it started ends with it.
  const over = new AbortController()
  const stopper = watchForStop(driver, lease, stop, (error) => over.abort(error))
  const teller = tellOfGrowth(deps.clock, lease, writer, over)
  const signal = AbortSignal.any([lease.lost, over.signal])
  const masks = { out: redactor.stream(), err: redactor.stream() }
  try {
    const reader = driver.observe(lease.taskId, { out: 0, err: 0 }, signal)
    let step = await reader.next()
    while (step.done !== true) {
      const { stream, bytes } = step.value
      const name = stream === 'out' ? 'stdout' : 'stderr'
      printed[name] += bytes.length
      await writer.append(name, masks[stream].push(bytes))
      step = await reader.next()
    }
    await writer.append('stdout', masks.out.flush())
    await writer.append('stderr', masks.err.flush())
    await stopper.done()
    return step.value
  } finally {
    over.abort()
    stopper.forget()
    await teller
  }
}

/** Runs the stop procedure once, when somebody asks. */
function watchForStop(driver: Driver, lease: TaskLease, plan: StopPlan, onFailed: (error: unknown) => void) {
  let stopping: Promise<void> | undefined
  const stop = (): void => {
    stopping ??= driver.stop(lease.taskId, lease.fence, plan, 'asked')
    stopping.catch(onFailed)
  }
  if (lease.stopRequested.aborted) stop()
  else lease.stopRequested.addEventListener('abort', stop, { once: true })
  return {
    done: async () => stopping,
    forget: () => lease.stopRequested.removeEventListener('abort', stop),
  }
}

/** An event when there is more than before, seldom for what runs long: a day of output is some thousand rows. Never rejects. */
async function tellOfGrowth(
  clock: Clock,
  lease: TaskLease,
  writer: OutputWriter,
  over: AbortController,
): Promise<void> {
  let told = 0
  let waitMs = firstEventMs
  for (;;) {
    try {
      await clock.sleep(waitMs, over.signal)
    } catch {
      return
    }
    try {
      const { stdout, stderr } = writer.sizes()
      if (stdout + stderr === told) continue
      await writer.flush()
      await lease.append([{ type: 'output.grown', out: stdout, err: stderr }])
      told = stdout + stderr
      waitMs = Math.min(maxEventMs, waitMs * 1.1)
    } catch (error) {
      over.abort(error)
      return
    }
  }
}
