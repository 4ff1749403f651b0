// The one way a tool is called, whatever the surface: find, validate, resolve the subject, decide, audit,
// run, check the answer, bound it, audit. Surfaces translate in and out of this and decide nothing.

import { performance } from 'node:perf_hooks'
import type { z } from 'zod'
import {
  type AnyTool,
  type Clock,
  type Ctx,
  type Ids,
  type Log,
  MaestroError,
  parseOrThrow,
  randomIds,
  toMaestroError,
} from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Approvals } from './approvals.ts'
import { createAudit } from './audit.ts'
import type { AuditEntry, AuditReport, AuditRow } from './contract.ts'
import { createGate } from './gate.ts'
import { nearNames } from './near.ts'
import type { Policy } from './policy.ts'

export interface Calls {
  /**
   * @throws `not_found` for an unknown tool, `invalid_input` with every problem, `forbidden` by policy, `not_ready`
   *   while paused, `approval_required` when a person must say yes first, `limit_exceeded` when the answer is larger than allowed, `internal` when the answer is not what the
   *   tool promises, and whatever the tool throws. An audit row that cannot be written refuses a change
   *   before it starts.
   */
  call(ctx: Ctx, toolName: string, rawInput: unknown): Promise<unknown>
  readonly tools: readonly AnyTool[]
  /** Newest first. */
  auditRows(options: { limit: number; before?: number }): Promise<AuditRow[]>
  /** Checks the whole chain. */
  verifyAudit(): Promise<AuditReport>
}

export interface CallsDeps {
  readonly store: Store
  readonly policy: Policy
  readonly clock: Clock
  readonly log: Log
  readonly tools: readonly AnyTool[]
  readonly approvals: Approvals
  /** Takes known secrets out of what is kept for people. */
  readonly redact: (text: string) => string
  /** Where a person decides on an approval, as an address or a path. */
  readonly approvalPage?: (approvalId: string) => string
  readonly ids?: Ids
  /** Of an answer as JSON; default 16 MiB. */
  readonly maxResultBytes?: number
}

interface Known {
  readonly tool: AnyTool
  readonly input: z.ZodType
}

export function createCalls(deps: CallsDeps): Calls {
  const { log, ids = randomIds, maxResultBytes = 16 * 1024 * 1024 } = deps
  const audit = createAudit(deps.store)
  const gate = createGate({ ...deps, audit, ids })
  const known = new Map<string, Known>()
  for (const tool of deps.tools) {
    if (known.has(tool.name)) throw new MaestroError('internal', `two tools are named "${tool.name}"`)
    known.set(tool.name, { tool, input: strict(tool.input as z.ZodObject) })
  }

  const find = (name: string): Known => {
    const found = known.get(name)
    if (found !== undefined) return found
    const near = nearNames(name, [...known.keys()])
    throw new MaestroError('not_found', `there is no tool "${name.slice(0, 100)}"`, {
      ...(near.length > 0 ? { hint: `did you mean ${near.join(', ')}?` } : {}),
      details: { near },
    })
  }

  /** Runs the tool and checks what it gives. */
  const perform = async (ctx: Ctx, tool: AnyTool, input: unknown): Promise<unknown> => {
    ctx.signal.throwIfAborted()
    const parsed = (tool.output as z.ZodType).safeParse(await tool.run(ctx, input))
    if (!parsed.success) {
      const issues = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)
      log.error({ tool: tool.name, traceId: ctx.traceId, issues }, 'a tool gave an answer that its own schema refuses')
      throw new MaestroError('internal', `${tool.name} gave an answer that is not what it promises; it is not shown`, {
        hint: `the server's log says more under ${ctx.traceId}`,
      })
    }
    const bytes = Buffer.byteLength(JSON.stringify(parsed.data ?? null))
    if (bytes > maxResultBytes) {
      throw new MaestroError(
        'limit_exceeded',
        `the answer of ${tool.name} has ${bytes} bytes; at most ${maxResultBytes} are sent`,
        {
          hint: 'ask for less: a smaller page or a narrower filter',
          details: { bytes, maxBytes: maxResultBytes },
        },
      )
    }
    return parsed.data
  }

  /** An outcome that cannot be recorded is logged and leaves the intent unfinished: the answer stays true. */
  const appendOutcome = async (entry: AuditEntry): Promise<void> => {
    try {
      await audit.append(entry)
    } catch (error) {
      log.error(
        { error, tool: entry.tool, callId: entry.callId, outcome: entry.outcome },
        'an audit outcome was not recorded',
      )
    }
  }

  const calls: Calls = {
    tools: deps.tools,

    async call(ctx, toolName, rawInput) {
      const { tool, input: schema } = find(toolName)
      const input = parseOrThrow(schema, rawInput ?? {}, `the input of ${toolName}`)
      if (tool.standsFor !== undefined) {
        const meant = tool.standsFor(input)
        return calls.call(ctx, meant.tool, meant.input)
      }
      const subject = [...(await tool.subject(input, ctx))]
      const passed = await gate.admit(ctx, tool, subject, input)
      const judged = { ...ctx, subject }
      if (passed === undefined) {
        return perform(judged, tool, input).catch((error: unknown) => {
          throw asOurs(error, ctx.signal)
        })
      }
      const started = performance.now()
      const durationMs = () => Math.round((performance.now() - started) * 1_000) / 1_000
      try {
        const result = await perform(judged, tool, input)
        await appendOutcome({ ...passed.entry('outcome'), outcome: 'succeeded', durationMs: durationMs() })
        return result
      } catch (thrown) {
        const error = asOurs(thrown, ctx.signal)
        await appendOutcome({
          ...passed.entry('outcome'),
          outcome: 'failed',
          errorCode: error.code,
          durationMs: durationMs(),
        })
        throw error
      }
    },

    auditRows: (options) => audit.list(options),
    verifyAudit: () => audit.verify(),
  }
  return calls
}

/** A caller who went away is `cancelled`, not a fault of ours. */
function asOurs(thrown: unknown, signal: AbortSignal): MaestroError {
  if (signal.aborted && (thrown === signal.reason || (thrown instanceof Error && thrown.name === 'AbortError'))) {
    return new MaestroError('cancelled', 'the caller went away before the answer', { cause: thrown })
  }
  return toMaestroError(thrown)
}

/** Unknown keys are refused, unless the tool says what to do with them itself. */
function strict(schema: z.ZodObject): z.ZodType {
  return schema.def.catchall === undefined ? schema.strict() : schema
}
