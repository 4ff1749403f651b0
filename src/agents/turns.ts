// Agent turns: records one as a task, starts or finds its process, and turns how it ended into a
// result that the workflow engine can record. States of a turn, as `drive` finds them:
//   absent   nothing has run: prepare, mark `executed: maybe`, start, follow
//   running  a server before us started it: follow
//   ended    it ended while nobody looked: read to the end, conclude
//   lost     its supervisor is gone: interrupted, what it did is not known
// A conversation goes on from a checkpoint, in a root of the turn's own: a failed attempt leaves no trace.

import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  createRedactor,
  joinSecrets,
  MaestroError,
  type Redactor,
  toMaestroError,
  unknownUsage,
} from '#src/core/index.ts'
import type { Executed, Probe, ProcessEnd, TaskLease } from '#src/tasks/index.ts'
import type { AgentAdapter, Checkpoint, LaunchPlan, Outcome, TurnInput } from './adapter.ts'
import { createCheckpoints } from './checkpoints.ts'
import { errorCodeOf, failure, statusOf, type Failure } from './outcomes.ts'
import { judgeWith, unusedGrant } from './grant-use.ts'
import { assertHeld, followTurn } from './turn-follow.ts'
import { failedBy, TurnFailed } from './turn-failure.ts'
import { bareInput, grantFile, readRequest, recallTurn, resolveTurn, rootOf } from './turn-input.ts'
import type { AgentTurns, AgentTurnsDeps, GrantUse, TurnRequest, TurnResult } from './types.ts'

const maxOutputBytes = 256 * 1024 * 1024

