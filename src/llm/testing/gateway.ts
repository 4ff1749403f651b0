// A gateway over a store in memory, with one upstream that a test writes itself. For tests of what passes,
// what is refused and what is counted.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type Clock, type MaestroError, randomIds, silentLog, systemClock } from '#src/core/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createCallsRepo } from '../gateway/calls-repo.ts'
import { createGateway, type Gateway } from '../gateway/gateway.ts'
import type { GrantedAccess } from '../gateway/grants.ts'
import { createOutgoing } from '../gateway/outgoing.ts'
import { llmMigrations } from '../migrations.ts'
import type { Models } from '../models.ts'
import { setUpModels } from './setup.ts'

/** What a test's upstream does with a request; nobody waits for it. */
export type Upstream = (request: IncomingMessage, response: ServerResponse) => unknown

export const realKey = 'real-key-0123456789'

export interface GatewaySetup {
  readonly gateway: Gateway
  readonly models: Models
  readonly url: string
  readonly upstreamUrl: string
  readonly repo: ReturnType<typeof createCallsRepo>
  /** Another process on the same data, as after a restart. */
  again(): Promise<{ gateway: Gateway; url: string }>
  open(changes?: Partial<Parameters<Gateway['open']>[0]>): Promise<GrantedAccess>
}

/** `lab` is the upstream, on OpenAI's wire; the built-in providers are moved there too. */
export async function setUpGateway(
  t: TestContext,
  upstream: Upstream,
  options: { clock?: Clock; keep?: boolean } = {},
): Promise<GatewaySetup> {
  const clock = options.clock ?? systemClock
  const upstreamUrl = await serve(t, upstream)
  const store = await openTestStore([llmMigrations])
  const setup = setUpModels(t)
  const models = setup.open()
  for (const id of ['openrouter', 'openai', 'anthropic', 'google', 'ollama']) {
    await models.updateProvider(id, { baseUrl: upstreamUrl, ...(id === 'ollama' ? {} : { apiKey: realKey }) })
  }
  await models.createProvider({ title: 'Lab', baseUrl: `${upstreamUrl}/lab/v1`, apiKey: realKey })
  const outgoing = createOutgoing({})
  const gateways: Gateway[] = []
  async function start(): Promise<{ gateway: Gateway; url: string }> {
    const gateway = createGateway({
      dataDir: setup.dataDir,
      nodeId: 'n1',
      store,
      models,
      outgoing,
      workflowOf: async (runId) => `workflow-of-${runId}`,
      clock,
      ids: randomIds,
      log: silentLog,
    })
    gateways.push(gateway)
    return { gateway, ...(await gateway.listen()) }
  }
  const { gateway, url } = await start()
  t.after(async () => {
    for (const one of gateways) await one[Symbol.asyncDispose]()
    outgoing[Symbol.dispose]()
    await store[Symbol.asyncDispose]()
  })
  return {
    gateway,
    models,
    url,
    upstreamUrl,
    repo: createCallsRepo(store),
    again: async () => {
      await gateway[Symbol.asyncDispose]()
      return start()
    },
    open: (changes = {}) =>
      gateway.open({
        turnId: 'turn_1',
        runId: 'run_1',
        provider: 'lab',
        model: 'm',
        withheldTools: [],
        budget: { maxCostUsd: null, maxTokens: null },
        untilMs: clock.now() + 60_000,
        ...changes,
      }),
  }
}

export async function serve(t: TestContext, listener: Upstream): Promise<string> {
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The body of a request to an upstream. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

export const chatChunk = (text: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`

export const usageChunk = (usage: object): string => `data: ${JSON.stringify({ choices: [], usage })}\n\n`

/** A call as an agent makes it. */
export function callChat(access: GrantedAccess, body: object = {}, path = '/chat/completions'): Promise<Response> {
  return fetch(`${access.baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${access.apiKey}` },
    body: JSON.stringify({ model: access.model, stream: true, messages: [], ...body }),
  })
}

export const hasCode =
  (code: MaestroError['code']) =>
  (error: unknown): boolean =>
    (error as MaestroError).code === code
