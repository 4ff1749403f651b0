// `fetch` for MCP servers: what one answer may hold is bounded, and nothing outlives the signal. Redirects
// are the transport's business, which leaves this origin for none.

import type { FetchLike } from '@modelcontextprotocol/client'

/** @param tooLong makes what the reader of an answer above `maxBytes` gets */
export function createBoundedFetch(maxBytes: number, tooLong: () => Error, signal?: AbortSignal): FetchLike {
  return async (url, init) => {
    const signals = [init?.signal, signal].filter((one) => one !== undefined && one !== null)
    const response = await fetch(url, {
      ...init,
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    })
    if (response.body === null) return response
    let seen = 0
    const limited = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          seen += chunk.byteLength
          if (seen > maxBytes) controller.error(tooLong())
          else controller.enqueue(chunk)
        },
      }),
    )
    const { status, statusText, headers } = response
    return new Response(limited, { status, statusText, headers })
  }
}
