// Starts (or calls) an MCP server as an agent would, greets it and asks for its tools. However it behaves,
// there is an answer within its start time-out, memory stays bounded, and no process of it is left.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { createRedactor, joinSecrets, MaestroError } from '#src/core/index.ts'
import type { HttpServerLaunch, McpServerLaunch, StdioServerLaunch } from '../../adapter.ts'
import { bounded, tail } from '../../bounds.ts'
import type { McpServerTest } from '../../contract.ts'
import { createBoundedFetch } from './bounded-fetch.ts'
import { CheckFailure, flooded, timedOut, translate } from './failure.ts'
import { StdioServer } from './stdio-transport.ts'

export interface CheckDeps {
  /** What a server's process inherits: `serverEnvironment`. */
  readonly env: Readonly<Record<string, string>>
  /** Begins the marker of every process that is started here. */
  readonly markerPrefix: string
  /** What must not be seen besides the server's own secrets. */
  readonly secretValues: () => readonly string[]
}

/** The variable by which processes of turns are found, and of checks. */
export const markerName = 'MAESTRO_RUN_ID'

const maxAnswerBytes = 8 * 1024 * 1024
const maxPages = 50
const maxTools = 2_000
const maxStderrChars = 4 * 1024
/** Of the time to start: how long to wait for an answer to the newer greeting before the older one is tried. */
const newerGreetingMs = 5_000
const goodbyeMs = 2_000

type Found = Pick<McpServerTest, 'serverName' | 'serverVersion' | 'protocolVersion' | 'tools' | 'tokens'>

const nothingFound: Found = { serverName: null, serverVersion: null, protocolVersion: null, tools: [], tokens: 0 }

/** Never throws for what the server does. @throws `cancelled` when `signal` is aborted */
export async function checkServer(
  deps: CheckDeps,
  server: McpServerLaunch,
  signal: AbortSignal,
): Promise<McpServerTest> {
  const startedAt = performance.now()
  const redactor = createRedactor(joinSecrets(server.secrets, deps.secretValues))
  const answer = (found: Found, stderr: string, failure: CheckFailure | null): McpServerTest => ({
    ok: failure === null,
    durationMs: Math.round(performance.now() - startedAt),
    ...found,
    error:
      failure === null
        ? null
        : {
            kind: failure.kind,
            message: redactor.text(failure.message),
            hint: failure.hint === null ? null : redactor.text(failure.hint),
          },
    stderr: tail(redactor.text(stderr), maxStderrChars),
  })
  if (server.missing.length > 0) return answer(nothingFound, '', secretMissing(server))
  const unusable = server.transport === 'http' ? unusableAddress(server) : null
  if (unusable !== null) return answer(nothingFound, '', unusable)
  const { found, stderr, failure } = await (server.transport === 'http'
    ? checkHttp(server, signal)
    : checkStdio(deps, server, signal))
  if (signal.aborted) throw new MaestroError('cancelled', 'the check of the MCP server was stopped')
  return answer(
    redactFound(found, (text) => redactor.text(text)),
    stderr,
    failure,
  )
}

function secretMissing({ missing, transport }: McpServerLaunch): CheckFailure {
  const what = transport === 'http' ? 'header' : 'variable'
  return new CheckFailure(
    'secret_missing',
    `the ${what} ${missing.join(', ')} has no value`,
    'enter it under MCP servers, or take the row away',
  )
}

/** A file that was edited by hand may hold what the page would refuse. */
function unusableAddress({ url, headers }: HttpServerLaunch): CheckFailure | null {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    return new CheckFailure('network', `"${url}" is no address`, 'enter an http:// or https:// address')
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      void new Headers([[name, value]])
    } catch {
      const hint = 'a value is one line of Latin-1 text'
      return new CheckFailure('http', `the header ${JSON.stringify(name)} cannot be sent as it is`, hint)
    }
  }
  return null
}

interface Checked {
  readonly found: Found
  readonly stderr: string
  readonly failure: CheckFailure | null
}

async function checkStdio(deps: CheckDeps, server: StdioServerLaunch, signal: AbortSignal): Promise<Checked> {
  const value = `${deps.markerPrefix}${randomBytes(8).toString('hex')}`
  const cwd = await mkdtemp(path.join(tmpdir(), 'maestro-mcp-'))
  const env = { ...deps.env, ...server.env, [markerName]: value }
  const transport = new StdioServer(server, { env, cwd, marker: `${markerName}=${value}` })
  const seconds = server.startTimeoutMs / 1_000
  try {
    const found = await withDeadline(
      server,
      signal,
      () => timedOut({ seconds, garbage: transport.garbage }),
      (until) => Promise.race([transport.broken, greet(transport, server.startTimeoutMs, until)]),
    )
    return { found, stderr: transport.stderr, failure: null }
  } catch (thrown) {
    // When it has just ended, how it ended says more than what the client noticed of it.
    const told = transport.broken.catch((broken: unknown) => broken)
    const why = transport.pid === null ? thrown : await Promise.race([told, soon(thrown)])
    const failure = translate(why, { seconds, garbage: transport.garbage }, null)
    return { found: nothingFound, stderr: transport.stderr, failure }
  } finally {
    await transport.close()
    await rm(cwd, { recursive: true, force: true })
  }
}

