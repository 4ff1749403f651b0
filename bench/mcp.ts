// What MCP clients wait for. `bin/maestro mcp` from its start to the first answer, with an owner running (warm) and with
// one it must start (cold); then a call of a tool that does next to nothing, beside a server made of the bare SDK, over
// stdio and HTTP, by the same client in the same run; then fifty callers at once. Times in milliseconds.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { initialize, makePlace, type Place, startMcpPipe } from '#test/harness/mcp-pipe.ts'
import { root, startServer, type TestServer } from '#test/harness/server.ts'
import { percentile } from './engine.ts'

const starts = 10
const coldStarts = 3
const warmUp = 100
const calls = 1_000
const callers = 50

export async function run(): Promise<Record<string, number>> {
  const started = await startTimes()
  await using server = await startServer()
  const env = { ...placeOf(server).env }
  const bare = join(root, 'bench/mcp-bare-server.ts')
  const ours = await timeCalls(
    new StdioClientTransport({ command: join(root, 'bin', 'maestro'), args: ['mcp', '--as', 'bench'], env }),
    'maestro_hosts',
  )
  const sdk = await timeCalls(new StdioClientTransport({ command: process.execPath, args: [bare] }), 'nothing')
  const oursHttp = await timeCalls(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)), 'maestro_hosts')
  await using http = await startBareHttp(bare)
  const sdkHttp = await timeCalls(new StreamableHTTPClientTransport(new URL(http.url)), 'nothing')
  return {
    ...started,
    stdioP50Ms: ours.p50Ms,
    stdioP99Ms: ours.p99Ms,
    sdkStdioP50Ms: sdk.p50Ms,
    sdkStdioP99Ms: sdk.p99Ms,
    stdioTimesSdk: times(ours.p50Ms, sdk.p50Ms),
    httpP50Ms: oursHttp.p50Ms,
    httpP99Ms: oursHttp.p99Ms,
    sdkHttpP50Ms: sdkHttp.p50Ms,
    sdkHttpP99Ms: sdkHttp.p99Ms,
    httpTimesSdk: times(oursHttp.p50Ms, sdkHttp.p50Ms),
    stdioCallsPerSecAt50: ours.perSec,
    sdkStdioCallsPerSecAt50: sdk.perSec,
    httpCallsPerSecAt50: oursHttp.perSec,
    sdkHttpCallsPerSecAt50: sdkHttp.perSec,
  }
}

async function startTimes(): Promise<Record<string, number>> {
  await using place = await makePlace()
  await mkdir(place.dataDir)
  // A new data folder makes its database once; what is of interest is every start after it.
  const firstMs = await firstAnswer(place)
  const cold: number[] = []
  for (let i = 0; i < coldStarts; i++) {
    await stopOwner(place)
    cold.push(await firstAnswer(place))
  }
  const warm: number[] = []
  for (let i = 0; i < starts; i++) warm.push(await firstAnswer(place))
  return {
    newFolderFirstAnswerMs: Math.round(firstMs),
    coldFirstAnswerP50Ms: percentile(cold, 0.5),
    warmFirstAnswerP50Ms: percentile(warm, 0.5),
    warmFirstAnswerMinMs: Math.round(Math.min(...warm)),
  }
}

async function firstAnswer(place: Place): Promise<number> {
  const at = performance.now()
  await using pipe = startMcpPipe(place)
  const { error } = await initialize(pipe)
  if (error !== undefined) throw new Error(error.message)
  return performance.now() - at
}

async function stopOwner(place: Place): Promise<void> {
  const stop = spawn(join(root, 'bin', 'maestro'), ['stop'], { env: place.env, stdio: 'ignore' })
  await once(stop, 'exit')
}

const placeOf = ({ home, dataDir }: TestServer): Pick<Place, 'env'> => ({
  env: {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: home,
    MAESTRO_DATA_DIR: dataDir,
  },
})

interface CallTimes {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSec: number
}

async function timeCalls(transport: Transport, name: string): Promise<CallTimes> {
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(transport)
  try {
    const one = async (): Promise<void> => {
      const { isError } = await client.callTool({ name, arguments: {} })
      if (isError === true) throw new Error(`${name} failed`)
    }
    for (let i = 0; i < warmUp; i++) await one()
    const taken: number[] = []
    for (let i = 0; i < calls; i++) {
      const at = performance.now()
      await one()
      taken.push(performance.now() - at)
    }
    const at = performance.now()
    await Promise.all(
      Array.from({ length: callers }, async () => {
        for (let i = 0; i < calls / callers; i++) await one()
      }),
    )
    const perSec = Math.round(calls / ((performance.now() - at) / 1_000))
    return { p50Ms: fine(taken, 0.5), p99Ms: fine(taken, 0.99), perSec }
  } finally {
    await client.close()
  }
}

/** Hundredths of a millisecond count here. */
function fine(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 100) / 100
}

const times = (ours: number, theirs: number): number => Math.round((ours / theirs) * 100) / 100

async function startBareHttp(file: string): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [file, '--http'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: line.toString().trim(),
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
