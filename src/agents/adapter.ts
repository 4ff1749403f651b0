// The port every agent CLI fills. An adapter translates and reports: a pure launch plan, events from
// output, an outcome from evidence. It owns no policy and starts nothing itself.

import type { AgentMode, Usage } from '../core/contract.ts'
import type { TaskEventBody } from '../tasks/contract.ts'
import type { ProcessEnd, ShortCommand, ShortResult, StopPlan } from '#src/tasks/index.ts'
import type { OutcomeKind } from './contract.ts'

interface ServerLaunch {
  readonly name: string
  /** A required server that does not start fails the turn. */
  readonly required: boolean
  /** How long it may take to start and answer. */
  readonly startTimeoutMs: number
  /** Values in it that must not be seen. */
  readonly secrets: readonly string[]
  /** Rows whose secret has no value: it cannot be started. */
  readonly missing: readonly string[]
}

export interface StdioServerLaunch extends ServerLaunch {
  readonly transport: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A streamable HTTP endpoint; the headers go with every request. */
export interface HttpServerLaunch extends ServerLaunch {
  readonly transport: 'http'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export type McpServerLaunch = StdioServerLaunch | HttpServerLaunch

/** The wires that a model is spoken to on. */
export type ProviderApi = 'openrouter' | 'openai' | 'anthropic' | 'google' | 'ollama'

/**
 * Which model, where, and with which key. The address is the gateway's and the key a token for this turn: they
 * never leave `files` of the plan. An agent that sends no key on a wire puts it into the path of the address,
 * `<origin>/t/<key>`.
 */
export interface ModelAccess {
  /** As a person knows it: built in or added. */
  readonly provider: string
  readonly api: ProviderApi
  readonly model: string
  readonly baseUrl: string | null
  readonly apiKey: string | null
}

/** What one turn needs, resolved: no names left to look up. */
export interface TurnInput {
  /** The turn's task id. */
  readonly id: string
  readonly prompt: string
  readonly model: ModelAccess | null
  readonly mode: AgentMode
  /** Absolute. */
  readonly cwd: string
  readonly mcpServers: readonly McpServerLaunch[]
  readonly maxTurns: number
  readonly systemPrompt: string | null
  /** What the adapter's `checkpoint` returned for the turn before, or null for a new conversation. */
  readonly checkpoint: Checkpoint | null
  /** Private to this turn's conversation: the adapter's home, config and sessions go below it. */
  readonly rootDir: string
}

/** Where a conversation stood after a turn: enough to go on from it, on any node. */
export interface Checkpoint {
  readonly adapter: string
  readonly sessionId: string
  /** Usage of the whole conversation so far, for CLIs that report cumulative figures. */
  readonly cumulative: Usage
  /** The adapter's own serialised conversation. */
  readonly data: string
}

export interface LaunchPlan {
  readonly argv: readonly [string, ...string[]]
  /** The whole environment: an allow-list built from nothing. No secrets. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly stdin: string
  readonly files: readonly { readonly path: string; readonly content: string }[]
  /**
   * Commands that must succeed, in order, before the process starts (Goose: `session import`). The
   * last line of the last one's stdout is passed to `withSession`, whose argv then replaces this one.
   */
  readonly before: readonly ShortCommand[]
  readonly withSession: ((output: string) => readonly [string, ...string[]]) | null
  readonly stop: StopPlan
  /** Secret values in `files`, for the redactor. */
  readonly secrets: readonly string[]
}

/** Turns output into events. Incremental, deterministic, never throws on odd input, bounds every field. */
export interface Interpreter {
  /** One whole line of stdout, without its line break. */
  out(line: string): TaskEventBody[]
  /** One whole line of stderr. */
  err(line: string): TaskEventBody[]
  /** Everything was read. `end` is null when the process was lost. */
  conclude(end: ProcessEnd | null): Outcome
}

export type Outcome =
  | {
      readonly ok: true
      readonly text: string
      readonly usage: Usage
      readonly cumulative: Usage
      readonly warnings: readonly string[]
    }
  | {
      readonly ok: false
      readonly kind: OutcomeKind
      readonly message: string
      readonly hint: string | null
      readonly httpStatus: number | null
      readonly retryable: boolean
      /** What was said before it failed. */
      readonly text: string
      readonly usage: Usage
      readonly cumulative: Usage
    }

export interface AgentProbe {
  readonly installed: boolean
  readonly path: string | null
  readonly version: string | null
  readonly supported: boolean
  /** Why it is not ready, or what to do; empty when all is well. */
  readonly problems: readonly { readonly message: string; readonly hint: string }[]
}

export interface AgentAdapter {
  readonly id: string
  readonly title: string
  /** Tools that its program offers the model by itself, whatever a step asks for: the gateway takes them out of its calls. */
  readonly unaskedTools?: readonly string[]
  readonly capabilities: {
    /** Needs `TurnInput.model`. */
    readonly needsModel: boolean
    readonly usageIsCumulative: boolean
    readonly reportsCost: boolean
    readonly modes: readonly AgentMode[]
    readonly mcp: boolean
  }
  /** Cheap (<= 2 s), no model call. */
  probe(exec: Exec): Promise<AgentProbe>
  /** Pure. `binary` is the absolute path that `probe` found. @throws `unsupported` | `not_ready` */
  plan(input: TurnInput, binary: string): LaunchPlan
  interpreter(input: TurnInput): Interpreter
  /** After a successful turn: reads the conversation out of its root. Runs short commands only. */
  checkpoint(input: TurnInput, binary: string, outcome: Outcome, exec: Exec): Promise<Checkpoint>
}

/** Short helper commands where the turn runs. */
export type Exec = (command: ShortCommand) => Promise<ShortResult>
