// Which headers pass through the gateway. On the way out only those that mean something to a model call: a
// credential of the caller's, whatever it is called, stays here. On the way back all but those that belong
// to the connection. Pure.

import type { IncomingHttpHeaders } from 'node:http'

const passedOut =
  /^(?:accept|content-type|user-agent|anthropic-(?:version|beta)|openai-beta|http-referer|x-title|x-openrouter-[a-z-]+)$/

const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // A cookie of the provider's is nobody's business here.
  'set-cookie',
])

/** `accept-encoding` is not among them: usage is read off the stream, which must come as it is. */
export function headersOut(
  headers: IncomingHttpHeaders,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && passedOut.test(name) ? [[name, value] as const] : [],
  )
  return { ...Object.fromEntries(passed), 'accept-encoding': 'identity', ...own }
}

export function headersBack(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/)
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofConnection.has(name) || named.includes(name) ? [] : [[name, value] as const],
    ),
  )
}

/** Whose request it is: the first of the places where the wires put a key. */
export function tokenIn(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const { 'x-api-key': apiKey, 'x-goog-api-key': googleKey } = headers
  const found = bearer ?? apiKey ?? googleKey
  return typeof found === 'string' ? found : null
}
