// One protocol server for one client: per request in the modern era over HTTP, per session or connection elsewhere.
// Joins the handlers; each translates in a file of its own.

import {
  type CacheHint,
  createRequestStateCodec,
  type Implementation,
  type JsonSchemaType,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
  type RequestStateCodec,
  type ServerCapabilities,
  type ServerContext,
  type ServerOptions,
} from '@modelcontextprotocol/server'
import { type Actor, actorKey, type Ctx, type Ids, MINUTE } from '#src/core/index.ts'
import { callTool, type CallToolDeps } from './call-tool.ts'
import { capabilitiesOf, type Carrier, type Era, inlineMs, knowsTasks, tasksExtension } from './client.ts'
import type { McpChange, McpPeer, McpPrompt, McpResource, McpResourceTemplate, McpTaskBook } from './peer.ts'
import type { McpDeps, McpSession } from './ports.ts'
import { handlePrompts } from './prompts.ts'
import { handleResources } from './resources.ts'
import { ProtocolServer } from './sdk.ts'
import { handleTasks } from './tasks-extension.ts'
import type { ToolLists } from './tool-list.ts'

/** What all servers of the room share. */
export interface ServerParts {
  readonly deps: McpDeps
  readonly ids: Ids
  readonly lists: ToolLists
  readonly instructions: string
  readonly prompts: readonly McpPrompt[]
  readonly resources: readonly McpResource[]
  readonly templates: readonly McpResourceTemplate[]
  readonly taskBooks: readonly McpTaskBook[]
  announce(change: McpChange): void
}

export interface ServedClient {
  readonly era: Era
  readonly carrier: Carrier
  readonly session: McpSession
  /** Of the HTTP request that carries the call; else each call gets one. */
  readonly traceId?: string
}

/** Lists change only with a new version of the program. */
const listHint: CacheHint = { ttlMs: 5 * MINUTE, cacheScope: 'private' }

/**
 * The SDK would compile each schema it meets; what it validates with it (a person's answer to a form) we check where
 * we use it.
 */
const noSchemaValidator: jsonSchemaValidator = {
  getValidator: <T>(_schema: JsonSchemaType): JsonSchemaValidator<T> => {
    return (value) => ({ valid: true, data: value as T, errorMessage: undefined })
  },
}

export interface ServedBy {
  readonly server: ProtocolServer
  /** Is told when the resource changes. In the modern era the SDK knows who listens. */
  hears(uri: string): boolean
}

export function makeServer(parts: ServerParts, client: ServedClient): ServedBy {
  const { deps, lists } = parts
  const { era, session } = client
  const codec = stateCodec(deps.stateKey, session.actor)
  const server = new ProtocolServer(serverInfo(deps.version), serverOptions(parts, client, codec))

  const ctxOf = (context: ServerContext): Ctx => {
    const traceId = client.traceId ?? parts.ids('req')
    const capabilities = capabilitiesOf(server, context, era)
    return {
      actor: session.actor,
      signal: context.mcpReq.signal,
      traceId,
      log: deps.log.child({ requestId: traceId }),
      inlineMs: inlineMs({ knowsTasks: knowsTasks(capabilities, era), carrier: client.carrier }),
      ...(session.cwd === undefined ? {} : { cwd: session.cwd }),
    }
  }
  const peerOf = (context: ServerContext): Omit<McpPeer, 'answer'> => ({
    era,
    context,
    server,
    clientCan: capabilitiesOf(server, context, era),
    announce: (change) => parts.announce(change),
    seal: (payload) => codec.mint(payload, context),
  })

  server.setRequestHandler('tools/list', () => ({ tools: [...lists.of(session.profiles)] }))
  server.setRequestHandler('tools/call', (request, context) => {
    const peer = peerOf(context)
    const callDeps: CallToolDeps = {
      lists,
      approvals: deps.approvals,
      books: knowsTasks(peer.clientCan, era) ? parts.taskBooks : [],
      call: (ctx, name, input) => deps.call(ctx, name, input),
    }
    return callTool(callDeps, ctxOf(context), peer, request.params)
  })
  handlePrompts(server, { prompts: parts.prompts, templates: parts.templates, ctxOf, peerOf })
  const subscriptions = new Set<string>()
  handleResources(server, { resources: parts.resources, templates: parts.templates, subscriptions, era, ctxOf })
  if (era === 'modern') {
    handleTasks(server, {
      books: parts.taskBooks,
      ctxOf,
      capabilitiesOf: (context) => capabilitiesOf(server, context, era),
    })
  }
  return { server, hears: (uri) => era === 'modern' || subscriptions.has(uri) }
}

export function serverInfo(version: string): Implementation {
  return { name: 'maestro', title: 'Maestro', version }
}

function serverOptions(parts: ServerParts, client: ServedClient, codec: RequestStateCodec): ServerOptions {
  const { deps, instructions } = parts
  return {
    capabilities: capabilities(client.era, deps.additions !== undefined),
    instructions,
    jsonSchemaValidator: noSchemaValidator,
    cacheHints: {
      'tools/list': listHint,
      'prompts/list': listHint,
      'resources/list': listHint,
      'resources/templates/list': listHint,
      'server/discover': listHint,
    },
    requestState: { verify: (state, context) => codec.verify(state, context) },
    inputRequired: { legacyShim: client.era === 'legacy' },
  }
}

/** @param canChange lists change while the program runs, which only additions do */
function capabilities(era: Era, canChange: boolean): ServerCapabilities {
  const list = canChange ? { listChanged: true } : {}
  return {
    tools: list,
    prompts: list,
    resources: { ...list, subscribe: true },
    completions: {},
    logging: {},
    ...(era === 'modern' ? { extensions: { [tasksExtension]: {} } } : {}),
  }
}

/** What a client carries for us is good for the caller and the method it was given to, for ten minutes. */
function stateCodec(key: Uint8Array, actor: Actor): RequestStateCodec {
  return createRequestStateCodec({ key, bind: (context) => `${actorKey(actor)}\n${context.mcpReq.method}` })
}
