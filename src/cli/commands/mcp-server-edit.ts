// `maestro mcp-servers add` and `edit`.

import { McpServer, type McpServerInput, type SettingRow, type SettingView } from '#src/agents/contract.ts'
import { MaestroError } from '#src/core/index.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { plainValues, readValues, secretNames } from '../setting-values.ts'
import { clip } from '../style.ts'
import { describe, findServer } from './mcp-servers.ts'

interface Settings extends GlobalOptions {
  readonly url?: string
  readonly env?: readonly string[]
  readonly plainEnv?: readonly string[]
  readonly header?: readonly string[]
  readonly description?: string
  readonly default?: boolean
  readonly optional?: boolean
  readonly startTimeout?: number
}

interface Changes extends Settings {
  readonly name?: string
  readonly required?: boolean
  readonly removeEnv?: readonly string[]
  readonly removeHeader?: readonly string[]
}

export async function add(cli: Cli, options: Settings, name = '', ...command: string[]): Promise<number> {
  secretNames('--env', options.env ?? [])
  const fields = programOrUrl(options, command)
  if (fields === undefined) {
    throw new MaestroError('invalid_input', `how is "${name}" reached? A program after --, or --url, is missing`, {
      hint: `maestro mcp-servers add ${name} -- npx -y @example/server`,
    })
  }
  const { env, headers } = await settingsOf(cli, options)
  return withApi(cli, options, async (api) => {
    const input: McpServerInput = { name, ...fields, ...common(options), env, headers }
    const server = await api.call('POST', '/mcp-servers', McpServer, input)
    if (options.json === true) printJson(cli, server)
    else {
      cli.io.out(`Added ${server.id}.\n`)
      cli.io.err(`Try it:  maestro mcp-servers test ${server.id}\n`)
    }
    return exit.ok
  })
}

export async function edit(cli: Cli, options: Changes, typed = '', ...command: string[]): Promise<number> {
  const { env, headers } = await settingsOf(cli, options)
  return withApi(cli, options, async (api) => {
    const server = await findServer(api, typed)
    const input: McpServerInput & { ifVersion: string } = {
      name: options.name ?? server.name,
      description: server.description,
      transport: server.transport,
      command: server.command,
      args: server.args,
      url: server.url,
      defaultEnabled: server.defaultEnabled,
      required: options.required ?? server.required,
      startTimeoutSec: server.startTimeoutSec,
      ...programOrUrl(options, command),
      ...common(options),
      env: merged(server.env, env, options.removeEnv ?? [], '--remove-env'),
      headers: merged(server.headers, headers, options.removeHeader ?? [], '--remove-header'),
      ifVersion: server.version,
    }
    const saved = await api.call('PUT', `/mcp-servers/${server.id}`, McpServer, input)
    if (options.json === true) printJson(cli, saved)
    else cli.io.out(`Saved "${clip(saved.name, 100)}".\n\n${describe(cli, saved)}`)
    return exit.ok
  })
}

/** @throws `invalid_input` for both at once */
function programOrUrl({ url }: Settings, [program, ...args]: readonly string[]): Partial<McpServerInput> | undefined {
  if (url !== undefined && program !== undefined)
    throw new MaestroError(
      'invalid_input',
      'a server is either a program or an address: leave out --url or the program',
    )
  if (url !== undefined) return { transport: 'http', url }
  return program === undefined ? undefined : { transport: 'stdio', command: program, args }
}

function common(options: Settings): Partial<McpServerInput> {
  const { description, startTimeout } = options
  return {
    ...(description === undefined ? {} : { description }),
    ...(options.default === undefined ? {} : { defaultEnabled: options.default }),
    ...(options.optional === undefined ? {} : { required: false }),
    ...(startTimeout === undefined ? {} : { startTimeoutSec: startTimeout }),
  }
}

async function settingsOf(cli: Cli, options: Settings): Promise<{ env: SettingRow[]; headers: SettingRow[] }> {
  const names = secretNames('--env', options.env ?? [])
  const headerNames = secretNames('--header', options.header ?? [])
  const plain = plainValues(options.plainEnv ?? [])
  const values = await readValues(cli.io, [...names, ...headerNames])
  const secret = (name: string): SettingRow => ({ name, isSecret: true, value: values.get(name) ?? null })
  return {
    env: [...names.map(secret), ...plain.map((row) => ({ ...row, isSecret: false }))],
    headers: headerNames.map(secret),
  }
}

/** The stored rows, secret values untouched, with what was named in place of or after them. */
function merged(
  stored: readonly SettingView[],
  changes: readonly SettingRow[],
  removed: readonly string[],
  option: string,
): SettingRow[] {
  const unknown = removed.filter((name) => !stored.some((row) => row.name === name))
  if (unknown.length > 0) {
    throw new MaestroError('invalid_input', `${option}: there is no ${unknown.join(', ')}`, {
      hint: `there are: ${stored.map(({ name }) => name).join(', ') || 'none'}`,
    })
  }
  const kept = stored
    .filter(({ name }) => !removed.includes(name) && !changes.some((row) => row.name === name))
    .map(({ name, isSecret, value }) => ({ name, isSecret, value }))
  return [...kept, ...changes]
}
