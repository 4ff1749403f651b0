// Verbs about the server itself, its credentials and secrets.

import { Option } from 'commander'
import type { Group, Leaf } from '../leaf.ts'
import { whole } from './numbers.ts'

export function addServerVerbs(verb: Leaf): void {
  verb(
    {
      usage: 'serve',
      summary: 'start the server in the foreground',
      details:
        'It owns the data folder; when one runs already, its address is printed instead. Ctrl-C stops it; runs that are under way go on at the next start.',
      example: 'maestro serve --port 4000',
      options: [
        new Option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine only)'),
        new Option('--port <number>', 'port to listen on (default: 3000)').argParser(whole(0, 65_535)),
        new Option('--open-link', 'open the sign-in link in the browser when there is a desktop'),
        new Option('--on-demand', 'as started by other commands: leave when idle').hideHelp(),
      ],
    },
    async () => (await import('../commands/serve.ts')).serve,
  )
  verb(
    {
      usage: 'open',
      summary: 'open the page, signed in',
      details: 'Prints a fresh one-time sign-in link and, on a desktop, opens it in the browser.',
      example: 'maestro open --print',
      options: [new Option('--print', 'only print the link')],
    },
    async () => (await import('../commands/open.ts')).open,
  )
  verb(
    {
      usage: 'status',
      summary: 'is Maestro running, and where',
      details: 'Starts nothing. Exit code 5 when it does not run.',
      example: 'maestro status',
    },
    async () => (await import('../commands/status.ts')).status,
  )
  verb(
    {
      usage: 'stop',
      summary: 'stop the running Maestro',
      details:
        'Agents that are at work go on, and are picked up at the next start. With --all it is the other way round: all work is asked to stop and nothing new starts, and the server goes on.',
      example: 'maestro stop',
      options: [new Option('--all', 'stop every run and command instead of the server, and pause')],
    },
    async () => (await import('../commands/status.ts')).stop,
  )
  verb(
    {
      usage: 'doctor',
      summary: 'check what Maestro needs and say how to fix it',
      details: 'Exit code 1 when something is broken.',
      example: 'maestro doctor',
    },
    async () => (await import('../commands/doctor.ts')).doctor,
  )
}

export function addMcpVerb(verb: Leaf): void {
  verb(
    {
      usage: 'mcp',
      summary: 'serve MCP to an agent or editor that starts this command',
      details:
        'Over stdin and stdout; Maestro is started when it does not run, and calls that its end cut off are answered with what is known of them. With --transport streamable-http the same on a port of its own, at /mcp, for clients with a token.',
      example: 'maestro mcp --profile core,workflows',
      options: [
        new Option('--profile <names>', 'sets of tools to list, with commas: default, core, full, compat, workflows'),
        new Option('--as <name>', 'what rules and records call this client (default: what it calls itself)'),
        new Option('--transport <kind>', 'how the client speaks')
          .choices(['stdio', 'streamable-http'])
          .default('stdio'),
        new Option('--port <number>', 'port for streamable-http (default: 8222)').argParser(whole(0, 65_535)),
        new Option('--host <address>', 'address for streamable-http (default: 127.0.0.1, this machine only)'),
        new Option('--ensure-owner', 'only bring Maestro up').hideHelp(),
      ],
    },
    async () => (await import('../commands/mcp.ts')).mcp,
  )
}

export function addCredentialVerbs(group: Group): void {
  const secret = group(
    'secrets',
    'keep keys and passwords, encrypted; they can be set but not read back',
    'maestro secrets set OPENROUTER_API_KEY',
  )
  secret(
    { usage: 'list', summary: 'list the names', example: 'maestro secrets list', isDefault: true },
    async () => (await import('../commands/secrets.ts')).list,
  )
  secret(
    {
      usage: 'set <NAME>',
      summary: 'store a secret; its value is read from stdin, or asked for without echo',
      details: 'Never an argument: other users of the machine and the history of the shell would see it.',
      example: 'maestro secrets set OPENROUTER_API_KEY',
    },
    async () => (await import('../commands/secrets.ts')).set,
  )
  secret(
    { usage: 'delete <NAME>', summary: 'forget a secret', example: 'maestro secrets delete OPENROUTER_API_KEY' },
    async () => (await import('../commands/secrets.ts')).remove,
  )

  const token = group(
    'token',
    'make and revoke tokens for programs that call Maestro',
    'maestro token create ci --days 90',
  )
  token(
    {
      usage: 'create <name>',
      summary: 'make a token and print it, once',
      details: 'Only the token goes to stdout.',
      example: 'maestro token create ci --days 90 --read-only',
      options: [
        new Option('--days <number>', 'days until it expires (default: never)').argParser(whole(1, 3_650)),
        new Option('--read-only', 'it may look, not change or start anything'),
        new Option(
          '--agent',
          'for an agent: it may work, but not make credentials, decide approvals, or change rules and brakes',
        ),
      ],
    },
    async () => (await import('../commands/tokens.ts')).create,
  )
  token(
    { usage: 'list', summary: 'list the tokens', example: 'maestro token list', isDefault: true },
    async () => (await import('../commands/tokens.ts')).list,
  )
  token(
    { usage: 'revoke <id>', summary: 'end a token at once', example: 'maestro token revoke tok_5fq0' },
    async () => (await import('../commands/tokens.ts')).revoke,
  )
}
