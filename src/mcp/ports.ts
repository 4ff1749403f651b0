// What the mcp room needs from outside and gives to the surfaces that carry it; `app` joins them.

import type { Duplex } from 'node:stream'
import type { Actor, AnyTool, Ctx, Ids, Log, McpProfile } from '#src/core/index.ts'
import type { Approval } from '#src/calls/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import type { McpAdditions } from './peer.ts'

export interface McpDeps {
  readonly tools: readonly AnyTool[]
  readonly version: string
  readonly log: Log
  /** The one way a tool is called. */
  call(ctx: Ctx, toolName: string, input: unknown): Promise<unknown>
  /** Long work, as this caller may see it: `not_found` for what is somebody else's. */
  readonly tasks: {
    get(actor: Actor, taskId: string): Promise<Task>
    /** The answer the tool gives now for the task, in its own output schema. */
    result(ctx: Ctx, taskId: string): Promise<{ readonly tool: string; readonly output: unknown }>
    cancel(ctx: Ctx, taskId: string): Promise<void>
    /** Calls back with ids of roots that changed. */
    watchAll(onChanged: (rootIds: readonly string[]) => void): Disposable
  }
  /** For clients that can show a person a question. */
  readonly approvals: {
    get(approvalId: string): Promise<Approval>
    decide(actor: Actor, approvalId: string, isApproved: boolean, via: 'elicitation'): Promise<Approval>
  }
  /** Names of hosts, for the instructions. */
  hostNames(): readonly string[]
  /** Signs what a client carries for us between two requests; the same on every node. At least 32 bytes. */
  readonly stateKey: Uint8Array
  readonly additions?: McpAdditions
  readonly ids?: Ids
}

/** Who is on the other end of a connection, and what it asked for. */
export interface McpSession {
  readonly actor: Actor
  /** Default: `default`. Several are joined. */
  readonly profiles: readonly McpProfile[]
  /** Only of a client on this machine. */
  readonly cwd?: string
}

export interface McpRoom {
  /** One request to `/mcp`, its guards passed, its caller known, its body read and bounded (absent for GET, DELETE). */
  handle(request: Request, session: McpSession, body?: unknown): Promise<Response>
  /** Speaks over a byte stream, one JSON message a line, until it ends. */
  serveStream(stream: Duplex, session: McpSession): Promise<void>
  /** Takes nothing new, lets quick answers finish, then cancels calls and ends sessions and streams. */
  close(): Promise<void>
}
