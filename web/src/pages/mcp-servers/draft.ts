// An MCP server as it is being written: what its form holds, what of it is sent, what is wrong with it and what
// has changed. A stored secret is never here: its row holds only that there is one. Pure.

import type { McpServer, McpServerInput } from '#src/agents/contract.ts'
import { joinWords } from '../../lib/command-line.ts'

export interface ArgumentRow {
  /** Tells rows apart while they move. */
  readonly key: string
  readonly text: string
}

export interface SettingDraft {
  readonly key: string
  readonly name: string
  readonly isSecret: boolean
  readonly value: string
  /** Of a stored secret that stays as it is: its last characters, where they may be shown. */
  readonly kept: { readonly hint: string | null } | null
}

export type SettingKind = 'env' | 'headers'

export interface ServerDraft {
  readonly name: string
  readonly description: string
  readonly transport: 'stdio' | 'http'
  readonly command: string
  readonly args: readonly ArgumentRow[]
  readonly url: string
  readonly env: readonly SettingDraft[]
  readonly headers: readonly SettingDraft[]
  readonly defaultEnabled: boolean
  readonly required: boolean
  readonly startTimeoutSec: number | null
}

export const defaultStartTimeoutSec = 30

let rows = 0
const newKey = () => `row-${++rows}`

export const argumentRow = (text: string): ArgumentRow => ({ key: newKey(), text })

export const settingRow = (name = '', value = '', isSecret = looksSecret(name)): SettingDraft => ({
  key: newKey(),
  name,
  value,
  isSecret,
  kept: null,
})

export const blankServer = (): ServerDraft => ({
  name: '',
  description: '',
  transport: 'stdio',
  command: '',
  args: [],
  url: '',
  env: [],
  headers: [],
  defaultEnabled: false,
  required: true,
  startTimeoutSec: null,
})

export function draftOf(server: McpServer): ServerDraft {
  const settings = (kind: SettingKind): SettingDraft[] =>
    server[kind].map((row) => ({
      key: newKey(),
      name: row.name,
      isSecret: row.isSecret,
      value: row.value ?? '',
      kept: row.isSecret && row.isSet ? { hint: row.hint } : null,
    }))
  return {
    ...blankServer(),
    name: server.name,
    description: server.description,
    transport: server.transport,
    command: server.command,
    args: server.args.map(argumentRow),
    url: server.url,
    env: settings('env'),
    headers: settings('headers'),
    defaultEnabled: server.defaultEnabled,
    required: server.required,
    startTimeoutSec: server.startTimeoutSec === defaultStartTimeoutSec ? null : server.startTimeoutSec,
  }
}

/**
 * What is sent. Rows that were added and never filled in are left out; an empty argument is an argument; a secret
 * without a value is sent without one, which keeps what is stored.
 */
export function inputOf(draft: ServerDraft): McpServerInput {
  const settings = (kind: SettingKind) =>
    draft[kind]
      .filter((row) => row.name.trim() !== '' || row.value !== '')
      .map(({ name, isSecret, value, kept }) => ({
        name: name.trim(),
        isSecret,
        ...(kept === null && !(isSecret && value === '') ? { value } : {}),
      }))
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    transport: draft.transport,
    command: draft.transport === 'stdio' ? draft.command.trim() : '',
    args: draft.transport === 'stdio' ? draft.args.map((row) => row.text) : [],
    env: draft.transport === 'stdio' ? settings('env') : [],
    url: draft.transport === 'http' ? draft.url.trim() : '',
    headers: draft.transport === 'http' ? settings('headers') : [],
    defaultEnabled: draft.defaultEnabled,
    required: draft.required,
    startTimeoutSec: draft.startTimeoutSec ?? defaultStartTimeoutSec,
  }
}

export interface Problem {
  readonly path: string
  readonly message: string
}

