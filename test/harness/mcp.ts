// Requests of the revision 2026-07-28 made by hand, for what the SDK's client does not know: the tasks extension.

import assert from 'node:assert/strict'

export const tasksExtension = 'io.modelcontextprotocol/tasks'

export interface Spoken {
  readonly status: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

export interface ModernClient {
  /** @throws when the answer is an error */
  ask(method: string, params?: object, capabilities?: object): Promise<Record<string, unknown>>
  say(method: string, params?: object, capabilities?: object, signal?: AbortSignal): Promise<Spoken>
}

export function modernClient(url: string, token: string | undefined, defaults: object = {}): ModernClient {
  let id = 0
  const say: ModernClient['say'] = async (method, params = {}, capabilities = defaults, signal) => {
    const { name, uri, taskId } = params as { name?: string; uri?: string; taskId?: string }
    const named = name ?? uri ?? taskId
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(named === undefined ? {} : { 'mcp-name': named }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: ++id,
        method,
        params: {
          ...params,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'e2e', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': capabilities,
          },
        },
      }),
      ...(signal === undefined ? {} : { signal }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }
  return {
    say,
    async ask(method, params, capabilities) {
      const { result, error } = await say(method, params, capabilities)
      assert.equal(error, undefined)
      return result ?? {}
    },
  }
}

/** Asks for a task until it has ended. */
export async function endOfTask(client: ModernClient, taskId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const task = await client.ask('tasks/get', { taskId })
    if (task['status'] !== 'working') return task
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
