// The body of a model call: read with a bound, looked at for its model, and asked to tell its usage where a
// wire only does so on request. Everything else of it goes out byte for byte.

import type { IncomingMessage } from 'node:http'
import type { Format } from './routes.ts'

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
  /** The same call asking for usage, when the caller did not. */
  readonly asking: Buffer | null
}

/** Null for what is not a JSON object. `pathModel` is Gemini's, whose body needs no look. */
export function readCall(format: Format, body: Buffer, pathModel: string | null): ReadCall | null {
  if (format === 'gemini') return { models: pathModel === null ? [] : [pathModel], isStream: false, asking: null }
  let call: Record<string, unknown>
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    call = value as Record<string, unknown>
  } catch {
    return null
  }
  const { model, models, stream, stream_options: options, usage } = call
  // OpenRouter tries the models of `models` one after the other.
  const others: unknown[] = Array.isArray(models) ? models : []
  const named = [model, ...others].filter((name) => name !== undefined)
  const isStream = stream === true
  const asks = isIncluding(options, 'include_usage') || isIncluding(usage, 'include')
  return {
    models: named.map((name) => (typeof name === 'string' ? name : '')),
    isStream,
    asking: format === 'chat' && isStream && !asks ? withUsage(call, body) : null,
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
  return Buffer.from(JSON.stringify({ ...call, stream_options: { ...before, include_usage: true } }))
}
