// What surfaces show of rules, approvals, brakes and the audit log. Browser-safe.

import { z } from 'zod'
import { Actor, ErrorCode, Timestamp } from '../core/contract.ts'

/** What one row of the audit log says. Never an input's values: only what it touches and the input's SHA-256. */
export const AuditEntry = z.object({
  at: Timestamp,
  /** `intent` before a call, `outcome` after it, `denied` instead of both. */
  phase: z.enum(['intent', 'outcome', 'denied']),
  /** Joins an outcome to its intent. */
  callId: z.string(),
  traceId: z.string(),
  actor: Actor,
  tool: z.string(),
  subject: z.array(z.string()),
  inputSha256: z.string(),
  decision: z.enum(['allow', 'deny', 'ask']),
  reason: z.string(),
  /** The approval that let it pass. */
  approvalId: z.string().optional(),
  outcome: z.enum(['succeeded', 'failed']).nullable(),
  errorCode: ErrorCode.nullable(),
  durationMs: z.number().nullable(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditRow = AuditEntry.extend({ seq: z.int().positive(), hash: z.string() })
export type AuditRow = z.infer<typeof AuditRow>

/** `*` stands for any text without `/`, `**` for any text. Case counts. */
const Pattern = z.string().trim().min(1).max(400)

/**
 * One rule about what an agent may do. It holds for a call that fits all of its patterns; an absent pattern fits
 * everything. Of all rules that hold, deny wins, then ask, then allow; without one the caller's scopes decide.
 */
export const NewRule = z.strictObject({
  effect: z.enum(['allow', 'ask', 'deny']),
  /** Name of a token or of an MCP client. */
  client: Pattern.optional(),
  tool: Pattern.optional(),
  host: Pattern.optional(),
  /** Absolute path on the host; a call that touches several needs each allowed, and one denied denies it. */
  path: Pattern.optional(),
  /** Of a command line. Advisory, since a shell has many ways to say one thing. */
  command: Pattern.optional(),
  note: z.string().trim().max(500).optional(),
})
export type NewRule = z.infer<typeof NewRule>

export const Rule = z.object({
  ...NewRule.shape,
  id: z.string(),
  createdAt: Timestamp,
  createdBy: Actor,
})
export type Rule = z.infer<typeof Rule>

export const approvalStates = ['pending', 'approved', 'denied', 'expired', 'used'] as const

/** One call that waits for a person's yes: for this caller, this tool, this subject and this very input, once. */
export const Approval = z.object({
  id: z.string(),
  state: z.enum(approvalStates),
  actor: Actor,
  tool: z.string(),
  title: z.string(),
  /** The resolved things it touches. */
  subject: z.array(z.string()),
  /** The input as JSON, secrets masked, cut at 16 KiB: what the person decides on. */
  input: z.string(),
  isInputCut: z.boolean(),
  inputSha256: z.string(),
  /** Which rule asked, in words. */
  reason: z.string(),
  createdAt: Timestamp,
  /** Until when it can be decided; once approved, until when it can be used. */
  expiresAt: Timestamp,
  decidedAt: Timestamp.nullable(),
  decidedBy: Actor.nullable(),
  /** Through which surface it was decided. */
  decidedVia: z.enum(['page', 'cli', 'api', 'elicitation']).nullable(),
})
export type Approval = z.infer<typeof Approval>

/** What holds everything back. */
export const Brakes = z.object({
  /** Nothing new starts: queued runs wait, calls that change something are refused to agents. */
  paused: z.boolean(),
  /** Agents may read only; people at the page and the command line are not bound. */
  readOnly: z.boolean(),
  since: Timestamp.nullable(),
  by: Actor.nullable(),
})
export type Brakes = z.infer<typeof Brakes>
