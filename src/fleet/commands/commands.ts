// Commands and scripts on hosts, as tasks: recorded before anything starts, attached to this server until they are let
// go, and answered within the time their caller has. Leaves out what may be run (calls) and how it is shown (tools).

import { performance } from 'node:perf_hooks'
import {
  type Actor,
  type ByteRedactor,
  type Clock,
  type Ctx,
  type Log,
  MaestroError,
  type Redactor,
  SECOND,
  toMaestroError,
} from '#src/core/index.ts'
import { isFinal, type StopPlan, stopReason, type TaskLease, type Tasks, type TaskView } from '#src/tasks/index.ts'
import type { CommandResult } from '../contract.ts'
import type { Host, Hosts } from '../host.ts'
import { createAnswers, type Answers } from './answers.ts'
import { followCommand, type Printed } from './follow-command.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import type { OutputStore, OutputWriter } from './output-store.ts'
import { type CommandRequest, limitsOf, prepare, type Prepared } from './prepare.ts'
import { CommandSpec, type StoredResult } from './spec.ts'
import { endsWithin, type Live, windowOf } from './wait.ts'

export interface Commands extends Answers {
  /**
   * Runs it. A caller who goes away before it was let go ends it.
   * @throws `invalid_input`, `not_found` (host, program), `limit_exceeded` (too many at once) with `details.executed: 'no'`;
   *   `cancelled` and `unavailable` with what is true
   */
  run(ctx: Ctx, request: CommandRequest): Promise<CommandResult>
  /** Waits at most `waitMs` for the end of any task the caller may see. @throws `not_found` */
  wait(ctx: Ctx, taskId: string, waitMs: number): Promise<void>
  /** Asks it to stop. @throws `not_found` */
  cancel(ctx: Ctx, taskId: string): Promise<void>
  /** How a task of kind `command` is taken up after a restart. */
  readonly adopt: (lease: TaskLease) => Promise<void>
}

export interface CommandsDeps {
  readonly tasks: Pick<Tasks, 'runHere' | 'details' | 'watch' | 'requestStop'>
  readonly view: TaskView
  readonly hosts: Hosts
  readonly outputs: OutputStore
  readonly redactor: Redactor
  readonly byteRedactor: ByteRedactor
  readonly clock: Clock
  readonly log: Log
}

/** Within 3 s of a limit nothing of a command may be left: the runner looks once a second. */
const stopPlan: StopPlan = { signal: 'TERM', graceMs: SECOND }