export function problemsOf(draft: ServerDraft): Problem[] {
  const found: Problem[] = []
  const say = (path: string, message: string) => found.push({ path, message })
  if (draft.name.trim() === '') say('name', 'A name.')
  if (draft.transport === 'stdio' && draft.command.trim() === '')
    say('command', 'The program that is started, such as node or npx.')
  if (draft.transport === 'http' && !isHttpUrl(draft.url.trim()))
    say('url', 'An http:// or https:// address, such as https://example.com/mcp.')
  const limit = draft.startTimeoutSec
  if (limit !== null && !(Number.isInteger(limit) && limit >= 1 && limit <= 600))
    say('startTimeoutSec', 'A time from 1 s to 10 min, such as 30 s.')
  const kind: SettingKind = draft.transport === 'stdio' ? 'env' : 'headers'
  draft[kind].forEach((row, index) => {
    const message = settingProblem(kind, row, draft[kind])
    if (message !== undefined) say(`${kind}.${index}`, message)
  })
  return found
}

function settingProblem(kind: SettingKind, row: SettingDraft, all: readonly SettingDraft[]): string | undefined {
  const name = row.name.trim()
  if (name === '') return row.value === '' ? undefined : 'A name for this value.'
  const right = kind === 'env' ? /^[^=\0\s]+$/ : /^[!#$%&'*+.^_`|~\w-]+$/
  if (!right.test(name))
    return kind === 'env' ? `"${name}" cannot be a variable's name.` : `"${name}" cannot be a header's name.`
  const same = (other: string) =>
    kind === 'env' ? other.trim() === name : other.trim().toLowerCase() === name.toLowerCase()
  if (all.some((other) => other !== row && same(other.name))) return `${name} is here twice.`
  return undefined
}

/** It may be stored so; a prompt that needs the server then fails before its model is asked. */
export const lacksValue = (row: SettingDraft) =>
  row.isSecret && row.kept === null && row.value === '' && row.name.trim() !== ''

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

const labels: Record<keyof McpServerInput, string> = {
  name: 'Name',
  description: 'Description',
  transport: 'Transport',
  command: 'Command',
  args: 'Arguments',
  env: 'Environment variables',
  url: 'URL',
  headers: 'Headers',
  defaultEnabled: 'Enable by default for new prompts',
  required: 'Required',
  startTimeoutSec: 'Start time limit',
}

/** Fields that differ, by the words of the form. */
export function changesOf(before: ServerDraft, after: ServerDraft): string[] {
  const [was, is] = [inputOf(before), inputOf(after)]
  return (Object.keys(labels) as (keyof McpServerInput)[])
    .filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
    .map((field) => labels[field])
}

/** A server as lines, for showing two side by side; of secrets only that they are there. */
export function asLines(draft: ServerDraft): string[] {
  const input = inputOf(draft)
  const settings = (
    rows: readonly { name: string; isSecret?: boolean | undefined; value?: string | null | undefined }[],
  ) => rows.map((row) => `${row.name}: ${row.isSecret === true ? 'secret' : (row.value ?? '')}`)
  return [
    `Name: ${input.name}`,
    ...(input.description === '' ? [] : [`Description: ${input.description}`]),
    ...(draft.transport === 'http'
      ? [`URL: ${input.url}`, ...settings(input.headers ?? [])]
      : [
          `Command: ${input.command}`,
          ...(input.args ?? []).map((word) => `Argument: ${word}`),
          ...settings(input.env ?? []),
        ]),
    `Enabled by default: ${draft.defaultEnabled ? 'yes' : 'no'}`,
    `Required: ${draft.required ? 'yes' : 'no'}`,
    `Start time limit: ${input.startTimeoutSec} s`,
  ]
}

/** Exactly what would be run or asked, for a person to judge. */
export function launchLine(server: Pick<McpServerInput, 'transport' | 'command' | 'args' | 'url'>): string {
  return server.transport === 'http' ? (server.url ?? '') : joinWords([server.command ?? '', ...(server.args ?? [])])
}

export function looksSecret(name: string): boolean {
  return /key|token|secret|passw|credential|auth|cookie|dsn|connection/i.test(name)
}
