// One model call through the gateway: out with the real key, back as it comes. Nothing of the answer is
// kept; its usage is read off in passing. Whoever goes away first ends the other side too: an agent that is
// gone stops the provider's work, a provider that breaks off breaks the agent's connection off.

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallOutcome } from './ledger.ts'
import { headersBack } from './headers.ts'
import type { Outgoing, OutgoingRequest } from './outgoing.ts'
import type { Refusal } from './refusal.ts'
import type { Format } from './routes.ts'
import { createUsageHider, type UsageHider } from './usage-hider.ts'
import { createUsageReader, nothingTold } from './usage.ts'

/** No answer of a model is near this: what goes on and on is not one. */
const maxAnswerBytes = 256 * 1024 * 1024
const maxErrorBytes = 64 * 1024

export interface RelayCall {
  readonly format: Format
  readonly title: string
  readonly request: Omit<OutgoingRequest, 'signal'>
  /** The same body asking for usage, to be tried first; its answer is not shown to the caller. */
  readonly asking: Buffer | null
  /** The provider's key, which some of them repeat in what they say about it. */
  readonly key: string | null
  readonly signal: AbortSignal
}

export type Relayed =
  | (CallOutcome & {
      readonly refusal: null
      /** This provider does not take the question for usage. */
      readonly refusedAsking: boolean
    })
  /** Nothing was answered: the gateway says so in its own words. */
  | { readonly refusal: Refusal }

/** Never throws for what a provider or an agent does. */
export async function relay(outgoing: Outgoing, call: RelayCall, response: ServerResponse): Promise<Relayed> {
  const send = (body: Buffer | null): Promise<IncomingMessage> =>
    outgoing.send({ ...call.request, body, signal: call.signal })
  let answer: IncomingMessage
  let head: Buffer = Buffer.alloc(0)
  let isAsking = call.asking !== null
  try {
    answer = await send(call.asking ?? call.request.body)
    if (isAsking && (answer.statusCode === 400 || answer.statusCode === 422)) {
      head = await readSome(answer)
      if (/stream_options|include_usage/.test(head.toString('utf8'))) {
        answer.destroy()
        isAsking = false
        head = Buffer.alloc(0)
        answer = await send(call.request.body)
      }
    }
  } catch (error) {
    return { refusal: { status: 502, message: unreachable(call, error) } }
  }
  const status = answer.statusCode ?? 502
  if (status >= 300 && status < 400) {
    answer.destroy()
    return { refusal: { status: 502, message: redirected(call, answer) } }
  }
  const isStream = (answer.headers['content-type'] ?? '').includes('text/event-stream')
  const reader = createUsageReader(call.format, isStream)
  const back = headersBack(answer.headers)
  if (status >= 400 && call.key !== null) {
    if (head.length === 0) head = await readSome(answer)
    const said = head.toString('utf8')
    if (said.includes(call.key)) {
      head = Buffer.from(said.replaceAll(call.key, '[the key]'))
      delete back['content-length']
    }
  }
  response.writeHead(status, back)
  response.flushHeaders()
  const hider = isAsking && isStream ? createUsageHider() : null
  const isWhole = await pass(answer, head, response, hider, call.signal, (chunk) => reader.push(chunk))
  const { usage, failed, isDone } = reader.end()
  const isFailed = status >= 400 || failed
  return {
    status: isFailed ? 'failed' : isWhole || isDone ? 'ok' : 'cut_off',
    httpStatus: status,
    usage: status >= 400 ? nothingTold : usage,
    refusal: null,
    refusedAsking: call.asking !== null && !isAsking,
  }
}

/** True when the whole answer came and was taken. */
async function pass(
  answer: IncomingMessage,
  head: Buffer,
  response: ServerResponse,
  hider: UsageHider | null,
  signal: AbortSignal,
  see: (chunk: Buffer) => void,
): Promise<boolean> {
  let bytes = 0
  const write = async (chunk: Buffer): Promise<void> => {
    if (chunk.length === 0 || response.write(chunk)) return
    // An agent that reads no more holds the provider back, and nothing here, until the call is ended.
    await once(response, 'drain', { signal })
  }
  try {
    see(head)
    await write(head)
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      see(chunk)
      bytes += chunk.length
      if (response.destroyed || bytes > maxAnswerBytes) throw new Error('given up')
      await write(hider === null ? chunk : hider.push(chunk))
    }
    if (hider !== null) await write(hider.end())
    response.end()
    return true
  } catch {
    answer.destroy()
    // An end without the last chunk: the agent sees that something is missing, as it would from the provider.
    response.destroy()
    return false
  }
}

/** The beginning of an error, and all of one that is short enough. */
async function readSome(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  while (bytes < maxErrorBytes) {
    const chunk = answer.read() as Buffer | null
    if (chunk !== null) {
      chunks.push(chunk)
      bytes += chunk.length
    } else if (answer.readableEnded || answer.destroyed) break
    else await Promise.race([once(answer, 'readable'), once(answer, 'close')])
  }
  return Buffer.concat(chunks)
}

function unreachable({ title, request }: RelayCall, error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  return `Could not connect to ${title} at ${request.url.origin}: ${code ?? message ?? 'no reason given'}`
}

function redirected({ title, request }: RelayCall, answer: IncomingMessage): string {
  const target = answer.headers.location ?? 'nowhere'
  return `${title} at ${request.url.origin} answered ${answer.statusCode} and points to ${target}: Maestro sends a key to no other address. Correct the base URL under Models`
}