export function createAgentTurns(deps: AgentTurnsDeps): AgentTurns {
  const adapters = new Map(deps.adapters.map((adapter) => [adapter.id, adapter]))
  const checkpoints = createCheckpoints(deps.store)
  const { driver } = deps

  function adapterOf(id: string): AgentAdapter {
    const adapter = adapters.get(id)
    if (adapter !== undefined) return adapter
    throw new MaestroError('not_found', `there is no agent "${id}"`, {
      hint: `choose one of ${[...adapters.keys()].join(', ')}`,
    })
  }

  function check(request: TurnRequest): void {
    const adapter = adapterOf(request.agent)
    if (!adapter.capabilities.modes.includes(request.mode)) {
      throw new MaestroError('unsupported', `${adapter.title} has no mode "${request.mode}"`, {
        hint: `choose one of ${adapter.capabilities.modes.join(', ')}`,
      })
    }
    if (request.provider !== null && request.model !== null) adapter.plan(bareInput(request), '/')
  }

  async function drive(turn: TaskLease): Promise<TurnResult> {
    const request = readRequest(await turn.spec())
    let executed: Executed = 'no'
    let redactor = createRedactor(deps.secretValues)
    try {
      const adapter = adapterOf(request.agent)
      if (turn.place !== driver.place) throw outOfReach(turn)
      // Marked before it is started, under the fence: what is not marked was not started by anyone, and by
      // an older owner never will be. Looking at the host would only cost time.
      const isNew = (await deps.tasks.get(turn.taskId)).executed === 'no'
      const probe: Probe = isNew ? { state: 'absent' } : await driver.probe(turn.taskId, turn.fence)
      const binary = await deps.binaries(adapter.id)
      let input: TurnInput
      let plan: LaunchPlan
      if (probe.state === 'absent') {
        input = await resolveTurn(deps, checkpoints, adapter, turn, request)
        plan = await prepare(turn, adapter, input, binary)
        redactor = createRedactor(joinSecrets(plan.secrets, deps.secretValues))
        executed = await start(turn, request, plan)
      } else {
        executed = 'maybe'
        input = await recallTurn(deps, checkpoints, turn.taskId, request)
        plan = adapter.plan(input, binary ?? '/')
        redactor = createRedactor(joinSecrets(plan.secrets, deps.secretValues))
      }
      const interpreter = adapter.interpreter(input)
      const end = await followTurn({ driver, clock: deps.clock, redactor }, turn, input, interpreter, plan.stop)
      if (end !== null) executed = 'yes'
      const outcome = judgeWith(await closeGrant(turn, request), interpreter.conclude(end))
      return await conclude(turn, adapter, input, binary, outcome, end, executed, redactor)
    } catch (thrown) {
      assertHeld(turn)
      if (thrown instanceof TurnFailed && thrown.failure.kind === 'interrupted') executed = await knownExecuted(turn)
      if (!(thrown instanceof TurnFailed)) throw thrown
      const use = await closeGrant(turn, request)
      const said = { text: '', usage: use.usage ?? unknownUsage }
      return failed(turn, thrown.failure, executed, redactor, said)
    }
  }

  /** The turn is over: nothing more is asked in its name. */
  async function closeGrant(turn: TaskLease, request: TurnRequest): Promise<GrantUse> {
    if (adapters.get(request.agent)?.capabilities.needsModel !== true) return unusedGrant
    const use = await deps.grants.close(turn.taskId)
    assertHeld(turn)
    return use
  }

  /** What was recorded before its node was lost: nothing more can be known from here. */
  async function knownExecuted(turn: TaskLease): Promise<Executed> {
    return (await deps.tasks.get(turn.taskId)).executed
  }

  /** Files, then the commands that must succeed before. Nothing of the agent itself runs yet. */
  async function prepare(
    turn: TaskLease,
    adapter: AgentAdapter,
    input: TurnInput,
    binary: string | undefined,
  ): Promise<LaunchPlan> {
    if (binary === undefined) {
      throw new TurnFailed(
        failure('not_installed', `${adapter.title} is not installed on this machine`, {
          hint: `run \`maestro agents install ${adapter.id}\`, then run it again`,
        }),
      )
    }
    try {
      const plan = adapter.plan(input, binary)
      await rm(input.rootDir, { recursive: true, force: true })
      await mkdir(path.join(input.rootDir, 'work'), { recursive: true, mode: 0o700 })
      await chmod(input.rootDir, 0o700)
      if (adapter.capabilities.needsModel) {
        await writeFile(grantFile(input.rootDir), JSON.stringify(input.model), { mode: 0o600 })
      }
      if (plan.withSession === null) return plan
      for (const file of plan.files) {
        await mkdir(path.dirname(file.path), { recursive: true, mode: 0o700 })
        await writeFile(file.path, file.content, { mode: 0o600 })
      }
      return { ...plan, argv: plan.withSession(await runBefore(plan)) }
    } catch (thrown) {
      assertHeld(turn)
      throw failedStart(prepareFailureKind(thrown), thrown)
    }
  }

  /** @returns the last line of the last command. */
  async function runBefore(plan: LaunchPlan): Promise<string> {
    let last = ''
    for (const command of plan.before) {
      const result = await driver.exec(command)
      if (result.exitCode !== 0) {
        throw new MaestroError(
          'corrupt_data',
          `the conversation could not be opened again: ${command.argv.slice(0, 3).join(' ')} ended with ${result.exitCode ?? 'a time-out'}: ${result.stderr.trim().slice(-500)}`,
          { hint: 'run the workflow again from its first step' },
        )
      }
      last = result.stdout.trim().split('\n').at(-1) ?? ''
    }
    return last
  }

  async function start(turn: TaskLease, request: TurnRequest, plan: LaunchPlan): Promise<Executed> {
    assertHeld(turn)
    if (turn.stopRequested.aborted) throw new TurnFailed(failure('cancelled', 'stopped before the agent was started'))
    await turn.setExecuted('maybe')
    try {
      await driver.start({
        id: turn.taskId,
        fence: turn.fence,
        argv: plan.argv,
        env: plan.env,
        cwd: plan.cwd,
        stdin: plan.stdin,
        files: plan.files,
        limits: { wallMs: request.timeoutMs, idleMs: request.idleTimeoutMs, outputBytes: maxOutputBytes },
        stop: plan.stop,
        promoted: true,
      })
      return 'maybe'
    } catch (thrown) {
      assertHeld(turn)
      const { state } = await driver.probe(turn.taskId, turn.fence)
      if (state !== 'absent') return 'maybe'
      await turn.setExecuted('no')
      throw failedStart(startFailureKind(thrown), thrown)
    }
  }

  async function conclude(
    turn: TaskLease,
    adapter: AgentAdapter,
    input: TurnInput,
    binary: string | undefined,
    outcome: Outcome,
    end: ProcessEnd | null,
    executed: Executed,
    redactor: Redactor,
  ): Promise<TurnResult> {
    // A person's wish explains an end by a signal better than anything the agent says about it.
    const asked = end?.stoppedBy === 'asked' && turn.stopRequested.aborted
    if (asked) {
      const cancelled = failure('cancelled', `${adapter.title} was stopped: ${stopReason(turn)}`)
      return failed(turn, cancelled, executed, redactor, outcome)
    }
    if (!outcome.ok) return failed(turn, outcome, executed, redactor, outcome)
    let checkpoint: Checkpoint
    try {
      checkpoint = await adapter.checkpoint(input, binary ?? '/', outcome, (command) => driver.exec(command))
    } catch (thrown) {
      assertHeld(turn)
      const { failure: unsaved } = failedBy('crashed', thrown)
      return failed(
        turn,
        { ...unsaved, message: `the answer came, but ${unsaved.message}` },
        executed,
        redactor,
        outcome,
      )
    }
    return {
      status: 'succeeded',
      executed,
      text: redactor.text(outcome.text),
      usage: outcome.usage,
      error: null,
      retryable: false,
      record: async () => {
        await checkpoints.save(turn.taskId, checkpoint, deps.clock.now())
        await turn.finish({ status: 'succeeded', executed, error: null, usage: outcome.usage })
      },
      cleanUp: () => cleanUp(turn.taskId),
    }
  }

  function failed(
    turn: TaskLease,
    why: Failure,
    executed: Executed,
    redactor: Redactor,
    outcome: Pick<Outcome, 'text' | 'usage'> = { text: '', usage: unknownUsage },
  ): TurnResult {
    const status = statusOf(why.kind)
    const error = {
      code: errorCodeOf[why.kind],
      kind: why.kind,
      message: redactor.text(why.message),
      ...(why.hint === null ? {} : { hint: why.hint }),
    }
    const usage = executed === 'no' ? null : outcome.usage
    return {
      status,
      executed,
      text: redactor.text(outcome.text),
      usage,
      error,
      retryable: why.retryable,
      record: () => turn.finish({ status, executed, error, usage }),
      cleanUp: () => cleanUp(turn.taskId),
    }
  }

  async function cleanUp(turnId: string): Promise<void> {
    const leftovers = await Promise.allSettled([
      driver.remove(turnId),
      rm(rootOf(deps.rootsDir, turnId), { recursive: true, force: true }),
    ])
    for (const left of leftovers) {
      if (left.status === 'rejected') deps.log.warn({ turnId, err: left.reason as unknown }, 'a turn left files behind')
    }
  }

  return {
    check,
    drive,
    create: (run, request) =>
      deps.tasks.createChild(run, {
        kind: 'turn',
        title: titleOf(request),
        startedBy: { kind: 'run', runId: run.rootId },
        place: driver.place,
        spec: request,
      }),
  }
}

