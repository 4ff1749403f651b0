// The engine of one run: its steps in order, each as one or more turns of an agent, until a result is
// recorded. Everything it knows stands in the database, so any node can go on from any point; every
// write proves the run's lease in the same transaction.

import { addUsage, type Clock, type Log, MaestroError, SECOND, toMaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import {
  type Executed,
  type FinalStatus,
  isFinal,
  type TaskError,
  type TaskLease,
  type Tasks,
} from '#src/tasks/index.ts'
import type { Workflow } from './contract.ts'
import { decideAfter, type EndedAttempt } from './decide.ts'
import type { AgentTurns, Models, TurnRequest, TurnResult } from './ports.ts'
import { prepareNext, type RecordNext } from './follow-up.ts'
import { planRun } from './plan-run.ts'
import type { AttemptRecord, Conversation, RunRecord, RunsRepo, StepRecord } from './repo.ts'
import { modelAt, type SnapshotStep } from './snapshot.ts'

export interface EngineDeps {
  readonly store: Store
  readonly tasks: Tasks
  readonly repo: RunsRepo
  readonly turns: AgentTurns
  /** For the run that this one's success starts. */
  readonly models: Pick<Models, 'defaults' | 'fallbacks'>
  readonly definitions: { find(id: string): Promise<Workflow | undefined> }
  readonly clock: Clock
  readonly log: Log
  /** Wait before the first retry of a failed turn; doubles with each. */
  readonly backoffMs?: number
}

const roomCheckMs = 2 * SECOND

/** How a step left the engine: recorded (go on), ended badly (the run ends so), or parked. */
type StepEnd =
  | { readonly kind: 'done'; readonly turnId: string; readonly agent: string }
  | { readonly kind: 'ended'; readonly status: Exclude<FinalStatus, 'succeeded'>; readonly error: TaskError | null }
  | { readonly kind: 'parked' }

export function createEngine(deps: EngineDeps): (lease: TaskLease) => Promise<void> {
  const { store, tasks, repo, turns, clock } = deps
  const backoffMs = deps.backoffMs ?? 2 * SECOND

  /** The worker of run tasks. Returns when the run has ended, is parked, or is no longer ours. */
  return async function workOn(lease) {
    try {
      const run = await repo.getRun(lease.taskId)
      const steps = await repo.steps(run.runId)
      // A parked run is claimed again only because somebody said to go on.
      if (steps.some((step) => step.status === 'waiting')) await repo.markResumed(run.runId, clock.now())
      using deadline = await watchDeadline(lease, run)
      let last: Conversation | undefined = run.continueFrom ?? undefined
      for (const step of steps) {
        const end = await runStep(lease, run, step, last, deadline)
        if (end.kind === 'parked') return
        if (end.kind === 'ended') {
          await finish(lease, run, end.status, runError(run, step.index, end), { index: step.index, ...end })
          return
        }
        last = end
      }
      await finish(lease, run, 'succeeded', null, undefined, await nextOf(run, last))
    } catch (error) {
      // Not ours any more: whoever holds it now goes on from the same rows.
      if (lease.lost.aborted) return
      // No room on the disk, no database: nothing is wrong with the run. Left as it stands, it is claimed
      // again by a later sweep, and its agent, which may be at work, is found again.
      if (willPass(error)) throw error
      await giveUp(lease, error)
    }
  }

  /** What is started when this run has succeeded; recorded with its end. */
  async function nextOf(run: RunRecord, last: Conversation | undefined): Promise<RecordNext | undefined> {
    const { definitions } = deps
    return prepareNext({ tasks, repo, definitions, plan: (workflow) => planRun(deps, workflow) }, run, last)
  }

  async function runStep(
    lease: TaskLease,
    run: RunRecord,
    step: StepRecord,
    before: Conversation | undefined,
    deadline: Deadline,
  ): Promise<StepEnd> {
    const plan = run.snapshot.steps[step.index]
    if (plan === undefined) throw new MaestroError('corrupt_data', `run "${run.runId}" has no step ${step.index + 1}`)
    if (step.status === 'succeeded' && step.turnId !== null) {
      return { kind: 'done', turnId: step.turnId, agent: plan.agent }
    }
    const attempts = (await repo.attempts(run.runId)).filter((attempt) => attempt.index === step.index)
    const ended = await endedAttempts(attempts)
    // A parked step is claimed again only because somebody said to go on.
    let allowed = step.status === 'waiting'
    let open = attempts.length > ended.length ? attempts.at(-1) : undefined
    if (step.startedAt === null) await announce(lease, run, step.index, plan)

    for (;;) {
      let turn: TaskLease | undefined
      if (open === undefined) {
        const decision = decideAfter(plan, ended, allowed, backoffMs)
        if (lease.stopRequested.aborted) return { kind: 'ended', status: 'cancelled', error: null }
        if (deadline.passed) return { kind: 'ended', status: 'timed_out', error: deadline.error }
        if (decision.do === 'end') {
          return { kind: 'ended', status: decision.status, error: ended.at(-1)?.error ?? null }
        }
        if (decision.do === 'ask') {
          await store.tx(async () => {
            await repo.updateStep(run.runId, step.index, { status: 'waiting' })
            await lease.park(`step ${step.index + 1}: ${decision.reason}`, decision.hint)
          })
          return { kind: 'parked' }
        }
        if (decision.afterMs > 0 && !(await pause(decision.afterMs, lease, deadline))) continue
        if (ended.at(-1)?.error?.code === 'storage_full' && !(await untilRoom(lease, deadline))) continue
        if (lease.lost.aborted) throw new MaestroError('cancelled', 'the run is no longer held here')
        const { modelIndex } = decision
        const attempt = { index: step.index, number: attempts.length + 1, retryable: false, modelIndex }
        turn = await startAttempt(lease, run, plan, attempt, decision.reason, before)
        attempts.push({ ...attempt, ...modelOf(plan, modelIndex), turnId: turn.taskId })
        allowed = false
      } else {
        turn = await tasks.adoptChild(lease, open.turnId)
        open = undefined
        if (turn === undefined) {
          ended.splice(0, ended.length, ...(await endedAttempts(attempts)))
          continue
        }
      }

      using _ = deadline.stops(turn.taskId)
      const result = await turns.drive(turn)
      const outcome = result.status === 'cancelled' && deadline.passed ? timedOut(result, deadline.error) : result
      const done = await record(lease, run, step.index, turn.taskId, attempts.length, outcome)
      // The next step need not wait for it; losing it costs disk until the next start.
      void outcome.cleanUp().catch((error: unknown) => deps.log.warn({ error }, 'could not clean up after a turn'))
      if (done !== undefined) return { kind: 'done', turnId: done, agent: plan.agent }
      ended.push(toEnded(outcome, attempts.at(-1)?.modelIndex ?? 0))
    }
  }

  async function announce(lease: TaskLease, run: RunRecord, index: number, plan: SnapshotStep): Promise<void> {
    await store.tx(async () => {
      await lease.append([
        {
          type: 'step.started',
          index,
          stepId: plan.stepId,
          title: plan.title,
          prompt: plan.prompt,
          agent: plan.agent,
          model: plan.model,
        },
      ])
      await repo.updateStep(run.runId, index, { status: 'running', startedAt: clock.now() })
    })
  }

  async function startAttempt(
    lease: TaskLease,
    run: RunRecord,
    plan: SnapshotStep,
    attempt: Omit<AttemptRecord, 'turnId' | 'provider' | 'model'>,
    reason: string,
    before: Conversation | undefined,
  ): Promise<TaskLease> {
    const { index, number } = attempt
    const { maxCostUsd, maxTokens } = run.snapshot
    const model = modelOf(plan, attempt.modelIndex)
    const goesOn = plan.session === 'shared' && before?.agent === plan.agent
    const request: TurnRequest = {
      agent: plan.agent,
      ...model,
      prompt: plan.prompt,
      mode: plan.mode,
      workingDir: run.snapshot.workingDir,
      mcpServerIds: plan.mcpServerIds,
      timeoutMs: plan.timeoutMs,
      idleTimeoutMs: plan.idleTimeoutMs,
      maxTurns: plan.maxTurns,
      runId: run.runId,
      budget: { maxCostUsd, maxTokens },
      conversationId: run.runId,
      // Agents do not read each other's conversations: another agent starts its own.
      continueFrom: goesOn ? before.turnId : null,
    }
    return store.tx(async () => {
      const turn = await turns.create(lease, request)
      await repo.insertAttempt(run.runId, { ...attempt, ...model, turnId: turn.taskId })
      await repo.updateStep(run.runId, index, { status: 'running' })
      await lease.append([{ type: 'attempt.started', index, attempt: number, turnId: turn.taskId, reason }])
      return turn
    })
  }

  /** One transaction: the turn's end and checkpoint, the attempt, and the step when it succeeded. */
  async function record(
    lease: TaskLease,
    run: RunRecord,
    index: number,
    turnId: string,
    number: number,
    result: TurnResult,
  ): Promise<string | undefined> {
    const succeeded = result.status === 'succeeded'
    await store.tx(async () => {
      await result.record()
      if (result.retryable) await repo.markRetryable(run.runId, turnId)
      const usage = await stepUsage(run.runId, index, result)
      await repo.updateStep(run.runId, index, {
        output: succeeded || result.text !== '' ? result.text : null,
        error: result.error,
        usage,
        ...(succeeded ? { status: 'succeeded' as const, turnId, endedAt: clock.now() } : {}),
      })
      await lease.append([
        { type: 'attempt.ended', index, attempt: number, turnId, status: result.status, error: result.error },
        ...(succeeded ? [{ type: 'step.ended' as const, index, status: 'succeeded', usage }] : []),
      ])
    })
    return succeeded ? turnId : undefined
  }

  /** Failed attempts cost money too. */
  async function stepUsage(runId: string, index: number, result: TurnResult) {
    const step = (await repo.steps(runId))[index]
    return addUsage(step?.usage ?? null, result.usage)
  }

  /**
   * One transaction: the step that ended the run, the steps never reached, the run that follows, the run's end.
   * Apart, a crash in between would end the step or start the next run a second time.
   */
  async function finish(
    lease: TaskLease,
    run: RunRecord,
    status: FinalStatus,
    error: TaskError | null,
    endedStep?: { index: number; status: Exclude<FinalStatus, 'succeeded'>; error: TaskError | null },
    recordNext?: RecordNext,
  ) {
    await store.tx(async () => {
      const steps = await repo.steps(run.runId)
      if (endedStep !== undefined) {
        const { index, status: stepStatus, error: stepError } = endedStep
        await lease.append([{ type: 'step.ended', index, status: stepStatus, usage: steps[index]?.usage ?? null }])
        await repo.updateStep(run.runId, index, { status: stepStatus, error: stepError, endedAt: clock.now() })
      }
      for (const step of steps) {
        if (step.status !== 'pending' || step.index === endedStep?.index) continue
        await repo.updateStep(run.runId, step.index, { status: 'skipped' })
      }
      if (recordNext !== undefined) await lease.append([await recordNext()])
      const usage = steps.map((step) => step.usage).reduce(addUsage, null)
      const executed = status === 'succeeded' ? 'yes' : await executedOf(run.runId)
      await lease.finish({ status, executed, error, usage })
    })
  }

  /** Has anything of the run been carried out? What its turns say: a step that began may have started no agent. */
  async function executedOf(runId: string): Promise<Executed> {
    let found: Executed = 'no'
    for (const { turnId } of await repo.attempts(runId)) {
      const { executed } = await tasks.get(turnId)
      if (executed === 'yes') return 'yes'
      if (executed === 'maybe') found = 'maybe'
    }
    return found
  }

  async function endedAttempts(attempts: readonly AttemptRecord[]): Promise<EndedAttempt[]> {
    const ended: EndedAttempt[] = []
    for (const attempt of attempts) {
      const task = await tasks.get(attempt.turnId)
      if (!isFinal(task.status) || task.status === 'succeeded') continue
      ended.push({
        status: task.status as EndedAttempt['status'],
        executed: task.executed,
        retryable: attempt.retryable,
        error: task.error,
        modelIndex: attempt.modelIndex,
      })
    }
    return ended
  }

  /** @returns false when it ended early (stop, deadline or loss): the caller looks again. */
  async function pause(ms: number, lease: TaskLease, deadline: Deadline): Promise<boolean> {
    const early = AbortSignal.any([lease.lost, lease.stopRequested, deadline.signal])
    return clock.sleep(ms, early).then(
      () => true,
      () => {
        if (lease.lost.aborted) throw new MaestroError('cancelled', 'the run is no longer held here')
        return false
      },
    )
  }

  /** What a full disk cut off would be cut off again: not before the reserve is free. As `pause`. */
  async function untilRoom(lease: TaskLease, deadline: Deadline): Promise<boolean> {
    for (;;) {
      const { freeBytes, reserveBytes } = await store.health()
      if (freeBytes >= reserveBytes) return true
      if (!(await pause(roomCheckMs, lease, deadline))) return false
    }
  }

  /** An engine fault, not an agent's: the run ends with it rather than hang, and it is logged in full. */
  async function giveUp(lease: TaskLease, thrown: unknown): Promise<void> {
    deps.log.error({ error: thrown, runId: lease.taskId }, 'the engine could not go on with a run')
    const known = thrown instanceof MaestroError ? thrown : undefined
    const error: TaskError = {
      code: known?.code ?? 'internal',
      kind: 'engine',
      message: known?.message ?? 'Maestro itself failed while it worked on this run; the log has the details',
      hint: known?.hint ?? 'run it again; when it fails again, look at: maestro doctor',
    }
    await lease.finish({ status: 'failed', executed: 'maybe', error, usage: null }).catch((failure: unknown) => {
      deps.log.error({ error: failure, runId: lease.taskId }, 'could not record the end of a run')
    })
  }

  async function watchDeadline(lease: TaskLease, run: RunRecord): Promise<Deadline> {
    const task = await tasks.get(lease.taskId)
    const countsFrom = (await repo.resumedAt(run.runId)) ?? task.startedAt ?? clock.now()
    const leftMs = countsFrom + run.snapshot.runTimeoutMs - clock.now()
    return createDeadline(leftMs, run.snapshot.runTimeoutMs, clock, async (turnId) => {
      await tasks.requestStop(turnId, 'the run reached its time limit')
    })
  }
}

const willPass = (error: unknown): boolean => {
  const { code } = toMaestroError(error)
  return code === 'storage_full' || code === 'unavailable'
}

interface Deadline extends Disposable {
  readonly passed: boolean
  readonly signal: AbortSignal
  readonly error: TaskError
  /** While held, passing the deadline stops this turn. */
  stops(turnId: string): Disposable
}

function createDeadline(
  leftMs: number,
  limitMs: number,
  clock: Clock,
  stop: (turnId: string) => Promise<void>,
): Deadline {
  const passed = new AbortController()
  const over = new AbortController()
  let turnId: string | undefined
  const pass = () => {
    passed.abort('the run reached its time limit')
    if (turnId !== undefined) void stop(turnId).catch(() => undefined)
  }
  if (leftMs <= 0) pass()
  else void clock.sleep(leftMs, over.signal).then(pass, () => undefined)
  return {
    get passed() {
      return passed.signal.aborted
    },
    signal: passed.signal,
    error: {
      code: 'timed_out',
      kind: 'run_timeout',
      message: `the run took longer than its limit of ${Math.round(limitMs / SECOND)} s`,
      hint: 'raise the run time limit of the workflow, or split it',
    },
    stops(id) {
      turnId = id
      if (passed.signal.aborted) void stop(id).catch(() => undefined)
      return {
        [Symbol.dispose]() {
          turnId = undefined
        },
      }
    },
    [Symbol.dispose]: () => over.abort(),
  }
}

function timedOut(result: TurnResult, error: TaskError): TurnResult {
  return {
    ...result,
    status: 'timed_out',
    error,
    record: () => result.record(),
    cleanUp: () => result.cleanUp(),
  }
}

function toEnded(result: TurnResult, modelIndex: number): EndedAttempt {
  return {
    status: result.status === 'succeeded' ? 'failed' : result.status,
    executed: result.executed,
    retryable: result.retryable,
    error: result.error,
    modelIndex,
  }
}

function modelOf(plan: SnapshotStep, modelIndex: number): { provider: string | null; model: string | null } {
  const { provider, model } = modelAt(plan, modelIndex)
  return { provider, model }
}

function runError(run: RunRecord, index: number, end: { status: FinalStatus; error: TaskError | null }) {
  if (end.error === null) return null
  const title = run.snapshot.steps[index]?.title ?? ''
  return { ...end.error, message: `step ${index + 1} "${title}": ${end.error.message}` }
}
