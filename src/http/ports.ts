// What the http room needs from outside; `app` fills these in.

import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Auth, AuthMode } from '#src/auth/index.ts'
import type { Actor, AnyTool, Ctx, Ids, Log, McpProfile } from '#src/core/index.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import type { McpHandler } from './mcp-route.ts'

/** The one way a tool is called. */
export interface Caller {
  call(ctx: Ctx, toolName: string, rawInput: unknown): Promise<unknown>
}

/** The event logs of tasks, read from a cursor. `seq` starts at 1 and has no gaps. */
export interface EventSource {
  /** As this caller may see it. @throws `not_found` */
  rootOf(actor: Actor, id: string): Promise<{ rootId: string; taskId: string }>
  /** Events of the root's log after `after`, oldest first. */
  read(rootId: string, after: number, limit: number): Promise<TaskEvent[]>
  /** Calls back (coalesced) when the root's log has grown. */
  watch(rootId: string, onGrown: () => void): Disposable
  isEnded(rootId: string): Promise<boolean>
  /** Calls back (coalesced) with ids of roots that changed. */
  watchAll(onChanged: (rootIds: readonly string[]) => void): Disposable
}

export interface HttpConfig {
  /** Address to bind. Anything but loopback needs `authMode` on. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly authMode: AuthMode
  /** Where people reach this server from outside, when that is not the bind: `https://maestro.example.org`. */
  readonly publicUrl?: string
}

export interface Readiness {
  readonly ready: boolean
  /** Names only are public; details are for the doctor. */
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[]
}

export interface HttpDeps {
  readonly tools: readonly AnyTool[]
  readonly calls: Caller
  readonly auth: Auth
  readonly config: HttpConfig
  readonly streams: EventSource
  /** Calls back when rules, brakes or approvals have changed, with which of them. */
  readonly policyChanges?: (onChanged: (part: string) => void) => Disposable
  /** The built page. */
  readonly staticDir: string
  readonly version: string
  /** Serves `/mcp`; without it there is no such path. */
  readonly mcp?: McpHandler
  readonly about: { readonly nodeName: string; readonly dataDir: string }
  readonly log: Log
  readonly health: () => Promise<Readiness>
  readonly ids?: Ids
  /** Between comments on idle streams and pings; default 15 s. */
  readonly heartbeatMs?: number
}

/** Where a connection came in that another process accepted. */
export interface Forwarded {
  readonly host: string
  readonly port: number
  /** Whose it is, for attempt limits. */
  readonly peer: string
  /** Of MCP requests that name none. */
  readonly profiles: readonly McpProfile[]
}

export interface HttpRoom {
  /** Serves TCP after `listen`; also any socket given to `server.emit('connection', socket)`. */
  readonly server: Server
  /** @throws `conflict` when the port is in use, `invalid_input` when it cannot be bound */
  listen(): Promise<{ host: string; port: number; url: string }>
  /**
   * Marks a socket as the owner's (one accepted on the Unix socket, its hello line consumed). Call it
   * before emitting it as a connection: guards and sign-in are then replaced by the owner.
   */
  trustSocket(socket: Duplex): void
  /**
   * Marks a socket as one that another process of the owner's accepted on a port: a stranger's, with the guards of
   * that port, for `/mcp` and what belongs to it. Call it before emitting it as a connection.
   */
  forwardSocket(socket: Duplex, from: Forwarded): void
  /** What is missing for such a port; undefined when it may be served. */
  whyNotForward(bind: { readonly host: string; readonly port: number }): { error: string; hint: string } | undefined
  /** Every method and path served under `/api`, as the document names them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** Ends streams with a retry hint, lets requests finish, cuts what is left after `graceMs` (default 5 s). Idempotent. */
  close(options?: { graceMs?: number }): Promise<void>
}
