// A client on raw node:http, so that tests can send what a browser or fetch would not let them send.

import { connect } from 'node:net'
import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { goodToken } from './fake-auth.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  json(): unknown
}

export interface Ask {
  readonly method?: string
  /** Replaces the headers that sign in. */
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

export const bearer = { authorization: `Bearer ${goodToken}` }

export function open(port: number, path: string, ask: Ask = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = ask.headers ?? bearer
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method: ask.method ?? 'GET', headers, agent: false },
      resolve,
    )
    request.on('error', reject)
    request.end(ask.body)
  })
}

export async function ask(port: number, path: string, options: Ask = {}): Promise<Answer> {
  const response = await open(port, path, options)
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) as unknown }
}

export function postJson(port: number, path: string, body: unknown): Promise<Answer> {
  return ask(port, path, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Sends bytes as they are; resolves with what came back when the server closes, or with the head of a switch of protocols. */
export function askRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (/^HTTP\/1\.1 101[\s\S]*\r\n\r\n/.test(text)) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

export interface SseMessage {
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/**
 * Messages of an event stream, comments left out, until it ends or is destroyed. Knows no more of the format
 * than the server writes, so that a server that writes it differently is seen.
 */
export async function* readSse(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SseMessage, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      const data = fields.get('data')
      if (data !== undefined) yield { id: fields.get('id'), event: fields.get('event') ?? 'message', data }
    }
  }
}
