// Answers as the page checks them on arrival, put together from the contracts of the rooms.

import type { z } from 'zod'
import { AgentInfo } from '#src/agents/contract.ts'
import { listOf, pageOf } from '#src/core/contract.ts'
import { ModelCall } from '#src/llm/contract.ts'
import { RunSummary, WorkflowSummary } from '#src/workflows/contract.ts'

export const WorkflowList = listOf(WorkflowSummary)
export const RunPage = pageOf(RunSummary)
export type RunPage = z.infer<typeof RunPage>
export const AgentList = listOf(AgentInfo)
export const ModelCallList = listOf(ModelCall)
