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
import { isFolder } from '../run-folder.ts'
import { createAnswers, type Answers } from './answers.ts'
import { checkEnvironment } from './environment.ts'
import { followCommand, type Printed } from './follow-command.ts'
import { planLaunch, type Work } from './launch.ts'
import { type Limits, type Outcome, outcomeOf } from './outcome.ts'
import type { OutputStore, OutputWriter } from './output-store.ts'
import { CommandSpec, maxStoredText, type StoredResult } from './spec.ts'

export interface CommandRequest {
  /** The tool that was called: it answers for the task later on, too. */
  readonly tool: string
  /** Default: this machine. */
  readonly host?: string | undefined
  readonly work: Work
  /** Default: the caller's folder, when it is on this machine, else the host's home. */
  readonly cwd?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly stdin?: string | Uint8Array | undefined
  readonly sudo?: boolean | undefined
  readonly timeoutS?: number | undefined
  readonly idleTimeoutS?: number | undefined
  readonly outputLimitMb?: number | undefined
  readonly maxOutputBytes?: number | undefined
  /**
   * How long the answer may wait for the end, before it says `running` and the command goes on by itself. 0: it is on
   * its own from the start. Infinity: for as long as it takes. Default: what the caller's surface allows.
   */
  readonly waitS?: number | undefined
}

export const commandDefaults = { timeoutS: 300, outputLimitMb: 64, maxOutputBytes: 16 * 1024 } as const
/** No answer is waited for longer than this: clients give up on calls after a minute. */
export const maxWaitS = 45

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
/** Each is a handful of processes. */
const maxAtOnce = 200
const progressEveryMs = 5 * SECOND

/** A command in work on this node. */
interface Live {
  readonly taskId: string
  readonly host: Host
  /** The process runs. Rejects when it could not be started. */
  readonly started: Promise<void>
  readonly ended: Promise<void>
  readonly printed: Printed
  /** What was printed so far is readable. */
  flush(): Promise<void>
}

export function createCommands(deps: CommandsDeps): Commands {
  const { tasks, hosts, outputs, clock, log, view } = deps
  const answers = createAnswers(deps)
  let running = 0

  /** Everything that can be refused is refused here, before there is a task. */
  async function prepare(ctx: Ctx, request: CommandRequest) {
    const host = hosts.find(request.host)
    const env = request.env ?? {}
    checkEnvironment(env)
    const base = host.isLocal && ctx.cwd !== undefined ? ctx.cwd : host.defaultCwd
    const cwd = request.cwd === undefined ? base : await host.expand(request.cwd, base)
    if (host.isLocal && !(await isFolder(cwd))) {
      throw new MaestroError('invalid_input', `the working folder ${cwd} does not exist on ${host.name}`, {
        hint: 'make it first, or choose another with cwd',
        issues: [{ path: 'cwd', message: 'is no folder' }],
        details: { executed: 'no' },
      })
    }
    if (running >= maxAtOnce) {
      throw new MaestroError('limit_exceeded', `${running} commands run at once, as many as may`, {
        hint: 'wait for some to end, or cancel some',
        details: { kind: 'CAPACITY', executed: 'no' },
      })
    }
    const { work, timeoutS = commandDefaults.timeoutS } = request
    const text = deps.redactor.text(work.kind === 'command' ? work.command : work.script)
    const spec: CommandSpec = {
      tool: request.tool,
      host: host.name,
      command: text.slice(0, maxStoredText).toWellFormed(),
      interpreter: work.kind === 'script' ? work.interpreter : null,
      cwd,
      timeoutS,
      idleTimeoutS: request.idleTimeoutS ?? null,
      outputLimitMb: request.outputLimitMb ?? commandDefaults.outputLimitMb,
      maxOutputBytes: request.maxOutputBytes ?? commandDefaults.maxOutputBytes,
    }
    // Once for its checks, which know no task: what no process can be given is refused before it is recorded.
    const plan = (taskId: string) => planLaunch(host, taskId, work, { env, sudo: request.sudo ?? false })
    plan('command_check')
    return { host, spec, plan, stdin: request.stdin ?? '', title: titleOf(text) }
  }

  type Prepared = Awaited<ReturnType<typeof prepare>>

  /** Records the task, then starts the process. Returns once the task is recorded. */
  async function begin(actor: Actor, prepared: Prepared, isPromoted: boolean): Promise<Live> {
    const { host, spec, plan, stdin, title } = prepared
    const started = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const printed: Printed = { stdout: 0, stderr: 0 }
    let writer: OutputWriter | undefined
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
    if (windowMs > 0 && (await endsWithin(ctx, live, windowMs)) === 'ended') {
      await live.ended
      return answers.result(undefined, live.taskId)
    }
    // On its own from here on, or ended this very moment.
    await live.started
    if (windowMs > 0) live.host.driver.promote(live.taskId)
    await live.flush()
    return answers.result(undefined, live.taskId, live.printed)
  }

  /** @throws `cancelled` when the caller goes away first: then the command is asked to stop. */
  async function endsWithin(ctx: Ctx, live: Live, windowMs: number): Promise<'ended' | 'running'> {
    const over = new AbortController()
    const gone = Promise.withResolvers<'gone'>()
    const onGone = () => gone.resolve('gone')
    ctx.signal.addEventListener('abort', onGone, { once: true })
    if (ctx.signal.aborted) onGone()
    const waits: Promise<'ended' | 'running' | 'gone'>[] = [live.ended.then(() => 'ended' as const), gone.promise]
    if (Number.isFinite(windowMs)) waits.push(clock.sleep(windowMs, over.signal).then(() => 'running' as const))
    // A wait that was not needed any more.
    for (const one of waits) one.catch(() => undefined)
    void tellProgress(ctx, live, over.signal)
    try {
      const first = await Promise.race(waits)
      if (first !== 'gone') return first
      await tasks.requestStop(live.taskId, 'the caller went away')
      throw new MaestroError('cancelled', 'the caller went away; the command was asked to stop', {
        cause: ctx.signal.reason,
        details: { executed: 'yes', task_id: live.taskId },
      })
    } finally {
      over.abort()
      ctx.signal.removeEventListener('abort', onGone)
    }
  }

  async function tellProgress(ctx: Ctx, live: Live, over: AbortSignal): Promise<void> {
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

  return {
    ...answers,

    async run(ctx, request) {
      ctx.signal.throwIfAborted()
      const prepared = await prepare(ctx, request)
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

function limitsOf(limits: Limits) {
  const wallMs = Math.ceil(limits.timeoutS * SECOND)
  return {
    wallMs,
    // The runner knows no command without this limit; at the length of the other it never fires first.
    idleMs: limits.idleTimeoutS === null ? wallMs + SECOND : Math.ceil(limits.idleTimeoutS * SECOND),
    outputBytes: limits.outputLimitMb * 1024 * 1024,
  }
}

/** What the caller asked for, else what its surface allows; without either, until the end. */
function windowOf(ctx: Ctx, waitS: number | undefined): number {
  if (waitS === undefined) return ctx.inlineMs ?? Number.POSITIVE_INFINITY
  return waitS === Number.POSITIVE_INFINITY ? waitS : Math.min(waitS, maxWaitS) * SECOND
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

/** The first line that says something, for lists. */
function titleOf(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '' && !one.startsWith('#!')) ?? ''
  return line.trim().slice(0, 200).toWellFormed() || '(empty)'
}
