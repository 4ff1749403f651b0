// An MCP server in Maistro's words (arguments as one line, environment as a map), and back over the stored one. Pure.

import type { McpServer, McpServerInput, SettingRow } from '#src/agents/contract.ts'
import { type Issue, joinArguments, MaestroError, splitArguments } from '#src/core/index.ts'
import { isMask, mask, type ServerInput, type ServerRow } from './shapes.ts'

export function toServerRow(server: McpServer): ServerRow {
  return {
    id: server.id,
    name: server.name,
    command: server.command,
    args: joinArguments(server.args),
    env: Object.fromEntries(
      server.env.map((row) => [row.name, row.isSecret ? (row.isSet ? mask : '') : (row.value ?? '')]),
    ),
    description: server.description,
    defaultEnabled: server.defaultEnabled,
  }
}

/**
 * What the client sent, over the stored server: addresses, headers, time limits and the masked values stay.
 * @throws `invalid_input` with every problem: no command, a mask where nothing is stored
 */
export function toServerInput(input: ServerInput, stored: McpServer | undefined): McpServerInput {
  const issues: Issue[] = []
  const isHttp = stored?.transport === 'http' && input.command === ''
  if (!isHttp && input.command === '') issues.push({ path: 'command', message: 'the program to start' })
  const env = Object.entries(input.env ?? {}).map(([name, value]) => toRow(name, value, stored, issues))
  if (issues.length > 0) {
    const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
    throw new MaestroError('invalid_input', `the MCP server is not valid: ${list}`, { issues })
  }
  return {
    name: input.name,
    command: input.command,
    args: toArguments(input.args, stored),
    env,
    description: input.description ?? '',
    defaultEnabled: input.defaultEnabled ?? false,
    ...(stored === undefined
      ? {}
      : {
          transport: isHttp ? 'http' : 'stdio',
          url: stored.url,
          required: stored.required,
          startTimeoutSec: stored.startTimeoutSec,
          headers: stored.headers.map(({ name, isSecret, value }) => ({ name, isSecret, value })),
        }),
  }
}

/** A line that has not changed means the arguments that are stored, however they were quoted. */
function toArguments(args: ServerInput['args'], stored: McpServer | undefined): string[] {
  if (Array.isArray(args)) return args
  const line = args ?? ''
  return stored !== undefined && line === joinArguments(stored.args) ? stored.args : splitArguments(line)
}

function toRow(name: string, value: string, stored: McpServer | undefined, issues: Issue[]): SettingRow {
  const before = stored?.env.find((row) => row.name === name)
  if (before?.isSecret === false) return { name, isSecret: false, value }
  // As it was shown: a secret that nobody has entered yet is not entered by this.
  if (before?.isSet === false && value === '') return { name, isSecret: true }
  if (!isMask(value)) return { name, isSecret: true, value }
  if (before?.isSet !== true)
    issues.push({ path: `env.${name}`, message: 'this is the mask, and no value is stored behind it: send the value' })
  return { name, isSecret: true }
}
