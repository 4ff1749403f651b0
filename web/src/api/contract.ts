// Shapes of answers that no room's contract names: they belong to the HTTP surface alone.

import { z } from 'zod'
import { AgentInfo } from '#src/agents/contract.ts'
import { Actor, pageOf } from '#src/core/contract.ts'
import { RunSummary, WorkflowSummary } from '#src/workflows/contract.ts'

export const Session = z.object({
  actor: Actor,
  version: z.string(),
  nodeName: z.string(),
  dataDir: z.string(),
})
export type Session = z.infer<typeof Session>

export const WorkflowList = z.object({ items: z.array(WorkflowSummary) })
export const RunPage = pageOf(RunSummary)
export type RunPage = z.infer<typeof RunPage>
export const AgentList = z.object({ items: z.array(AgentInfo) })

export const Install = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']),
  lines: z.array(z.string()),
  error: z.string().nullable(),
})
export type Install = z.infer<typeof Install>

export const Changed = z.object({ ids: z.array(z.string()) })
