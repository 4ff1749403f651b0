// One decision about one call, in order: the brakes, who may at all, then rules. Without a rule, who may, may.

import type { Actor, AnyTool, ErrorCode } from '#src/core/index.ts'
import { heldBack } from './brakes.ts'
import { callerName, isAgent } from './callers.ts'
import type { PolicyState } from './control.ts'
import { mayCall } from './may.ts'
import { judge } from './rules.ts'
import { readSubject } from './subject-lines.ts'

export interface Decision {
  readonly decision: 'allow' | 'deny' | 'ask'
  /** For the audit row and the refused caller. */
  readonly reason: string
  /** Of the rules and brakes it was made by. */
  readonly version?: number
  /** How a denial is told; without it, `forbidden`. */
  readonly refusal?: { readonly code: ErrorCode; readonly kind: string; readonly hint: string }
}

export interface Policy {
  decide(actor: Actor, tool: AnyTool, subject: readonly string[]): Promise<Decision>
  /** Looks at the rules and brakes again; their version. */
  newest?(): Promise<number>
}

export interface PolicyDeps {
  /** `[]` for a token without limits, undefined for one that is no longer usable. */
  scopesOf(tokenId: string): Promise<readonly string[] | undefined>
  readonly control: { current(): Promise<PolicyState>; reload(): Promise<PolicyState> }
}

export function createPolicy({ scopesOf, control }: PolicyDeps): Policy {
  return {
    async decide(actor, tool, subject) {
      const { version, brakes, rules } = await control.current()
      const held = heldBack(brakes, actor, tool, subject)
      if (held !== undefined) {
        const { kind, reason, hint } = held
        const code = kind === 'paused' ? 'not_ready' : 'forbidden'
        return { decision: 'deny', reason, version, refusal: { code, kind, hint } }
      }
      const may = mayCall(actor, tool, actor.kind === 'token' ? await scopesOf(actor.tokenId) : [])
      if (!may.ok) {
        const hint = 'let a person do it, or use a token with that scope'
        return { decision: 'deny', reason: may.reason, version, refusal: { code: 'forbidden', kind: 'scope', hint } }
      }
      if (!isAgent(actor) || rules.length === 0) return { decision: 'allow', reason: may.reason, version }
      const verdict = judge(rules, { client: callerName(actor), tool: tool.name, ...readSubject(subject) })
      if (verdict === undefined) return { decision: 'allow', reason: may.reason, version }
      const { effect: decision, reason } = verdict
      const hint = 'a rule of this Maestro says so: do something else, or ask the person whose it is'
      return decision === 'deny'
        ? { decision, reason, version, refusal: { code: 'forbidden', kind: 'rule', hint } }
        : { decision, reason, version }
    },
    newest: async () => (await control.reload()).version,
  }
}
