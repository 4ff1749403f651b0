// `maestro mcp-servers list | show | remove | test`.

import { McpServer, McpServerTest, type SettingView } from '#src/agents/contract.ts'
import { joinArguments, listOf } from '#src/core/index.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { duration, plural, table } from '../format.ts'
import { findNamed } from '../resolve.ts'
import { clip, safe } from '../style.ts'

const nouns = { one: 'MCP server', many: 'MCP servers', list: 'maestro mcp-servers' }

export async function findServer(api: Api, typed: string): Promise<McpServer> {
  return findNamed((await api.call('GET', '/mcp-servers', listOf(McpServer))).items, typed, nouns)
}

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/mcp-servers', listOf(McpServer))
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no MCP servers: maestro mcp-servers add <name> -- <command>\n')
    else {
      const rows = items.map((server) => [
        server.id,
        clip(server.name, 40),
        clip(reachedBy(server), 50),
        missing(server).length === 0 ? '' : { text: `needs ${missing(server).join(', ')}`, paint: cli.style.yellow },
        server.defaultEnabled ? 'default' : '',
      ])
      cli.io.out(table(cli.style, ['ID', 'NAME', 'STARTS', 'LACKS', ''], rows))
    }
    return exit.ok
  })
}

function reachedBy({ transport, url, command, args }: McpServer): string {
  return transport === 'http' ? url : joinArguments([command, ...args])
}

/** Names of secrets that have no value: after an import, or an edit by hand. */
function missing({ env, headers }: McpServer): string[] {
  return [...env, ...headers].filter(({ isSet }) => !isSet).map(({ name }) => safe(name))
}

export function show(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const server = await findServer(api, typed)
    if (options.json === true) printJson(cli, server)
    else cli.io.out(describe(cli, server))
    return exit.ok
  })
}

export function describe({ style }: Cli, server: McpServer): string {
  const row = (name: string, value: string) => `${style.dim(name.padEnd(14))}${safe(value)}\n`
  const setting = (row: SettingView) =>
    `  ${safe(row.name)} = ${row.isSecret ? secretText(row) : safe(row.value ?? '')}\n`
  const settings = (title: string, rows: readonly SettingView[]) =>
    rows.length === 0 ? '' : `${style.dim(title)}\n${rows.map(setting).join('')}`
  return [
    `${style.bold(safe(server.name))}  ${style.dim(server.id)}\n`,
    server.description === '' ? '' : `${safe(server.description)}\n`,
    server.transport === 'http' ? row('Address', server.url) : row('Starts', reachedBy(server)),
    row('If it fails', server.required ? 'the prompt fails' : 'the prompt goes on without it'),
    row('New prompts', server.defaultEnabled ? 'have it' : 'do not have it'),
    row('Start within', `${server.startTimeoutSec} s`),
    settings('Environment', server.env),
    settings('Headers', server.headers),
  ].join('')
}

function secretText({ isSet, hint }: SettingView): string {
  return isSet ? `(secret${hint === null ? '' : `, ends in ${safe(hint)}`})` : '(secret, not set)'
}

export function remove(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findServer(api, typed)
    const removed = await api.call('DELETE', `/mcp-servers/${id}`, McpServer)
    if (options.json === true) printJson(cli, removed)
    else cli.io.out(`Removed "${clip(removed.name, 100)}" and its stored values.\n`)
    return exit.ok
  })
}

export function test(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id, name } = await findServer(api, typed)
    const found = await api.call('POST', `/mcp-servers/${id}/test`, McpServerTest, {})
    if (options.json === true) printJson(cli, found)
    else cli.io.out(report(cli, name, found))
    return found.ok ? exit.ok : exit.failed
  })
}

function report({ style }: Cli, name: string, found: McpServerTest): string {
  const { error, tools, tokens, serverName, serverVersion, durationMs } = found
  if (error !== null) {
    const hint = error.hint === null ? '' : `  ${style.cyan('hint:')} ${safe(error.hint)}\n`
    const said = found.stderr.trim() === '' ? '' : `${style.dim('  it wrote:')}\n${indented(found.stderr)}`
    return `${style.red('✗')} ${style.bold(clip(name, 80))}  ${safe(error.message)}\n${hint}${said}`
  }
  const who = [serverName, serverVersion].filter((part) => part !== null).join(' ')
  const head = `${style.green('✓')} ${style.bold(clip(name, 80))}  ${style.dim(safe([who, `answered in ${duration(durationMs)}`, plural(tools.length, 'tool'), `about ${tokens} tokens in each request`].filter((part) => part !== '').join(' · ')))}\n`
  return head + tools.map((tool) => `  ${safe(tool.name)}  ${style.dim(clip(tool.description, 70))}\n`).join('')
}

function indented(text: string): string {
  return safe(text)
    .trimEnd()
    .split('\n')
    .slice(-10)
    .map((line) => `    ${line}\n`)
    .join('')
}
