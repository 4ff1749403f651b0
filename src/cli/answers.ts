// Answers of the HTTP API as the CLI checks them on arrival, put together from the contracts of the rooms.

import { z } from 'zod'
import { AgentInfo } from '#src/agents/contract.ts'
import { TokenInfo } from '#src/auth/contract.ts'
import { Approval, Rule } from '#src/calls/contract.ts'
import { listOf, pageOf } from '#src/core/contract.ts'
import { CommandResult } from '#src/fleet/contract.ts'
import { StoredSecret } from '#src/llm/contract.ts'
import { Task } from '#src/tasks/contract.ts'
import { RunSummary, WorkflowSummary } from '#src/workflows/contract.ts'

export const WorkflowList = listOf(WorkflowSummary)
export const RunPage = pageOf(RunSummary)
export const AgentList = listOf(AgentInfo)
export const TokenList = listOf(TokenInfo)
export const ApprovalList = listOf(Approval)
export const RuleList = listOf(Rule)
export const SecretList = listOf(StoredSecret)
export const TaskPage = pageOf(Task)
/** Of the tool `task`, asked about a command. */
export const TaskAnswer = z.object({ result: CommandResult })
/** The answers to changes are of no use here beyond having succeeded. */
export const Anything = z.unknown()
