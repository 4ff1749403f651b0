// What the brakes hold back. Pure; where they are kept is control.ts, and that no queued run is taken up is the tasks
// room's, which asks there.

import type { Actor, AnyTool } from '#src/core/index.ts'
import { isAgent } from './callers.ts'
import type { Brakes } from './contract.ts'
import { isControlArea } from './may.ts'
import { startsCommand } from './subject-lines.ts'

export interface BrakeRefusal {
  readonly kind: 'paused' | 'read_only'
  readonly reason: string
  readonly hint: string
}

/** Undefined when the call may go on. */
export function heldBack(
  brakes: Brakes,
  actor: Actor,
  tool: AnyTool,
  subject: readonly string[],
): BrakeRefusal | undefined {
  if (tool.effect === 'read' || isControlArea(tool)) return undefined
  if (brakes.paused && (isAgent(actor) || startsCommand(subject))) {
    const what = isAgent(actor) ? 'nothing may be changed' : 'no new command starts'
    return {
      kind: 'paused',
      reason: `Maestro is paused: ${what}`,
      hint: 'a person lets it go on: `maestro unpause`, or the page',
    }
  }
  if (brakes.readOnly && isAgent(actor)) {
    return {
      kind: 'read_only',
      reason: 'Maestro is read-only for agents: they may look, not change anything',
      hint: 'a person ends that: `maestro unpause --read-only`, or the page',
    }
  }
  return undefined
}
