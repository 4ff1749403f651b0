// What surfaces show about agents. Browser-safe.

import { z } from 'zod'
import { AgentMode } from '../core/contract.ts'

/** Why a turn did not succeed. */
export const OutcomeKind = z.enum([
  'not_installed',
  'auth',
  'rate_limited',
  'credits',
  'model_not_found',
  'provider_error',
  'network',
  'bad_request',
  'empty_response',
  'max_turns',
  'budget',
  'permission_denied',
  'mcp_unavailable',
  'session_not_found',
  'sandbox_unavailable',
  'bad_usage',
  'wall_timeout',
  'idle_timeout',
  'output_limit',
  'disk_full',
  'cancelled',
  'interrupted',
  'killed',
  'crashed',
])
export type OutcomeKind = z.infer<typeof OutcomeKind>

export const AgentInfo = z.object({
  id: z.string(),
  title: z.string(),
  installed: z.boolean(),
  path: z.string().nullable(),
  version: z.string().nullable(),
  ready: z.boolean(),
  problems: z.array(z.object({ message: z.string(), hint: z.string() })),
  modes: z.array(AgentMode),
  needsModel: z.boolean(),
})
export type AgentInfo = z.infer<typeof AgentInfo>

/** How far the latest installation of an agent is: `idle` when there has been none since the start. */
export const AgentInstall = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']),
  /** What it said, the newest 500 lines. */
  lines: z.array(z.string()),
  error: z.string().nullable(),
})
export type AgentInstall = z.infer<typeof AgentInstall>
