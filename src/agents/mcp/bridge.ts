// A streamable HTTP server for an agent that only starts stdio servers: messages on stdin go out as requests
// with the headers of the file, what comes back goes to stdout. It knows no more of the protocol than what
// the transport needs: which version was agreed on, and how a request is given up. Both eras pass through.

import {
  deserializeMessage,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  METHOD_NOT_FOUND,
  serializeMessage,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { createBoundedFetch } from './check/bounded-fetch.ts'
import { flooded, translate } from './check/failure.ts'
import { createBoundedLines } from './check/lines.ts'
import { createParamHeaders } from './param-headers.ts'

type RequestId = string | number

/** Of one message from the agent, and of one answer of the server: tools may return files. */
const maxMessageBytes = 64 * 1024 * 1024
const maxAnswerBytes = 256 * 1024 * 1024
const goodbyeMs = 1_000
const serverError = -32_000
/** The newer era's answer to a version it does not know; it names those it does. */
const unsupportedVersion = -32_022
/**
 * A server of the older era does not know the newer greeting, `server/discover`, and says so in many ways. An
 * agent goes on to the older one, `initialize`, after this way only.
 */
const notKnown = { code: METHOD_NOT_FOUND, message: 'Method not found' }

export interface BridgeFile {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Runs until stdin ends. */
export async function bridge({ url, headers }: BridgeFile): Promise<void> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    fetch: createBoundedFetch(maxAnswerBytes, () => flooded(maxAnswerBytes)),
  })
  /** Requests that have no answer yet, each with what gives it up. */
  const open = new Map<RequestId, AbortController>()
  const lists = new Set<RequestId>()
  const paramHeaders = createParamHeaders()
  let initializeId: RequestId | undefined
  let discoverId: RequestId | undefined

  const write = (message: JSONRPCMessage): void => void process.stdout.write(serializeMessage(message))
  const complain = (thrown: unknown): string => {
    const { message, hint } = translate(thrown, { seconds: 0, garbage: null }, url)
    const text = hint === null ? message : `${message} (${hint})`
    process.stderr.write(`${text}\n`)
    return text
  }

  function refuse(id: RequestId, code: number, message: string): void {
    if (!open.delete(id)) return
    write({ jsonrpc: '2.0', id, error: { code, message } })
  }

  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport has callbacks, no events
  transport.onmessage = (message) => {
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined) {
      if (!open.delete(message.id)) return
      if (message.id === discoverId && isJSONRPCErrorResponse(message) && message.error.code !== unsupportedVersion) {
        return write({ ...message, error: notKnown })
      }
      if (lists.delete(message.id) && isJSONRPCResultResponse(message)) paramHeaders.learn(message.result['tools'])
      // From here on every request says which version was agreed on.
      if (message.id === initializeId && isJSONRPCResultResponse(message)) {
        const { protocolVersion } = message.result
        if (typeof protocolVersion === 'string') transport.setProtocolVersion(protocolVersion)
      }
    }
    write(message)
  }
  await transport.start()

  async function forward(message: JSONRPCMessage): Promise<void> {
    if (!isJSONRPCRequest(message)) {
      if (givesUpModern(message)) return
      await transport.send(message).catch((thrown: unknown) => complain(thrown))
      return
    }
    const { id, method } = message
    const given = new AbortController()
    open.set(id, given)
    if (method === 'initialize') initializeId = id
    if (method === 'server/discover') discoverId = id
    if (method === 'tools/list') lists.add(id)
    try {
      await transport.send(message, {
        requestSignal: given.signal,
        ...(method === 'tools/call' ? { headers: paramHeaders.of(message.params) } : {}),
        onRequestStreamEnd: () => refuse(id, serverError, `the connection to ${url} ended before the answer`),
      })
    } catch (thrown) {
      if (given.signal.aborted) return
      // What is really wrong with the connection shows at the older greeting.
      if (id === discoverId && !isLoginWall(thrown)) refuse(id, notKnown.code, notKnown.message)
      else refuse(id, serverError, complain(thrown))
    }
  }

  /** In the newer era the end of its request is how a server learns of it; the older one has a message for it. */
  function givesUpModern(message: JSONRPCMessage): boolean {
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return false
    const id = message.params?.['requestId'] as RequestId | undefined
    if (id === undefined) return false
    const given = open.get(id)
    // No answer is wanted any more, whatever still comes.
    open.delete(id)
    if (given === undefined || transport.protocolVersion !== undefined) return false
    given.abort()
    return true
  }

  const lines = createBoundedLines(maxMessageBytes, () => flooded(maxMessageBytes))
  // One after the other up to the request's own sending, so that the order of messages is kept where it matters.
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    for (const line of lines.push(chunk)) {
      const message = line.trim() === '' ? undefined : parse(line)
      if (message !== undefined) void forward(message)
    }
  }
  const goodbye = transport.terminateSession().catch(() => undefined)
  await Promise.race([goodbye, new Promise((resolve) => void setTimeout(resolve, goodbyeMs))])
  await transport.close()
  process.exit(0)
}

function isLoginWall(thrown: unknown): boolean {
  return thrown instanceof SdkHttpError && (thrown.data.status === 401 || thrown.data.status === 403)
}

function parse(line: string): JSONRPCMessage | undefined {
  try {
    return deserializeMessage(line)
  } catch {
    process.stderr.write('a line that is no message was not sent on\n')
    return undefined
  }
}
