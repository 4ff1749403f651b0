// Who a caller is to rules and approvals: an agent or a person, by which key and which name. Pure.

import type { Actor } from '#src/core/index.ts'

/**
 * Programs that act for somebody: rules, approvals and brakes hold for them. The owner at the page or the command
 * line is the one who made the rules, and Maestro itself only goes on with what was begun.
 */
export function isAgent(actor: Actor): boolean {
  switch (actor.kind) {
    case 'client':
    case 'token':
    case 'run':
      return true
    case 'owner':
    case 'browser':
    case 'system':
      return false
  }
}

/** One caller, for as long as it exists: what an approval is bound to. */
export function callerKey(actor: Actor): string {
  switch (actor.kind) {
    case 'client':
      return `client:${actor.name}`
    case 'token':
      return `token:${actor.tokenId}`
    case 'run':
      return `run:${actor.runId}`
    case 'browser':
      return `browser:${actor.sessionId}`
    case 'owner':
    case 'system':
      return actor.kind
  }
}

/** What the `client` pattern of a rule looks at. */
export function callerName(actor: Actor): string {
  switch (actor.kind) {
    case 'client':
    case 'token':
      return actor.name
    case 'owner':
    case 'browser':
    case 'run':
    case 'system':
      return actor.kind
  }
}
