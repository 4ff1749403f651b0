// The shapes of the agents room: what a turn is asked with and answers (the port that workflows
// declare; app connects the two), and what the room needs from outside.

import type { AgentMode, Clock, Log, Usage } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Driver, Task, TaskError, TaskLease, Tasks } from '#src/tasks/index.ts'
import type { AgentAdapter, McpServerLaunch, ModelAccess } from './adapter.ts'

/** A turn, with names only: keys, binaries and folders are resolved when it starts. */
export interface TurnRequest {
  readonly agent: string
  readonly provider: string | null
  readonly model: string | null
  readonly prompt: string
  readonly mode: AgentMode
  /** Absolute. Null: an empty folder that goes with the turn. */
  readonly workingDir: string | null
  readonly mcpServerIds: readonly string[]
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly maxTurns: number
  /** The run it belongs to, whose money and tokens it uses. */
  readonly runId: string
  /** Of the whole run, not of this turn. Null: no limit of its own. */
  readonly budget: { readonly maxCostUsd: number | null; readonly maxTokens: number | null }
  readonly conversationId: string
  readonly continueFrom: string | null
}

export interface TurnResult {
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'timed_out' | 'budget_exceeded' | 'interrupted'
  readonly executed: 'no' | 'maybe' | 'yes'
  readonly text: string
  readonly usage: Usage | null
  readonly error: TaskError | null
  readonly retryable: boolean
  /** In the caller's transaction: ends the turn's task and stores the conversation's checkpoint with it. */
  record(): Promise<void>
  /** After it: removes the run folder and the conversation's root. Never throws. */
  cleanUp(): Promise<void>
}

export interface AgentTurns {
  /** @throws `not_found` for an unknown agent, `unsupported` for a mode or provider it cannot do. */
  check(request: TurnRequest): void
  /** Records the turn's task as a child of the run, in the caller's transaction. Starts nothing. */
  create(run: TaskLease, request: TurnRequest): Promise<TaskLease>
  /**
   * Starts the turn, or finds it (running, ended, lost), and follows it to its end.
   * Never throws for what an agent does. Throws only when the lease is lost (the process is left
   * alone, for whoever holds it now) or the database is gone.
   */
  drive(turn: TaskLease): Promise<TurnResult>
}

/** What a turn is given so that its agent may call its model: the gateway's business, `app` joins them. */
export interface Grants {
  /**
   * Before the agent starts. Asked again for the same turn, the newest grant counts.
   * @throws `not_ready` with a hint when the provider's key is missing; `limit_exceeded` when the budget is used up
   */
  open(request: GrantRequest): Promise<ModelAccess>
  /** After it has ended. Ends what of its calls is under way. May be asked again: says the same. */
  close(turnId: string): Promise<GrantUse>
}

export interface GrantRequest {
  readonly turnId: string
  readonly runId: string
  readonly provider: string
  readonly model: string
  /** The adapter's `unaskedTools`. */
  readonly withheldTools: readonly string[]
  readonly budget: TurnRequest['budget']
  /** When it ends by itself, whatever becomes of the turn. */
  readonly untilMs: number
}

export interface GrantUse {
  readonly calls: number
  /** Null: no call was seen, so the agent's own figures are all there is. */
  readonly usage: Usage | null
  /** A call was refused because a budget had been reached. */
  readonly refusal: { readonly message: string; readonly hint: string } | null
  /** Models could not be reached for a part of the turn because Maestro was away, and none has answered since. */
  readonly wasCutOff: boolean
}

export interface ServerProblem {
  readonly message: string
  readonly hint: string | null
  /** It may well be gone in a moment: a network, not a configuration. */
  readonly retryable: boolean
}

export interface AgentTurnsDeps {
  readonly tasks: Pick<Tasks, 'createChild'> & { get(id: string): Promise<Pick<Task, 'executed'>> }
  readonly driver: Driver
  readonly store: Pick<Store, 'db' | 'secrets'>
  readonly adapters: readonly AgentAdapter[]
  /** Absolute path of an agent's program; undefined when it is not installed. */
  readonly binaries: (agentId: string) => Promise<string | undefined>
  readonly grants: Grants
  /** @throws `not_found` for an id that is not configured. */
  readonly mcpServers: (ids: readonly string[]) => Promise<readonly McpServerLaunch[]>
  /**
   * Before a turn starts: what is wrong with each server, null for one that can be used. No process is left.
   * @throws `cancelled` when `signal` is aborted
   */
  readonly checkServers: (
    servers: readonly McpServerLaunch[],
    signal: AbortSignal,
  ) => Promise<readonly (ServerProblem | null)[]>
  /** What must not be seen besides a turn's own secrets. Cheap; a new array means that they changed. */
  readonly secretValues: () => readonly string[]
  /** Absolute, private (0700): one folder a turn is made below it. */
  readonly rootsDir: string
  readonly clock: Clock
  readonly log: Log
}