export function createCommands(deps: CommandsDeps): Commands {
  const { tasks, hosts, outputs, clock, log, view } = deps
  const answers = createAnswers(deps)
  let running = 0

  /** Records the task, then starts the process. Returns once the task is recorded. */
  async function begin(actor: Actor, prepared: Prepared, isPromoted: boolean): Promise<Live> {
    const { host, spec, plan, stdin, title } = prepared
    const started = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const printed: Printed = { stdout: 0, stderr: 0 }
    let writer: OutputWriter | undefined
    let hasStarted = false
    for (const { promise } of [started, ended]) promise.catch(() => undefined)

    const work = async (lease: TaskLease): Promise<void> => {
      const beganAt = performance.now()
      // Recorded and not begun: whoever takes it up finds that nothing was done.
      lease.lost.throwIfAborted()
      try {
        await host.driver.start({
          id: lease.taskId,
          fence: lease.fence,
          ...plan(lease.taskId),
          cwd: spec.cwd,
          stdin,
          limits: limitsOf(spec),
          stop: stopPlan,
          promoted: isPromoted,
        })
      } catch (thrown) {
        const error = await recordFailedStart(host, lease, toMaestroError(thrown))
        started.reject(error)
        throw error
      }
      writer = outputs.write(lease.taskId)
      hasStarted = true
      started.resolve()
      await followToEnd(host, lease, spec, writer, printed, () => performance.now() - beganAt)
      // Nobody waits for it: the answer needs nothing of the run folder.
      void cleanUp(host, lease.taskId)
    }

    running++
    let taskId: string
    try {
      const recorded = await tasks.runHere(
        {
          kind: 'command',
          title,
          startedBy: actor,
          place: host.driver.place,
          subject: `host:${host.name}`,
          spec,
          // The process starts without another word to the database.
          executed: 'maybe',
        },
        async (lease) => {
          try {
            await work(lease)
            ended.resolve()
          } catch (error) {
            started.reject(error)
            ended.reject(error)
            // Recorded as failed to start: nothing is left to be taken up.
            if (!(error instanceof MaestroError && error.details?.['recorded'] === true)) throw error
          } finally {
            running--
          }
        },
      )
      taskId = recorded.taskId
    } catch (error) {
      running--
      throw error
    }
    return {
      taskId,
      host,
      started: started.promise,
      hasStarted: () => hasStarted,
      ended: ended.promise,
      printed,
      flush: async () => writer?.flush(),
    }
  }

  async function followToEnd(
    host: Host,
    lease: TaskLease,
    spec: CommandSpec,
    writer: OutputWriter,
    printed: Printed,
    durationMs: () => number,
  ): Promise<void> {
    let end
    try {
      end = await followCommand(
        { driver: host.driver, clock, redactor: deps.byteRedactor },
        lease,
        writer,
        stopPlan,
        printed,
      )
    } finally {
      await writer.end()
    }
    const outcome = outcomeOf(end, spec, stopReasonOf(lease))
    await finish(lease, outcome, {
      exitCode: outcome.exitCode,
      signal: outcome.signal,
      printed: { ...printed },
      kept: writer.sizes(),
      durationMs: durationMs(),
    })
  }

  /** What is true of a start that failed: the runner's word, not a guess. */
  async function recordFailedStart(host: Host, lease: TaskLease, error: MaestroError): Promise<MaestroError> {
    const state = await host.driver.probe(lease.taskId, lease.fence).then(
      (probe) => probe.state,
      () => 'unknown' as const,
    )
    const executed = state === 'absent' ? 'no' : 'maybe'
    if (state === 'running') await host.driver.stop(lease.taskId, lease.fence, stopPlan, 'asked')
    await finish(
      lease,
      {
        status: 'failed',
        executed,
        error: {
          code: error.code,
          kind: 'NOT_STARTED',
          message: error.message,
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        },
      },
      { exitCode: null, signal: null, printed: nothing, kept: nothing, durationMs: 0 },
    )
    void cleanUp(host, lease.taskId)
    return new MaestroError(error.code, error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: { ...error.details, executed, task_id: lease.taskId, recorded: true },
      cause: error,
    })
  }

  async function cleanUp(host: Host, taskId: string): Promise<void> {
    try {
      await host.driver.remove(taskId)
    } catch (error) {
      log.warn({ error, taskId }, 'the run folder of a command was not removed; the next start does it')
    }
  }

  /** The answer within the caller's time. */
  async function settle(ctx: Ctx, live: Live, windowMs: number): Promise<CommandResult> {
    if (windowMs > 0 && (await endsWithin(deps, ctx, live, windowMs)) === 'ended') {
      await live.ended
      return answers.result(undefined, live.taskId)
    }
    // On its own from here on, or ended this very moment.
    await live.started
    if (windowMs > 0) live.host.driver.promote(live.taskId)
    await live.flush()
    return answers.result(undefined, live.taskId, live.printed)
  }

  return {
    ...answers,

    async run(ctx, request) {
      ctx.signal.throwIfAborted()
      const prepared = await prepare(deps, ctx, request, running)
      const windowMs = windowOf(ctx, request.waitS)
      const live = await begin(ctx.actor, prepared, windowMs === 0)
      try {
        return await settle(ctx, live, windowMs)
      } catch (thrown) {
        throw withTask(thrown, live.taskId)
      }
    },

    async wait(ctx, taskId, waitMs) {
      const task = await view.get(ctx.actor, taskId)
      if (isFinal(task.status) || waitMs <= 0) return
      const over = new AbortController()
      const stop = () => over.abort()
      ctx.signal.addEventListener('abort', stop, { once: true })
      using _ = tasks.watch(task.rootId, () => {
        void view.get(ctx.actor, taskId).then(
          ({ status }) => isFinal(status) && over.abort(),
          () => over.abort(),
        )
      })
      try {
        // It may have ended between the look and the watch.
        if (isFinal((await view.get(ctx.actor, taskId)).status)) return
        await clock.sleep(waitMs, over.signal).catch(() => undefined)
      } finally {
        ctx.signal.removeEventListener('abort', stop)
      }
    },

    async cancel(ctx, taskId) {
      await view.get(ctx.actor, taskId)
      await tasks.requestStop(taskId, stopReason(ctx.actor))
    },

    async adopt(lease) {
      const spec = CommandSpec.parse(await lease.spec())
      const { task } = await tasks.details(lease.taskId)
      const durationMs = () => Math.max(0, clock.now() - (task.startedAt ?? task.createdAt))
      const host = hosts.list().find((one) => one.name === spec.host && one.driver.place === lease.place)
      if (host === undefined) {
        // Of a node that is gone: its runner ended everything at the lease's deadline.
        await finish(lease, outcomeOf('lost', spec, null), { ...emptyResult, durationMs: durationMs() })
        return
      }
      const probe = await host.driver.probe(lease.taskId, lease.fence)
      if (probe.state === 'absent') {
        await finish(lease, neverBegan, { ...emptyResult, durationMs: 0 })
      } else {
        const printed: Printed = { stdout: 0, stderr: 0 }
        await followToEnd(host, lease, spec, outputs.write(lease.taskId), printed, durationMs)
      }
      void cleanUp(host, lease.taskId)
    },
  }
}

const nothing = { stdout: 0, stderr: 0 }
const emptyResult = { exitCode: null, signal: null, printed: nothing, kept: nothing } as const

const neverBegan: Pick<Outcome, 'status' | 'executed' | 'error'> = {
  status: 'interrupted',
  executed: 'no',
  error: {
    code: 'unavailable',
    kind: 'LOST',
    message: 'Maestro ended before the command began',
    hint: 'run it again: nothing of it was done',
  },
}

async function finish(
  lease: TaskLease,
  { status, executed, error }: Pick<Outcome, 'status' | 'executed' | 'error'>,
  result: StoredResult,
): Promise<void> {
  await lease.finish({ status, executed, error, usage: null, result })
}

function stopReasonOf(lease: TaskLease): string | null {
  const reason: unknown = lease.stopRequested.reason
  return lease.stopRequested.aborted ? (typeof reason === 'string' ? reason : 'it was asked to stop') : null
}

/** Who sees this knows that there is a task, and does not take silence for "it did not run". */
function withTask(thrown: unknown, taskId: string): MaestroError {
  if (thrown instanceof MaestroError && thrown.details?.['executed'] !== undefined) return thrown
  const error =
    typeof thrown === 'string'
      ? new MaestroError('unavailable', `the command's end is not known here: ${thrown}`)
      : toMaestroError(thrown)
  return new MaestroError(error.code, error.message, {
    hint: error.hint ?? `ask for its task later: ${taskId}`,
    details: { ...error.details, executed: 'maybe', task_id: taskId },
    cause: thrown,
  })
}