/** Its node's lease has run out, so its runner has ended it; whoever holds the turn now cannot look at it. */
function outOfReach(turn: TaskLease): TurnFailed {
  return new TurnFailed(
    failure('interrupted', `the turn ran on ${turn.place ?? 'an unknown place'}, which is gone`, {
      hint: 'start that node again if you need what it wrote there',
    }),
  )
}

/** A full disk is no failure of the turn: it has not begun, and is begun when there is room. */
function failedStart(kind: Failure['kind'], thrown: unknown): Error {
  const error = toMaestroError(thrown)
  return error.code === 'storage_full' ? error : failedBy(kind, thrown)
}

function prepareFailureKind(thrown: unknown): 'auth' | 'bad_usage' | 'session_not_found' | 'crashed' {
  if (!(thrown instanceof MaestroError)) return 'crashed'
  if (thrown.code === 'corrupt_data') return 'session_not_found'
  if (thrown.code === 'not_ready') return 'auth'
  return thrown.code === 'unsupported' ? 'bad_usage' : 'crashed'
}

function startFailureKind(thrown: unknown): 'not_installed' | 'bad_usage' | 'interrupted' | 'crashed' {
  if (!(thrown instanceof MaestroError)) return 'crashed'
  if (thrown.code === 'not_found') return 'not_installed'
  if (thrown.code === 'invalid_input') return 'bad_usage'
  // A higher fence, or this node's lease has passed: not this turn's fault, and nothing was started.
  return thrown.code === 'conflict' || thrown.code === 'not_ready' ? 'interrupted' : 'crashed'
}

function stopReason(turn: TaskLease): string {
  return typeof turn.stopRequested.reason === 'string' ? turn.stopRequested.reason : 'on request'
}

function titleOf(request: TurnRequest): string {
  const firstLine = request.prompt.trim().split('\n', 1)[0] ?? ''
  return firstLine.length > 80 ? `${firstLine.slice(0, 79)}…` : firstLine || 'agent turn'
}
