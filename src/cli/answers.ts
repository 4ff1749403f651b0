// Shapes of answers that no room's contract holds: what the CLI reads of them, checked on arrival.

import { z } from 'zod'
import { pageOf, Timestamp } from '#src/core/contract.ts'
import { AgentInfo } from '#src/agents/contract.ts'
import { TokenInfo } from '#src/auth/contract.ts'
import { TaskEvent } from '#src/tasks/contract.ts'
import { RunSummary, WorkflowSummary } from '#src/workflows/contract.ts'

const itemsOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

export const WorkflowList = itemsOf(WorkflowSummary)
export const RunPage = pageOf(RunSummary)
export const EventPage = z.object({ items: z.array(TaskEvent), lastSeq: z.int(), ended: z.boolean() })
export const AgentList = itemsOf(AgentInfo)
export const AgentInstall = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']),
  lines: z.array(z.string()),
  error: z.string().nullish(),
})
export const SignInLink = z.object({ url: z.string(), expiresAt: Timestamp })
export const TokenList = itemsOf(TokenInfo)
export const MadeToken = z.object({
  id: z.string(),
  name: z.string(),
  token: z.string(),
  expiresAt: Timestamp.nullable(),
})
export const SecretList = itemsOf(z.object({ name: z.string(), hint: z.string().nullable(), updatedAt: Timestamp }))
export const DoctorReport = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      level: z.enum(['ok', 'warn', 'error']),
      detail: z.string().nullish(),
      hint: z.string().nullish(),
    }),
  ),
})
export type DoctorReport = z.infer<typeof DoctorReport>
/** The answers to changes are of no use here beyond having succeeded. */
export const Anything = z.unknown()
