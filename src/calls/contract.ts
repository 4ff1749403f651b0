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

/** Paths are compared after they were resolved, so some patterns could never fit one. */
const PathPattern = Pattern.regex(/^[/*]|^[A-Za-z]:/, 'an absolute path, as /srv/**; ~ is not expanded here')
  .refine((path) => !/(^|[/\\])\.{1,2}([/\\]|$)/.test(path), 'a path without . and .. in it')
  .refine((path) => !path.includes('//'), 'a path without // in it')
  .refine((path) => path === '/' || !path.endsWith('/'), 'without / at its end; /** stands for a folder and all in it')

/**
 * One rule about what an agent may do. Deny wins, then ask, then allow; where no rule has anything to say, the caller's
 * scopes decide. An absent pattern fits everything.
 *
 * A deny or ask rule holds when the call touches anything that fits it. Allow rules are lists of what passes without a
 * question: where one names paths (commands, hosts) for a caller and tool, each path (command, host) of its calls that
 * stands in no such list is asked about.
 */
export const NewRule = z.strictObject({
  effect: z.enum(['allow', 'ask', 'deny']),
  /** Name of a token or of an MCP client; `run` for what workflow runs do. */
  client: Pattern.optional(),
  tool: Pattern.optional(),
  host: Pattern.optional(),
  /** Absolute path on the host, as it is after symbolic links. `/srv/**` is `/srv` too. */
  path: PathPattern.optional(),
  /**
   * Of a command line; `*` and `**` both stand for any text here, but in an allow rule for none by which a shell would
   * begin another command. Advisory, since a shell has many ways to say one thing.
   */
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

/** What `brakes_set` changes; what is absent stays. */
export const BrakesChange = z.object({ paused: z.boolean().optional(), readOnly: z.boolean().optional() })
export type BrakesChange = z.infer<typeof BrakesChange>

/** How much was asked to stop. */
export const StopAll = z.object({
  brakes: Brakes,
  /** Runs and commands that were open, by kind: each was asked to stop. */
  asked: z.object({ runs: z.int().nonnegative(), commands: z.int().nonnegative() }),
})
export type StopAll = z.infer<typeof StopAll>

/** Which rows of the audit log; several conditions hold together. */
export const AuditFilter = z.object({
  tool: z.string().max(200).optional(),
  /** Kind, name or id of who called, as `client`, `claude` or `client:claude`. */
  actor: z.string().max(200).optional(),
  /** `denied`: refused before it ran. `begun`: rows of beginnings. */
  outcome: z.enum(['succeeded', 'failed', 'denied', 'begun']).optional(),
  /** Text in any line of the subject, in any case. */
  subject: z.string().max(400).optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const AuditPage = z.object({
  items: z.array(AuditRow),
  /** Goes into `before` of the next request; null when nothing older is there. A page may be short of its limit. */
  next: z.int().positive().nullable(),
})
export type AuditPage = z.infer<typeof AuditPage>

export const AuditReport = z.object({
  ok: z.boolean(),
  /** Rows whose chain was checked. */
  rows: z.int().nonnegative(),
  /** The first row that is wrong, and how; null when the chain is whole. */
  broken: z.object({ seq: z.int(), problem: z.string() }).nullable(),
  /** Calls begun without a recorded outcome: under way now, or cut off by a crash. */
  unfinished: z.array(z.string()),
})
export type AuditReport = z.infer<typeof AuditReport>
