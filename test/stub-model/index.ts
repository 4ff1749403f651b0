// A model server on 127.0.0.1 for tests, benches and trials without a key. It speaks streaming chat
// completions (`/api/v1/...` as OpenRouter, `/v1/...` as OpenAI) and Anthropic messages, does what
// `[[directives]]` in the newest user message say, and remembers every request.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicMessage, chatCompletion, decide } from './answer.ts'
import type { ChatMessage } from './conversation.ts'

export { userText } from './conversation.ts'

export interface StubRequest {
  readonly path: string
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly toolNames: readonly string[]
  /** `authorization` or `x-api-key`, as sent. */
  readonly key: string | null
  /** The user went away before the answer was complete. */
  aborted: boolean
}

export interface StubModel {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly requests: readonly StubRequest[]
  reset(): void
  close(): Promise<void>
}

interface RequestBody {
  model?: string
  messages?: ChatMessage[]
  tools?: { name?: string; function?: { name?: string } }[]
}

export async function startStubModel(options: { port?: number } = {}): Promise<StubModel> {
  const requests: StubRequest[] = []
  const server = createServer((request, response) => {
    answer(request, response, requests).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reset: () => void requests.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, log: StubRequest[]): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  if (request.method !== 'POST') {
    const models = { data: [{ id: 'stub/echo' }, { id: 'stub/other' }] }
    send(response, path.endsWith('/models') ? 200 : 404, models)
    return
  }
  const body = JSON.parse(await read(request)) as RequestBody
  const isChat = path.endsWith('/chat/completions')
  if (!isChat && !path.endsWith('/messages')) {
    send(response, 404, { error: { message: `the stub has no ${path}` } })
    return
  }
  const entry = record(request, path, body)
  log.push(entry)
  response.on('close', () => {
    entry.aborted = !response.writableFinished
  })
  const decision = decide(entry.model, entry.messages)
  const { script } = decision
  await pause(script.waitMs, response)
  if (script.status !== null) {
    send(response, script.status, {
      error: { message: `the stub was asked to answer ${script.status}`, code: script.status },
    })
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const everyMs = decision.answer.kind === 'text' ? decision.answer.everyMs : 0
  let chunks = 0
  for (const chunk of isChat ? chatCompletion(entry.model, decision) : anthropicMessage(entry.model, decision)) {
    if (response.destroyed) return
    response.write(chunk)
    chunks += 1
    if (script.cut && chunks === 2) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      response.destroy()
      return
    }
    await pause(everyMs, response)
  }
  response.end()
}

function record(request: IncomingMessage, path: string, body: RequestBody): StubRequest {
  const { authorization, 'x-api-key': apiKey } = request.headers
  return {
    path,
    model: body.model ?? '',
    messages: body.messages ?? [],
    toolNames: (body.tools ?? []).map((tool) => tool.function?.name ?? tool.name ?? ''),
    key: authorization ?? (typeof apiKey === 'string' ? apiKey : null),
    aborted: false,
  }
}

/** Waits, or until the client has gone. */
function pause(ms: number, response: ServerResponse): Promise<void> {
  if (ms === 0 || response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      response.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    response.on('close', done)
  })
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
