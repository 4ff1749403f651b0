// What surfaces show about agents. Browser-safe.

import { z } from 'zod'
import { AgentMode, Slug, Timestamp } from '../core/contract.ts'

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

/**
 * One variable of an MCP server's environment, or one header of its requests. A secret one goes in and never
 * comes out: in answers its `value` is null. In inputs a null or absent value of a secret row keeps the stored one.
 */
export const SettingRow = z.object({
  name: z.string().trim().min(1, 'a name').max(200),
  isSecret: z.boolean().default(true),
  value: z.string().max(100_000).nullable().optional(),
})
export type SettingRow = z.input<typeof SettingRow>

export const SettingView = z.object({
  name: z.string(),
  isSecret: z.boolean(),
  /** Null when it is secret. */
  value: z.string().nullable(),
  isSet: z.boolean(),
  /** A secret's last 4 characters, when it has at least 12. */
  hint: z.string().nullable(),
})
export type SettingView = z.infer<typeof SettingView>

const serverFields = {
  name: z.string().trim().min(1, 'a name').max(200),
  description: z.string().max(10_000).default(''),
  transport: z.enum(['stdio', 'http']).default('stdio'),
  /** stdio: the program, by path or looked up on PATH. */
  command: z.string().trim().max(4_096).default(''),
  /** stdio: one row an argument, given to the program exactly so. */
  args: z.array(z.string().max(100_000)).max(500).default([]),
  /** http: the address of a streamable HTTP endpoint. */
  url: z.string().trim().max(4_096).default(''),
  /** New prompts have it switched on. */
  defaultEnabled: z.boolean().default(false),
  /** A prompt whose required server does not start fails before its model is asked. */
  required: z.boolean().default(true),
  /** How long it may take to start and answer. */
  startTimeoutSec: z.int().min(1).max(600).default(30),
} as const

export const McpServerInput = z.object({
  ...serverFields,
  /** stdio: what it finds in its environment besides PATH, HOME and the like. */
  env: z.array(SettingRow).max(200).default([]),
  /** http: headers of every request. */
  headers: z.array(SettingRow).max(200).default([]),
})
export type McpServerInput = z.input<typeof McpServerInput>

export const McpServer = z.object({
  /** Safe as a name; a Maistro server keeps its own id. */
  id: Slug,
  ...serverFields,
  env: z.array(SettingView),
  headers: z.array(SettingView),
  /** Changes with every edit, on disk too: send it back as `ifVersion`. */
  version: z.string(),
  updatedAt: Timestamp,
})
export type McpServer = z.infer<typeof McpServer>

/** What was found when an MCP server was started, greeted and asked for its tools. */
export const McpServerTest = z.object({
  ok: z.boolean(),
  durationMs: z.int().nonnegative(),
  /** What it calls itself. */
  serverName: z.string().nullable(),
  serverVersion: z.string().nullable(),
  protocolVersion: z.string().nullable(),
  tools: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      /** About how many tokens its definition takes in every request. */
      tokens: z.int().nonnegative(),
    }),
  ),
  /** Of all its tools together. */
  tokens: z.int().nonnegative(),
  error: z
    .object({
      kind: z.enum([
        'not_found',
        'not_executable',
        'exited',
        'timed_out',
        'garbage',
        'flooded',
        'protocol',
        'http',
        'network',
        'secret_missing',
      ]),
      message: z.string(),
      hint: z.string().nullable(),
    })
    .nullable(),
  /** The end of what it wrote to stderr. */
  stderr: z.string(),
})
export type McpServerTest = z.infer<typeof McpServerTest>
