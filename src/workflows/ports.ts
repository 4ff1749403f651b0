// What workflows need from outside; `app` fills these in. Workflows know no agent, provider or host.

import type { TaskError } from '../tasks/contract.ts'
import type { TaskLease } from '#src/tasks/index.ts'
import type { AgentMode, Usage } from '../core/contract.ts'
import type { ServerEntry } from './transfer/server-entry.ts'

/** A turn, with names only: the agents room resolves keys, binaries and folders when it starts. */
export interface TurnRequest {
  readonly agent: string
  readonly provider: string | null
  readonly model: string | null
  readonly prompt: string
  readonly mode: AgentMode
  readonly workingDir: string | null
  readonly mcpServerIds: readonly string[]
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly maxTurns: number
  /** The run it belongs to, whose money and tokens it uses. */
  readonly runId: string
  /** Of the whole run, not of this turn. Null: no limit of its own. */
  readonly budget: { readonly maxCostUsd: number | null; readonly maxTokens: number | null }
  /** Names the conversation: turns of one conversation never run at once. */
  readonly conversationId: string
  /** The turn whose checkpoint this one continues from; null starts a conversation. */
  readonly continueFrom: string | null
}

export interface TurnResult {
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'timed_out' | 'budget_exceeded' | 'interrupted'
  readonly executed: 'no' | 'maybe' | 'yes'
  readonly text: string
  readonly usage: Usage | null
  readonly error: TaskError | null
  readonly retryable: boolean
  /**
   * Call inside the transaction that records the step: ends the turn's task and stores the
   * conversation's checkpoint with it.
   */
  record(): Promise<void>
  /** After that transaction: removes the raw spool. Losing this call costs disk, never truth. */
  cleanUp(): Promise<void>
}

export interface AgentTurns {
  /** @throws `not_found` for an unknown agent, `unsupported` for a mode or provider it cannot do. */
  check(request: TurnRequest): void
  /** Inside the engine's transaction: records the turn's task as a child of the run. Starts nothing. */
  create(run: TaskLease, request: TurnRequest): Promise<TaskLease>
  /**
   * Starts the turn, or finds it (running, ended, lost) and follows it to its end. The same call for a
   * first start and for recovery. Never throws for what an agent does: that is in the result.
   */
  drive(turn: TaskLease): Promise<TurnResult>
}

export interface ModelChoice {
  readonly provider: string
  readonly model: string
}

export interface Models {
  /** The model and provider a step gets when it names none; null when none is configured. */
  defaults(): Promise<ModelChoice | null>
  /** What a step gets whose workflow names no fallbacks either, in order. */
  fallbacks(): Promise<readonly ModelChoice[]>
  /** Models that somebody listed, and who serves them. */
  list(): Promise<{
    /** `price`: null when nobody has entered one. */
    readonly items: readonly { readonly provider: string; readonly id: string; readonly price: object | null }[]
    readonly providers: readonly {
      readonly id: string
      /** The wire it speaks. */
      readonly api: string
      readonly keyName: string | null
      readonly keySet: boolean
    }[]
  }>
  /** Lists a model. @throws `invalid_input` */
  add(provider: string, id: string): Promise<unknown>
}

export interface McpServers {
  list(): Promise<readonly { readonly id: string; readonly name: string }[]>
  /** For a bundle, in the order of `ids`; without any secret's value. @throws `not_found` */
  exportServers(ids: readonly string[]): Promise<readonly ServerEntry[]>
  /**
   * Takes servers over: one that is here and the same stays, one whose id another has becomes a copy.
   * @throws `invalid_input` for what cannot be a server; a dry run throws the same and writes nothing
   */
  importServers(
    entries: readonly ServerEntry[],
    options: { readonly dryRun: boolean },
  ): Promise<
    readonly {
      readonly sourceId: string
      readonly id: string
      readonly name: string
      readonly action: 'create' | 'same' | 'copy'
    }[]
  >
}

/** What can be said of an agent without starting it. */
export interface Agents {
  list(): Promise<
    readonly {
      readonly id: string
      readonly title: string
      readonly installed: boolean
      readonly modes: readonly AgentMode[]
      readonly needsModel: boolean
    }[]
  >
}
