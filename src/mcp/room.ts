// The room: one way in for HTTP, one for byte streams, both eras behind each.

import type { Duplex } from 'node:stream'
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { MaestroError, randomIds, SECOND } from '#src/core/index.ts'
import { instructionsFor } from './instructions.ts'
import { createLegacySessions, traceIdOf } from './legacy-sessions.ts'
import { makeServer, type ServedBy, type ServerParts } from './make-server.ts'
import { createParamHeaderCheck } from './param-headers.ts'
import type { McpChange } from './peer.ts'
import type { McpDeps, McpRoom, McpSession } from './ports.ts'
import { ownPrompts } from './prompts.ts'
import { ownResources, ownTemplates, taskUris } from './resources.ts'
import type { ProtocolServer } from './sdk.ts'
import { durableTasks } from './tasks-extension.ts'
import { createToolLists } from './tool-list.ts'

/** One message on a stream; larger ones end it. As large as a body over HTTP, and room for its envelope. */
const maxMessageBytes = 5 * 1024 * 1024
/** How long answers that are being made may take when the room closes; then their calls are cancelled. */
const graceMs = SECOND

export function createMcpRoom(deps: McpDeps): McpRoom {
  const lists = createToolLists(deps.tools)
  const { prompts = [], resources = [], templates = [], taskBooks = [] } = deps.additions ?? {}
  const parts: ServerParts = {
    deps,
    ids: deps.ids ?? randomIds,
    lists,
    instructions: instructionsFor(deps.hostNames()),
    prompts: [...ownPrompts(() => deps.hostNames()), ...prompts],
    resources: [...ownResources(deps), ...resources],
    templates: [...ownTemplates(deps), ...templates],
    taskBooks: [...taskBooks, durableTasks(deps, lists)],
    announce,
  }
  const checkParamHeaders = createParamHeaderCheck(lists)
  const onError = (error: Error): void => deps.log.debug({ error: error.message }, 'an MCP message was refused')
  /** The SDK hands its factory the request; who sent it is ours to know. */
  const callers = new WeakMap<Request, McpSession>()
  const modern = createMcpHandler(
    ({ requestInfo }) => {
      const session = requestInfo === undefined ? undefined : callers.get(requestInfo)
      if (requestInfo === undefined || session === undefined) throw new Error('an MCP request without its caller')
      const traceId = traceIdOf(requestInfo)
      const client = { era: 'modern', carrier: 'http', session } as const
      return makeServer(parts, { ...client, ...(traceId === undefined ? {} : { traceId }) }).server
    },
    { legacy: 'reject', onerror: onError },
  )
  const legacy = createLegacySessions({
    makeServer: (session) => makeServer(parts, { era: 'legacy', carrier: 'http', session }),
    onError,
  })
  const streams = new Map<{ close(): Promise<void> }, ServedBy | undefined>()

  function announce(change: McpChange): void {
    const tell = (served: ServedBy | undefined): void => {
      if (served === undefined || (change.kind === 'resource' && !served.hears(change.uri))) return
      void sendChange(served.server, change).catch(onError)
    }
    for (const served of legacy.served()) tell(served)
    for (const served of streams.values()) tell(served)
    if (change.kind === 'resource') modern.notify.resourceUpdated(change.uri)
    else if (change.kind === 'tools') modern.notify.toolsChanged()
    else if (change.kind === 'prompts') modern.notify.promptsChanged()
    else modern.notify.resourcesChanged()
  }

  const watching = deps.tasks.watchAll((rootIds) => {
    for (const uri of rootIds.flatMap(taskUris)) announce({ kind: 'resource', uri })
  })

  const answer = async (request: Request, session: McpSession, body: unknown): Promise<Response> => {
    if (await isLegacyRequest(request, body)) return legacy.handle(request, session, body)
    const refusal = checkParamHeaders(body, request.headers)
    if (refusal !== undefined) return refusal
    callers.set(request, session)
    return modern.fetch(request, body === undefined ? {} : { parsedBody: body })
  }
  let isClosing = false
  let answering = 0
  let onQuiet: (() => void) | undefined

  return {
    async handle(request, session, body) {
      if (isClosing) throw new MaestroError('unavailable', 'Maestro is closing', { hint: 'try again in a moment' })
      answering++
      try {
        return await answer(request, session, body)
      } finally {
        answering--
        if (answering === 0) onQuiet?.()
      }
    },

    serveStream: (stream, session) =>
      new Promise((resolve) => {
        const transport = new StdioServerTransport(stream, stream, { maxBufferSize: maxMessageBytes })
        const handle = serveStdio(
          ({ era }) => {
            const served = makeServer(parts, { era, carrier: 'stream', session })
            streams.set(handle, served)
            return served.server
          },
          { transport, onerror: onError },
        )
        streams.set(handle, undefined)
        const onOver = (): void => {
          if (!streams.delete(handle)) return
          void handle.close()
          endStream(stream)
          resolve()
        }
        stream.once('close', onOver)
        stream.once('end', onOver)
        stream.once('error', onOver)
      }),

    async close() {
      isClosing = true
      watching[Symbol.dispose]()
      if (answering > 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        onQuiet = resolve
        const timer = setTimeout(resolve, graceMs)
        await promise
        clearTimeout(timer)
      }
      const open = [...streams.keys()]
      await Promise.all([modern.close(), legacy.close(), ...open.map((handle) => handle.close())])
    },
  }
}

function endStream(stream: Duplex): void {
  if (!stream.destroyed) stream.end()
}

async function sendChange(server: ProtocolServer, change: McpChange): Promise<void> {
  switch (change.kind) {
    case 'tools':
      return server.sendToolListChanged()
    case 'prompts':
      return server.sendPromptListChanged()
    case 'resources':
      return server.sendResourceListChanged()
    case 'resource':
      return server.sendResourceUpdated({ uri: change.uri })
  }
}
