// What clients can read by address: hosts, tasks and what tasks have printed. Each is a translation of a tool, so the
// tools' rules hold; what a caller may not see is not there. Also who wants to be told when one changes.

import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { type Ctx, MaestroError } from '#src/core/index.ts'
import { OutputSlice } from '#src/fleet/contract.ts'
import type { McpResource, McpResourceTemplate } from './peer.ts'
import type { McpDeps } from './ports.ts'
import type { ProtocolServer } from './sdk.ts'

/** Of one stream in one answer; the rest is asked for by `?offset=`. */
const maxOutputBytes = 8 * 1024 * 1024
const sliceBytes = 512 * 1024

export function taskUris(taskId: string): readonly string[] {
  return [`maestro://tasks/${taskId}`, `maestro://tasks/${taskId}/output`]
}

type Caller = Pick<McpDeps, 'call' | 'tasks'>

export function ownResources(deps: Caller): readonly McpResource[] {
  const uri = 'maestro://hosts'
  return [
    {
      resource: {
        uri,
        name: 'hosts',
        title: 'Hosts',
        description: 'Every host with its state.',
        mimeType: 'application/json',
      },
      read: async (ctx) => asJson(uri, await deps.call(ctx, 'maestro_hosts', {})),
    },
  ]
}

export function ownTemplates(deps: Caller): readonly McpResourceTemplate[] {
  const taskIds = async (ctx: Ctx, _variable: string, typed: string): Promise<readonly string[]> => {
    const page = (await deps.call(ctx, 'task_list', { limit: 100 })) as { items: readonly { id: string }[] }
    return page.items.map(({ id }) => id).filter((id) => id.startsWith(typed))
  }
  return [
    {
      template: {
        uriTemplate: 'maestro://tasks/{id}',
        name: 'task',
        title: 'Task',
        description: 'One task: state, times, error.',
        mimeType: 'application/json',
      },
      async read(ctx, uri) {
        const taskId = /^maestro:\/\/tasks\/([\w-]+)$/.exec(uri)?.[1]
        return taskId === undefined ? undefined : asJson(uri, await deps.tasks.get(ctx.actor, taskId))
      },
      complete: taskIds,
    },
    {
      template: {
        uriTemplate: 'maestro://tasks/{id}/output{?offset,stream}',
        name: 'task-output',
        title: "A task's output",
        description:
          'All that a command has printed, from `offset` (bytes); standard output and error, or one `stream`.',
        mimeType: 'text/plain',
      },
      async read(ctx, uri) {
        const found = /^maestro:\/\/tasks\/([\w-]+)\/output(?:\?(.*))?$/.exec(uri)
        if (found?.[1] === undefined) return undefined
        const query = new URLSearchParams(found[2] ?? '')
        const streams = (['stdout', 'stderr'] as const).filter((stream) => (query.get('stream') ?? stream) === stream)
        const offset = Number(query.get('offset') ?? 0)
        if (!Number.isSafeInteger(offset) || offset < 0 || streams.length === 0) return undefined
        const taskId = found[1]
        const contents = await Promise.all(streams.map((stream) => readOutput(deps, ctx, { taskId, stream, offset })))
        return { contents: contents.flatMap((content) => content ?? []) }
      },
      complete: taskIds,
    },
  ]
}

/** Undefined for a standard error that is empty. */
async function readOutput(
  deps: Caller,
  ctx: Ctx,
  from: { readonly taskId: string; readonly stream: 'stdout' | 'stderr'; readonly offset: number },
): Promise<ReadResourceResult['contents'][number] | undefined> {
  const chunks: Buffer[] = []
  let { offset } = from
  let size = 0
  let slice: OutputSlice
  do {
    slice = OutputSlice.parse(
      await deps.call(ctx, 'task_output', {
        taskId: from.taskId,
        stream: from.stream,
        offset,
        limit: sliceBytes,
        encoding: 'base64',
      }),
    )
    chunks.push(Buffer.from(slice.text, 'base64'))
    size += slice.next_offset - offset
    if (slice.next_offset === offset) break
    offset = slice.next_offset
  } while (offset < slice.total_bytes && size < maxOutputBytes)
  if (from.stream === 'stderr' && slice.total_bytes === 0) return undefined
  const bytes = Buffer.concat(chunks)
  const uri = `maestro://tasks/${from.taskId}/output?stream=${from.stream}&offset=${from.offset}`
  const _meta = { 'maestro/nextOffset': offset, 'maestro/totalBytes': slice.total_bytes, 'maestro/eof': slice.eof }
  const text = utf8(bytes)
  return text === undefined
    ? { uri, mimeType: 'application/octet-stream', blob: bytes.toString('base64'), _meta }
    : { uri, mimeType: 'text/plain', text, _meta }
}

/** Undefined for bytes that are no text. */
function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function asJson(uri: string, value: unknown): ReadResourceResult {
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(value) }] }
}

export interface ResourceHandlersDeps {
  readonly resources: readonly McpResource[]
  readonly templates: readonly McpResourceTemplate[]
  readonly subscriptions: Set<string>
  readonly era: 'legacy' | 'modern'
  ctxOf(context: ServerContext): Ctx
}

export function handleResources(server: ProtocolServer, deps: ResourceHandlersDeps): void {
  server.setRequestHandler('resources/list', () => ({ resources: deps.resources.map(({ resource }) => resource) }))
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: deps.templates.map(({ template }) => template),
  }))
  server.setRequestHandler('resources/read', async ({ params }, context) => {
    const read = await readResource(deps, deps.ctxOf(context), params.uri)
    if (read !== undefined) return read
    throw notFound(params.uri)
  })
  if (deps.era === 'modern') return
  server.setRequestHandler('resources/subscribe', async ({ params }, context) => {
    // Only what can be read can be watched.
    if ((await readResource(deps, deps.ctxOf(context), params.uri)) === undefined) throw notFound(params.uri)
    deps.subscriptions.add(params.uri)
    return {}
  })
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    deps.subscriptions.delete(params.uri)
    return {}
  })
}

async function readResource(
  deps: ResourceHandlersDeps,
  ctx: Ctx,
  uri: string,
): Promise<ReadResourceResult | undefined> {
  try {
    const fixed = deps.resources.find(({ resource }) => resource.uri === uri)
    if (fixed !== undefined) return await fixed.read(ctx)
    for (const template of deps.templates) {
      const read = await template.read(ctx, uri)
      if (read !== undefined) return read
    }
    return undefined
  } catch (error) {
    if (!(error instanceof MaestroError)) throw error
    if (error.cause instanceof ProtocolError) throw error.cause
    if (error.code === 'not_found') return undefined
    const code = error.code === 'internal' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams
    throw new ProtocolError(code, error.message, { code: error.code, uri })
  }
}

function notFound(uri: string): ResourceNotFoundError {
  return new ResourceNotFoundError(uri.slice(0, 500))
}
