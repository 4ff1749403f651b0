// A model server on 127.0.0.1 for tests, benches and trials without a key. It streams chat completions
// (`/api/v1/...` as OpenRouter, `/v1/...` as OpenAI), OpenAI's Responses, Anthropic messages and Gemini's
// contents, does what `[[directives]]` in the newest user message say, and remembers every request.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicMessage, chatCompletion, decide, geminiContent, openAiResponse } from './answer.ts'
import { type ChatMessage, messagesOf } from './conversation.ts'

export { userText } from './conversation.ts'

export interface StubRequest {
  readonly path: string
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly toolNames: readonly string[]
  /** `authorization`, `x-api-key` or `x-goog-api-key`, as sent. */
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

interface ToolEntry {
  name?: string
  function?: { name?: string }
  functionDeclarations?: { name?: string }[]
}

interface RequestBody {
  model?: string
  messages?: ChatMessage[]
  input?: unknown
  contents?: unknown
  tools?: ToolEntry | ToolEntry[]
}

const wires = {
  '/chat/completions': chatCompletion,
  '/messages': anthropicMessage,
  '/responses': openAiResponse,
  ':streamGenerateContent': geminiContent,
} as const

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
    const ids = ['stub/echo', 'stub/other']
    const models = path.startsWith('/v1beta')
      ? { models: ids.map((id) => ({ name: `models/${id}` })) }
      : { data: ids.map((id) => ({ id })) }
    if (path.endsWith('/key')) send(response, 200, { data: { label: 'stub', usage: 0, limit_remaining: null } })
    else send(response, path.endsWith('/models') ? 200 : 404, models)
    return
  }
  const body = JSON.parse(await read(request)) as RequestBody
  const wire = Object.entries(wires).find(([end]) => path.endsWith(end))?.[1]
  if (wire === undefined) {
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
  for (const chunk of wire(entry.model, decision)) {
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
  const { authorization, 'x-api-key': apiKey, 'x-goog-api-key': googleKey } = request.headers
  const key = authorization ?? apiKey ?? googleKey
  // Gemini takes one entry without a list around it.
  const tools = [body.tools ?? []].flat().flatMap((tool) => tool.functionDeclarations ?? [tool.function ?? tool])
  return {
    path,
    model: body.model ?? /\/models\/([^:]+):/.exec(path)?.[1] ?? '',
    messages: messagesOf(body),
    toolNames: tools.map((tool) => tool.name ?? ''),
    key: typeof key === 'string' ? key : null,
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
