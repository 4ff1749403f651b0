// Who a caller is to rules and approvals: an agent or a person, and by which name. Pure.

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
