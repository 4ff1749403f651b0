// The real room over a list of tools and nothing else.

import { type Actor, type AnyTool, type Ctx, MaestroError, silentLog } from '#src/core/index.ts'
import type { z } from 'zod'
import type { McpDeps, McpRoom, McpSession } from '../ports.ts'
import { createMcpRoom } from '../room.ts'

export interface TestRoom extends AsyncDisposable {
  readonly room: McpRoom
  readonly session: McpSession
  /** Contexts of the calls made, in order. */
  readonly calls: { readonly name: string; readonly ctx: Ctx; readonly input: unknown }[]
}

export function createTestRoom(tools: readonly AnyTool[], extra: Partial<McpDeps> = {}): TestRoom {
  const calls: TestRoom['calls'] = []
  const actor: Actor = { kind: 'owner', via: 'loopback' }
  const refuse = () => Promise.reject(new MaestroError('not_found', 'there is no such thing here'))
  const room = createMcpRoom({
    tools,
    version: '0.0.0-test',
    log: silentLog,
    async call(ctx, name, input) {
      calls.push({ name, ctx, input })
      const tool = tools.find((known) => known.name === name)
      if (tool === undefined) {
        throw new MaestroError('not_found', `there is no tool "${name}"`, { hint: 'did you mean thing_read?' })
      }
      return (tool.run as (ctx: Ctx, input: unknown) => Promise<unknown>)(ctx, (tool.input as z.ZodType).parse(input))
    },
    tasks: { get: refuse, result: refuse, cancel: refuse, watchAll: () => ({ [Symbol.dispose]: () => undefined }) },
    approvals: { get: refuse, decide: refuse },
    hostNames: () => ['local'],
    stateKey: new Uint8Array(32),
    ...extra,
  })
  return { room, session: { actor, profiles: ['full'] }, calls, [Symbol.asyncDispose]: () => room.close() }
}
