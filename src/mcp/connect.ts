// The exact lines by which each client comes to know this Maestro. Pure. Where a client documents a command for it, that
// command; else the piece of its file.

import type { McpProfile } from '#src/core/index.ts'
import { type ConnectGuide, type ConnectSnippet, tokenPlace } from './contract.ts'

export interface ConnectTo {
  /** The program, by its whole path: clients start it without a shell and with a PATH of their own. */
  readonly command: string
  readonly args: readonly string[]
  /** Of the page's server, without `/mcp`. */
  readonly url: string
  readonly needsToken: boolean
  readonly profiles: readonly McpProfile[]
}

export function connectGuide(to: ConnectTo): ConnectGuide {
  const isDefault = to.profiles.length === 0 || (to.profiles.length === 1 && to.profiles[0] === 'default')
  const stdio = { command: to.command, args: [...to.args, ...(isDefault ? [] : ['--profile', to.profiles.join(',')])] }
  const url = `${to.url.replace(/\/$/, '')}/mcp${isDefault ? '' : `?profile=${to.profiles.join(',')}`}`
  return { stdio, http: { url, needsToken: to.needsToken }, snippets: snippetsFor(stdio, url, to.needsToken) }
}

interface Stdio {
  readonly command: string
  readonly args: readonly string[]
}

function snippetsFor({ command, args }: Stdio, url: string, needsToken: boolean): ConnectSnippet[] {
  const line = [command, ...args].map(shellWord).join(' ')
  const bearer = `Authorization: Bearer ${tokenPlace}`
  const header = needsToken ? ` --header ${shellWord(bearer)}` : ''
  const server = { command, args: [...args] }
  const servers = json({ mcpServers: { maestro: server } })
  const remote = needsToken ? { url, headers: { Authorization: `Bearer ${tokenPlace}` } } : { url }
  return [
    {
      client: 'claude-code',
      title: 'Claude Code',
      transport: 'stdio',
      how: 'command',
      text: `claude mcp add --scope user maestro -- ${line}`,
    },
    {
      client: 'claude-code',
      title: 'Claude Code',
      transport: 'http',
      how: 'command',
      text: `claude mcp add --scope user --transport http maestro ${shellWord(url)}${header}`,
    },
    {
      client: 'claude-desktop',
      title: 'Claude Desktop',
      transport: 'stdio',
      how: 'file',
      path: 'claude_desktop_config.json (Settings, Developer, Edit Config)',
      text: servers,
    },
    {
      client: 'codex',
      title: 'Codex',
      transport: 'stdio',
      how: 'command',
      text: `codex mcp add maestro -- ${line}`,
    },
    {
      client: 'codex',
      title: 'Codex',
      transport: 'http',
      how: 'file',
      path: '~/.codex/config.toml',
      text: [
        '[mcp_servers.maestro]',
        `url = ${JSON.stringify(url)}`,
        ...(needsToken ? [`http_headers = { Authorization = ${JSON.stringify(`Bearer ${tokenPlace}`)} }`] : []),
      ].join('\n'),
    },
    {
      client: 'gemini',
      title: 'Gemini CLI',
      transport: 'stdio',
      how: 'file',
      path: '~/.gemini/settings.json',
      text: servers,
    },
    {
      client: 'gemini',
      title: 'Gemini CLI',
      transport: 'http',
      how: 'file',
      path: '~/.gemini/settings.json',
      text: json({
        mcpServers: {
          maestro: { httpUrl: url, ...(needsToken ? { headers: { Authorization: `Bearer ${tokenPlace}` } } : {}) },
        },
      }),
    },
    {
      client: 'goose',
      title: 'Goose',
      transport: 'stdio',
      how: 'file',
      path: '~/.config/goose/config.yaml',
      text: [
        'extensions:',
        '  maestro:',
        '    enabled: true',
        '    type: stdio',
        '    name: maestro',
        `    cmd: ${JSON.stringify(command)}`,
        `    args: ${JSON.stringify(args)}`,
        '    timeout: 300',
      ].join('\n'),
    },
    { client: 'cursor', title: 'Cursor', transport: 'stdio', how: 'file', path: '~/.cursor/mcp.json', text: servers },
    {
      client: 'cursor',
      title: 'Cursor',
      transport: 'http',
      how: 'file',
      path: '~/.cursor/mcp.json',
      text: json({ mcpServers: { maestro: remote } }),
    },
    {
      client: 'vscode',
      title: 'VS Code',
      transport: 'stdio',
      how: 'command',
      text: `code --add-mcp ${shellWord(JSON.stringify({ name: 'maestro', ...server }))}`,
    },
    {
      client: 'vscode',
      title: 'VS Code',
      transport: 'http',
      how: 'command',
      text: `code --add-mcp ${shellWord(JSON.stringify({ name: 'maestro', type: 'http', ...remote }))}`,
    },
    {
      client: 'inspector',
      title: 'MCP Inspector',
      transport: 'stdio',
      how: 'command',
      text: `npx @modelcontextprotocol/inspector ${line}`,
    },
    {
      client: 'mcp-remote',
      title: 'Any stdio client, through mcp-remote',
      transport: 'http',
      how: 'file',
      path: 'the file of that client',
      text: json({
        mcpServers: {
          // Some clients split arguments at spaces, so the header's value comes from a variable.
          maestro: {
            command: 'npx',
            args: [
              '-y',
              'mcp-remote',
              url,
              ...(needsToken ? ['--header', 'Authorization:${MAESTRO_AUTHORIZATION}'] : []),
            ],
            ...(needsToken ? { env: { MAESTRO_AUTHORIZATION: `Bearer ${tokenPlace}` } } : {}),
          },
        },
      }),
    },
  ]
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2)
}

/** As one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
