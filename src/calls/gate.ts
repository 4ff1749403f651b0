// Between the decision about a call and its beginning: refusals and their records, approvals asked for and used up,
// the intent that must be on record before anything happens.

import { type AnyTool, type Clock, type Ctx, type Ids, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Approvals, AskedCall } from './approvals.ts'
import { type Audit, inputSha256 } from './audit.ts'
import type { Approval, AuditEntry } from './contract.ts'
import type { Decision, Policy } from './policy.ts'
import { shownInput } from './shown-input.ts'

export interface GateDeps {
  readonly store: Store
  readonly audit: Audit
  readonly policy: Policy
  readonly approvals: Approvals
  readonly clock: Clock
  readonly ids: Ids
  readonly redact: (text: string) => string
  readonly approvalPage?: (approvalId: string) => string
}

/** A call whose beginning is on record. */
export interface Passed {
  entry(phase: 'outcome'): AuditEntry
}

export interface Gate {
  /**
   * Undefined for a read that needs no record. When it returns anything, the call may begin and has to leave an outcome.
   * @throws `forbidden`, `not_ready` or `approval_required`, on record
   */
  admit(ctx: Ctx, tool: AnyTool, subject: readonly string[], input: unknown): Promise<Passed | undefined>
}

/** Rules that change faster than a call can be judged are a fault of somebody's. */
const maxLooks = 10
/** The policy moved on between decision and record: what was done in that transaction is undone. */
const outdated: unique symbol = Symbol('outdated')

export function createGate(deps: GateDeps): Gate {
  const { store, audit, policy, approvals, clock, ids, redact } = deps
  const page = deps.approvalPage ?? ((id) => `/approvals/${id}`)

  async function attempt(
    ctx: Ctx,
    tool: AnyTool,
    subject: readonly string[],
    input: unknown,
    hash: () => string,
  ): Promise<Passed | undefined | typeof outdated> {
    const { version, ...decision } = await policy.decide(ctx.actor, tool, subject)
    if (decision.decision === 'allow' && tool.effect === 'read') return undefined
    const callId = ids('call')
    const shownSubject = subject.map(redact)
    const entryOf = (approvalId?: string) => (phase: AuditEntry['phase']) => ({
      at: clock.now(),
      phase,
      callId,
      traceId: ctx.traceId,
      actor: ctx.actor,
      tool: tool.name,
      subject: shownSubject,
      inputSha256: hash(),
      decision: decision.decision,
      reason: decision.reason,
      ...(approvalId === undefined ? {} : { approvalId }),
      outcome: null,
      errorCode: null,
      durationMs: null,
    })

    if (decision.decision === 'allow') {
      const entry = entryOf()
      return (await audit.append(entry('intent'), version)) ? { entry } : outdated
    }
    // A no by rules of yesterday would be as wrong as a yes.
    if ((await policy.newest?.()) !== version) return outdated
    if (decision.decision === 'deny') {
      const error = refusalOf(tool, decision)
      await audit.append({ ...entryOf()('denied'), errorCode: error.code })
      throw error
    }

    const call: AskedCall = {
      actor: ctx.actor,
      tool: tool.name,
      title: tool.title,
      subject,
      inputSha256: hash(),
      cwd: ctx.cwd,
    }
    const used: Passed | typeof outdated | undefined = await store
      .tx(async () => {
        const approvalId = await approvals.take(call)
        if (approvalId === undefined) return undefined
        const entry = entryOf(approvalId)
        // The yes stays good when the call does not begin.
        if (!(await audit.append(entry('intent'), version))) throw new Outdated()
        return { entry }
      })
      .catch((thrown: unknown): typeof outdated => {
        if (thrown instanceof Outdated) return outdated
        throw thrown
      })
    if (used !== undefined) return used
    const approval = await approvals.ask(call, {
      reason: decision.reason,
      subject: shownSubject,
      input: () => shownInput(input, redact, tool.scope.startsWith('secrets:')),
    })
    // Decided between the two looks: the next one uses it.
    if (approval.state === 'approved') return outdated
    const error = approval.state === 'denied' ? denied(tool, approval) : required(tool, approval)
    await audit.append({ ...entryOf(approval.id)('denied'), errorCode: error.code })
    throw error
  }

  function required(tool: AnyTool, { id, expiresAt, reason }: Approval): MaestroError {
    return new MaestroError('approval_required', `${tool.name} needs a person's yes: ${reason}`, {
      hint: `a person decides at ${page(id)} or with \`maestro approvals approve ${id}\`; then make the very same call again`,
      details: { approvalId: id, expiresAt, executed: 'no' },
    })
  }

  return {
    async admit(ctx, tool, subject, input) {
      let hash: string | undefined
      for (let look = 0; look < maxLooks; look++) {
        const passed = await attempt(ctx, tool, subject, input, () => (hash ??= inputSha256(input)))
        if (passed !== outdated) return passed
        await policy.newest?.()
      }
      throw new MaestroError(
        'unavailable',
        `${tool.name} was not started: the rules kept changing, or the audit log has no head`,
        {
          hint: 'try again; `maestro audit verify` checks the log',
          details: { executed: 'no' },
        },
      )
    },
  }
}

class Outdated extends Error {}

function refusalOf(tool: AnyTool, { decision, reason, refusal }: Omit<Decision, 'version'>): MaestroError {
  const { code = 'forbidden', kind = 'policy', hint = 'ask the person whose Maestro this is' } = refusal ?? {}
  return new MaestroError(code, `${tool.name} was refused: ${reason}`, {
    hint,
    details: { decision, kind, executed: 'no' },
  })
}

function denied(tool: AnyTool, { id, decidedAt }: Approval): MaestroError {
  const when = decidedAt === null ? '' : ` at ${new Date(decidedAt).toISOString()}`
  return new MaestroError('forbidden', `${tool.name} was refused: a person said no to this call${when}`, {
    hint: 'do not repeat it: do something else, or ask the person why',
    details: { decision: 'deny', kind: 'denied', approvalId: id, executed: 'no' },
  })
}