async function checkHttp(server: HttpServerLaunch, signal: AbortSignal): Promise<Checked> {
  const over = new AbortController()
  const overflow = Promise.withResolvers<never>()
  overflow.promise.catch(() => undefined)
  const tooLong = (): CheckFailure => {
    const failure = flooded(maxAnswerBytes)
    overflow.reject(failure)
    return failure
  }
  const transport = new StreamableHTTPClientTransport(new URL(server.url), {
    requestInit: { headers: server.headers },
    fetch: createBoundedFetch(maxAnswerBytes, tooLong, over.signal),
    reconnectionOptions: {
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 1_000,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
  })
  // What the client throws tells of its own steps; what went wrong below it, the transport has said before.
  let below: Error | undefined
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport has callbacks, no events
  transport.onerror = (error) => {
    below = error
  }
  const seen = { seconds: server.startTimeoutMs / 1_000, garbage: null }
  try {
    const found = await withDeadline(
      server,
      signal,
      () => timedOut(seen),
      (until) => Promise.race([overflow.promise, greet(transport, server.startTimeoutMs, until)]),
    )
    // A session that is not ended would stay on the server until it times out there.
    await Promise.race([transport.terminateSession().catch(() => undefined), soon(undefined, goodbyeMs)])
    return { found, stderr: '', failure: null }
  } catch (thrown) {
    const why = translate(thrown, seen, server.url)
    const inner = below === undefined ? why : translate(below, seen, server.url)
    const failure = why.kind === 'protocol' && inner.kind !== 'protocol' ? inner : why
    return { found: nothingFound, stderr: '', failure }
  } finally {
    await transport.close().catch(() => undefined)
    over.abort()
  }
}

/** @throws what `late` makes, at the deadline; the work is then left alone and told so by its signal */
async function withDeadline<T>(
  server: McpServerLaunch,
  signal: AbortSignal,
  late: () => CheckFailure,
  work: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const timer = Promise.withResolvers<never>()
  const timeout = setTimeout(() => timer.reject(late()), server.startTimeoutMs)
  const onAbort = (): void => timer.reject(new CheckFailure('timed_out', 'the check was stopped'))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const working = work(over.signal)
    working.catch(() => undefined)
    return await Promise.race([working, timer.promise])
  } finally {
    clearTimeout(timeout)
    signal.removeEventListener('abort', onAbort)
    over.abort()
  }
}

async function greet(transport: Transport, timeoutMs: number, signal: AbortSignal): Promise<Found> {
  // Over HTTP silence is an outage; a program may be silent because it does not know the newer greeting.
  const isProgram = transport instanceof StdioServer
  const probe = { timeoutMs: isProgram ? Math.min(newerGreetingMs, Math.ceil(timeoutMs / 2)) : timeoutMs }
  const client = new Client(
    { name: 'maestro', version: '1' },
    { capabilities: {}, versionNegotiation: { mode: 'auto', probe } },
  )
  const options = { timeout: timeoutMs, signal }
  await client.connect(transport, options)
  const tools: McpServerTest['tools'] = []
  if (client.getServerCapabilities()?.tools !== undefined) {
    let cursor: string | undefined
    for (let page = 0; page < maxPages && tools.length < maxTools; page++) {
      const answer = await client.request(
        { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
        options,
      )
      for (const tool of answer.tools.slice(0, maxTools - tools.length)) {
        tools.push({
          name: tool.name,
          description: tool.description ?? '',
          tokens: tokensOf(tool),
        })
      }
      cursor = answer.nextCursor
      if (cursor === undefined) break
    }
  }
  const version = client.getServerVersion()
  return {
    serverName: version?.name ?? null,
    serverVersion: version?.version ?? null,
    protocolVersion: client.getNegotiatedProtocolVersion() ?? null,
    tools,
    tokens: tools.reduce((sum, tool) => sum + tool.tokens, 0),
  }
}

/** What a model is sent of a tool; about four characters make a token. */
function tokensOf(tool: { name: string; description?: string | undefined; inputSchema: unknown }): number {
  const { name, description, inputSchema } = tool
  return Math.ceil(JSON.stringify({ name, description, inputSchema }).length / 4)
}

/** Cut after secrets are out: half of one would not be known again. */
function redactFound(found: Found, redact: (text: string) => string): Found {
  const clean = (text: string, maxChars: number): string => bounded(redact(text), maxChars).text
  return {
    ...found,
    serverName: found.serverName === null ? null : clean(found.serverName, 200),
    serverVersion: found.serverVersion === null ? null : clean(found.serverVersion, 200),
    tools: found.tools.map((tool) => ({
      ...tool,
      name: clean(tool.name, 200),
      description: clean(tool.description, 2_000),
    })),
  }
}

async function soon<T>(value: T, ms = 300): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(value), ms)
  })
}
