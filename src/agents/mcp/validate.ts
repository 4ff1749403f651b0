// What a person may save as an MCP server, beyond the shape of the contract: every problem with its path.
// What cannot be given to a process or sent as a header is refused here, not found when a turn starts. Pure.

import { z } from 'zod'
import { Slug } from '#src/core/contract.ts'
import { McpServerInput } from '../contract.ts'
import { isReference, type RowList } from './stored.ts'

type Input = z.output<typeof McpServerInput>
type Report = (path: (string | number)[], message: string) => void

/** Set by the transport itself; a second one would break the conversation. */
const ownHeaders = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function checkServer(input: Input, report: Report): void {
  if (input.transport === 'stdio') checkCommand(input, report)
  else checkUrl(input.url, report)
  input.args.forEach((argument, index) => {
    if (argument.includes('\0')) report(['args', index], 'a text without a NUL character')
  })
  checkRows('env', input.env, checkVariable, report)
  checkRows('headers', input.headers, checkHeader, report)
}

function checkCommand({ command }: Input, report: Report): void {
  if (command === '') report(['command'], 'the program to start, such as npx or /usr/bin/python3')
  else if (/[\0\n\r]/.test(command)) report(['command'], 'a program on one line; arguments go into their own rows')
}

function checkUrl(url: string, report: Report): void {
  const wanted = 'an http:// or https:// address, such as https://example.com/mcp'
  if (!URL.canParse(url)) {
    report(['url'], wanted)
    return
  }
  const { protocol, username, password, hash } = new URL(url)
  if (!['http:', 'https:'].includes(protocol)) report(['url'], wanted)
  if (username !== '' || password !== '') {
    report(['url'], 'an address without user and password; put them into a header such as Authorization')
  }
  if (hash !== '') report(['url'], 'an address without #fragment')
}

type Row = Input['env'][number]
type CheckRow = (row: Row, report: (field: 'name' | 'value', message: string) => void) => void

function checkRows(list: RowList, rows: readonly Row[], check: CheckRow, report: Report): void {
  const seen = new Set<string>()
  rows.forEach((row, index) => {
    const say = (field: 'name' | 'value', message: string): void => report([list, index, field], message)
    // Names of headers differ by more than the case of their letters.
    const key = list === 'headers' ? row.name.toLowerCase() : row.name
    if (seen.has(key)) say('name', `given once; ${row.name} is there twice`)
    seen.add(key)
    check(row, say)
    if (!row.isSecret && typeof row.value === 'string' && isReference(row.value)) {
      say('value', 'a value that does not look like the name of a stored secret')
    }
  })
}

const checkVariable: CheckRow = ({ name, value }, say) => {
  if (/[=\0]/.test(name)) say('name', 'a name without = and without a NUL character')
  if (name === 'MAESTRO_RUN_ID') say('name', 'another name: Maestro finds the processes of a turn by this one')
  if (value?.includes('\0') === true) say('value', 'a value without a NUL character')
}

const checkHeader: CheckRow = ({ name, value }, say) => {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) say('name', 'a header name such as Authorization')
  else if (ownHeaders.has(name.toLowerCase())) say('name', 'another header: the protocol sets this one itself')
  // RFC 9110, 5.5: what a field value may hold; fetch takes no character above U+00FF.
  if (typeof value === 'string' && !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    say('value', 'one line of text without control characters, and none outside Latin-1')
  }
}

function refine(input: Input, context: z.RefinementCtx<Input>): void {
  checkServer(input, (path, message) => context.addIssue({ code: 'custom', path, message, input }))
}

export const ValidServer = McpServerInput.superRefine(refine)
/** With an id of the caller's choice, which must be free. */
export const ValidNewServer = McpServerInput.extend({ id: Slug.optional() }).superRefine(refine)
/** `ifVersion`: the version the edit began from. */
export const ValidServerEdit = McpServerInput.extend({
  serverId: z.string(),
  ifVersion: z.string().optional(),
}).superRefine(refine)
/** `serverId`: whose stored secrets count for rows without a value. */
export const ValidServerTry = McpServerInput.extend({ serverId: z.string().optional() }).superRefine(refine)
