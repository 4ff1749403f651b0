// The body of a model call: read with a bound, looked at for its model, and asked to tell its usage where a
// wire only does so on request, rid of tools that nobody asked for. Everything else of it goes out byte for byte.

import type { IncomingMessage } from 'node:http'
import { partsAt } from './json-spans.ts'
import type { Format } from './routes.ts'
import { withholdTools } from './withhold.ts'

/** Agents send whole conversations, with pictures, in every call. */
export const maxBodyBytes = 64 * 1024 * 1024

/** Null when it is larger than may be; what follows is not read. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return null
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export interface ReadCall {
  /** Every model that the call may be answered by. */
  readonly models: readonly string[]
  readonly isStream: boolean
  /** What goes out: the call as it came, without the tools that are withheld from the turn. */
  readonly body: Buffer
  /** The same call asking for usage, when the caller did not. */
  readonly asking: Buffer | null
}

/**
 * Null for what is not a JSON object.
 * @param pathModel Gemini's, which stands in the address
 * @param withheld names of tools that the agent offers though its step asked for none of them
 */
export function readCall(
  format: Format,
  given: Buffer,
  pathModel: string | null,
  withheld: readonly string[],
): ReadCall | null {
  const call = asObject(given)
  if (call === null) return null
  const body = withholdTools(format, given, withheld)
  if (format === 'gemini') return { models: pathModel === null ? [] : [pathModel], isStream: false, body, asking: null }
  const { model, models, stream, stream_options: options, usage } = call
  // OpenRouter tries the models of `models` one after the other.
  const others: unknown[] = Array.isArray(models) ? models : []
  const named = [model, ...others].filter((name) => name !== undefined)
  const isStream = stream === true
  const asks = isIncluding(options, 'include_usage') || isIncluding(usage, 'include')
  return {
    models: named.map((name) => (typeof name === 'string' ? name : '')),
    isStream,
    body,
    asking: format === 'chat' && isStream && !asks ? withUsage(call, body) : null,
  }
}

function asObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function isIncluding(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[field] === true
}

function withUsage(call: Record<string, unknown>, body: Buffer): Buffer {
  if (call['stream_options'] === undefined) {
    // Put in as text: numbers that JavaScript cannot hold, and the order of the rest, stay as they were.
    const at = body.indexOf('{')
    const isEmpty = Object.keys(call).length === 0
    const field = Buffer.from(`"stream_options":{"include_usage":true}${isEmpty ? '' : ','}`)
    return Buffer.concat([body.subarray(0, at + 1), field, body.subarray(at + 1)])
  }
  const before = typeof call['stream_options'] === 'object' ? call['stream_options'] : {}
  const options = JSON.stringify({ ...before, include_usage: true })
  const text = body.toString('utf8')
  const at = partsAt(text, 0).find(({ key }) => key === 'stream_options')
  return at === undefined ? body : Buffer.from(text.slice(0, at.valueAt) + options + text.slice(at.to))
}
