// What the gateway adds to a model call and to each piece of a stream, beside direct calls to the same
// server in the same run. One JSON line.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomIds, silentLog, systemClock } from '#src/core/index.ts'
import { createGateway, createModels, createOutgoing, llmMigrations } from '#src/llm/index.ts'
import { openStore, readTextIfExists, writeFileAtomic } from '#src/store/index.ts'

const calls = 300
const chunks = 200
const everyMs = 2

export async function run() {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-bench-gateway-'))
  await using open = new AsyncDisposableStack()
  open.defer(() => rm(dataDir, { recursive: true, force: true }))
  const upstream = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (request.url?.includes('stream') === true) {
        let sent = 0
        const timer = setInterval(() => {
          // The moment of sending travels in the piece itself.
          response.write(`data: {"choices":[{"delta":{"content":"${performance.now()}"}}]}\n\n`)
          if (++sent < chunks) return
          clearInterval(timer)
          response.end('data: [DONE]\n\n')
        }, everyMs)
      } else response.end('data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"cost":0.001}}\n\n')
    })
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  open.defer(() => void upstream.close())
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const clock = systemClock
  const log = silentLog
  const store = open.use(
    await openStore({
      dataDir,
      secretKey: undefined,
      databaseUrl: undefined,
      diskReserveMb: 1,
      migrations: [llmMigrations],
      log,
      clock,
    }),
  )
  const config = { openrouter: {}, openai: {}, anthropic: {}, google: {}, ollama: {} }
  const files = { readTextIfExists, writeFileAtomic }
  const models = createModels({ dataDir, config, secrets: store.secrets, clock, files })
  for (const id of ['plain', 'stream'])
    await models.createProvider({ title: id, baseUrl: `${origin}/${id}/v1`, apiKey: 'k' })
  const outgoing = open.use(createOutgoing({}))
  const gateway = open.use(
    createGateway({
      dataDir,
      nodeId: 'n',
      store,
      models,
      outgoing,
      workflowOf: async () => null,
      clock,
      ids: randomIds,
      log,
    }),
  )
  await gateway.listen()
  const granted = async (provider: string, maxCostUsd: number | null) =>
    gateway.open({
      turnId: `${provider}-${maxCostUsd ?? 'free'}`,
      runId: 'r',
      provider,
      model: 'm',
      withheldTools: [],
      budget: { maxCostUsd, maxTokens: null },
      untilMs: clock.now() + 600_000,
    })

  const plain = await granted('plain', null)
  const limited = await granted('plain', 1_000_000)
  const direct = { baseUrl: `${origin}/plain/v1`, apiKey: 'k' }
  const times: Record<'direct' | 'through' | 'budgeted', number[]> = { direct: [], through: [], budgeted: [] }
  for (let i = 0; i < calls; i++) {
    times.direct.push(await timeCall(direct))
    times.through.push(await timeCall(plain))
    times.budgeted.push(await timeCall(limited))
  }
  const streamed = await granted('stream', null)
  const directChunks = await lagOfChunks({ baseUrl: `${origin}/stream/v1`, apiKey: 'k' })
  const gatewayChunks = await lagOfChunks(streamed)
  return {
    calls,
    directP50Ms: percentile(times.direct, 0.5),
    throughP50Ms: percentile(times.through, 0.5),
    addedP50Ms: round(percentile(times.through, 0.5) - percentile(times.direct, 0.5)),
    addedP95Ms: round(percentile(times.through, 0.95) - percentile(times.direct, 0.95)),
    addedWithBudgetP50Ms: round(percentile(times.budgeted, 0.5) - percentile(times.direct, 0.5)),
    chunks,
    chunkDirectP50Ms: percentile(directChunks, 0.5),
    chunkThroughP50Ms: percentile(gatewayChunks, 0.5),
    chunkAddedP50Ms: round(percentile(gatewayChunks, 0.5) - percentile(directChunks, 0.5)),
    chunkAddedP95Ms: round(percentile(gatewayChunks, 0.95) - percentile(directChunks, 0.95)),
  }
}

interface Target {
  readonly baseUrl: string
  readonly apiKey: string
}

async function ask({ baseUrl, apiKey }: Target): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: true, stream_options: { include_usage: true }, messages: [] }),
  })
}

async function timeCall(target: Target): Promise<number> {
  const at = performance.now()
  await (await ask(target)).text()
  return performance.now() - at
}

/** From when a piece was written to when it was read, in one process, so by one clock. */
async function lagOfChunks(target: Target): Promise<number[]> {
  const lags: number[] = []
  const decoder = new TextDecoder()
  for await (const piece of (await ask(target)).body ?? []) {
    const now = performance.now()
    for (const [, at] of decoder.decode(piece as Uint8Array).matchAll(/"content":"([\d.]+)"/g))
      lags.push(now - Number(at))
  }
  return lags
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
}

const round = (ms: number): number => Math.round(ms * 100) / 100
