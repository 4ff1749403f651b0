// Connections that came in on another port, accepted by a process that holds no state (`maestro mcp --transport
// streamable-http`) and handed in over the owner's socket. They are strangers like those of our own port: guarded by
// the names of the port they came in on, signed in by token, and served MCP only.

import type { Duplex } from 'node:stream'
import { MaestroError } from '#src/core/index.ts'
import { guardRules, type GuardRules } from './guards.ts'
import { isLoopback } from './listening.ts'
import type { Forwarded, HttpConfig } from './ports.ts'

interface Bind {
  readonly host: string
  readonly port: number
}

export interface Forwarding {
  add(socket: Duplex, from: Forwarded): void
  of(socket: Duplex): (Forwarded & { readonly rules: GuardRules }) | undefined
  /** @throws `not_found` for what belongs to the page and its API */
  assertServed(target: string): void
  /** What is missing for a port to be served; undefined when nothing is. */
  whyNot(bind: Bind): { error: string; hint: string } | undefined
}

const served = /^\/(mcp\/?|\.well-known\/[^?]*|api\/v1\/(health|ready))(\?|$)/

export function createForwarding(config: HttpConfig): Forwarding {
  const sockets = new WeakMap<Duplex, Forwarded & { readonly rules: GuardRules }>()
  return {
    add: (socket, from) => void sockets.set(socket, { ...from, rules: guardRules({ ...config, ...from }) }),
    of: (socket) => sockets.get(socket),
    assertServed(target) {
      if (served.test(target)) return
      throw new MaestroError('not_found', `there is no ${target.slice(0, 200)} at this port, which serves MCP only`, {
        hint: 'MCP is at /mcp; `maestro status` shows where the page and the API are',
      })
    },
    whyNot({ host }) {
      if (isLoopback(host)) return undefined
      const missing = [
        ...(config.authMode === 'off' ? ['sign-in (remove MAESTRO_AUTH=off)'] : []),
        ...(config.publicUrl === undefined ? ['the address others use (set MAESTRO_PUBLIC_URL)'] : []),
      ]
      if (missing.length === 0) return undefined
      return {
        error: `others can reach "${host}", and for that the running Maestro lacks ${missing.join(' and ')}`,
        hint: 'listen on 127.0.0.1, or set what is missing and restart it: maestro stop, then maestro serve',
      }
    },
  }
}
