// `maestro mcp`: the whole command line of what bin/maestro does the short way when it can. Serves one client on stdin
// and stdout, or opens a port of its own for clients that speak HTTP.

import { MaestroError, type McpProfile, mcpProfiles } from '#src/core/index.ts'
import { configInput, remoteUrl } from '../api.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { isClientName } from '../mcp-pipe/arguments.cjs'
import { run } from '../mcp-pipe/run.cjs'
import { safe } from '../style.ts'

export interface McpOptions extends GlobalOptions {
  readonly profile?: string
  readonly as?: string
  readonly transport: 'stdio' | 'streamable-http'
  readonly port?: number
  readonly host?: string
  readonly ensureOwner?: boolean
}

const defaultPort = 8222
/** Clients wait for a server that is slow to start; a machine at work may take long to make a first database. */
const startTimeoutMs = 50_000
const defaultHost = '127.0.0.1'

export async function mcp(cli: Cli, options: McpOptions): Promise<number> {
  const { profiles, as } = check(cli, options)
  const { dataDir } = await cli.deps.readConfig(configInput(cli, withoutBind(options)))
  const owner = {
    dataDir,
    version: cli.about.version,
    cwd: cli.io.cwd,
    env: cli.io.env,
    ensure: 'start',
    startTimeoutMs,
  } as const
  const ensureOwner = async (): Promise<void> => {
    const client = await cli.deps.ownerClient({ ...owner, anyVersion: true })
    client.close()
  }
  if (options.ensureOwner === true) {
    await ensureOwner()
    return exit.ok
  }
  if (options.transport === 'stdio') {
    return run({ dataDir, version: cli.about.version, profiles, ...(as === undefined ? {} : { as }), ensureOwner })
  }

  const { host = defaultHost, port = defaultPort } = options
  await using forwarded = await cli.deps.forwardPort({
    ...owner,
    host,
    port,
    profiles,
    onProblem: (error) => cli.io.err(`error: ${safe(error.message)}\n`),
  })
  cli.io.err(`Maestro serves MCP at ${forwarded.url}/mcp\n`)
  return await untilSignal(cli)
}

/** Where this command listens says nothing about where the server does. */
function withoutBind({ dataDir }: McpOptions): GlobalOptions {
  return dataDir === undefined ? {} : { dataDir }
}

/** @throws `invalid_input` with every problem at once */
function check(cli: Cli, options: McpOptions): { profiles: McpProfile[]; as: string | undefined } {
  const { profile = '', as, transport } = options
  const names = profile === '' ? [] : profile.split(',').map((name) => name.trim())
  const profiles = mcpProfiles.filter((known) => names.includes(known))
  const unknown = names.filter((name) => !mcpProfiles.some((known) => known === name))
  const issues = unknown.map((name) => ({
    path: '--profile',
    message: `"${name}" is not one of ${mcpProfiles.join(', ')}`,
  }))
  const problem = (path: string, message: string) => issues.push({ path, message })
  if (as !== undefined && !isClientName(as))
    problem('--as', 'a name has 1 to 64 letters, digits, spaces and .:@+-_, and begins with a letter or digit')
  if (transport === 'stdio' && (options.port !== undefined || options.host !== undefined))
    problem('--transport', '--port and --host are for streamable-http')
  if (transport === 'streamable-http' && as !== undefined)
    problem('--as', 'over HTTP a client is known by its token; --as is for stdio')
  const url = remoteUrl(cli, options)
  if (url !== undefined)
    problem(
      'MAESTRO_URL',
      `it names another Maestro: give the client its address, ${url.replace(/\/$/, '')}/mcp, and a token`,
    )
  if (issues.length === 0) return { profiles, as }
  throw new MaestroError('invalid_input', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    issues,
    hint: 'maestro mcp --help shows what it takes',
  })
}

/** The exit code of the signal that ends it. */
function untilSignal({ io }: Cli): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      io.onSignal(signal, () => resolve(code))
    }
  })
}
