// The routes of event logs: SSE from a cursor, or a JSON page of the same events.

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Credentials } from '#src/auth/index.ts'
import { type Actor, Id, MaestroError, parseOrThrow } from '#src/core/index.ts'
import { EventPage } from '#src/tasks/contract.ts'
import { coerceTexts } from './input.ts'
import type { EventSource } from './ports.ts'
import type { Env, Route } from './route.ts'
import type { Changes } from './streams/changes.ts'
import type { Hub } from './streams/hub.ts'
import { streamRun } from './streams/sse.ts'
import { apiBase } from './tool-routes.ts'

const Query = z.strictObject({
  /** The `seq` of the last event already seen; `Last-Event-ID` wins over it. */
  after: z.int().nonnegative().default(0),
  /** Of a JSON page. */
  limit: z.int().min(1).max(1_000).default(500),
})

/** Where a watcher begins, in what it may see. @throws `not_found`, and `invalid_input` for a cursor past the end of the log */
export async function findPlace(
  source: EventSource,
  actor: Actor,
  id: string,
  cursor: number,
): Promise<{ rootId: string; taskId: string; cursor: number }> {
  const { rootId, taskId } = await source.rootOf(actor, parseOrThrow(Id, id, 'the id'))
  if (cursor > 0 && (await source.read(rootId, cursor - 1, 1)).length === 0) {
    throw new MaestroError('invalid_input', `event ${cursor} is past the end of the log of ${rootId}`, {
      hint: 'start again with after=0',
      issues: [{ path: 'after', message: 'past the end of the log' }],
    })
  }
  return { rootId, taskId, cursor }
}

export function eventRoutes(deps: {
  hub: Hub
  changes: Changes
  credentialsOf: (context: Context<Env>) => Credentials
}): Route[] {
  const { hub, changes, credentialsOf } = deps

  const log = (kind: 'run' | 'task', placeholder: string): Route => ({
    method: 'get',
    path: `${apiBase}/${kind}s/{${placeholder}}/events`,
    id: `${kind}_events`,
    summary: `Follow a ${kind}`,
    description:
      `The log of a ${kind}: replays from the cursor, then follows. Events are \`task\` (id: seq, data: a TaskEvent) and, after ` +
      'the last one of an ended run, `end`. With `Accept: application/json` one page of the same events.' +
      (kind === 'task' ? " A child's log is its root's, without the events of others." : ''),
    group: 'events',
    params: z.object({ [placeholder]: Id }),
    query: Query,
    success: { status: 200, description: 'The stream, or a page as JSON', type: 'application/json', schema: EventPage },
    async handle(context) {
      const texts = new URL(context.req.url).searchParams
      const lastEventId = context.req.header('last-event-id')
      if (lastEventId !== undefined && lastEventId !== '') texts.set('after', lastEventId)
      const { after, limit } = parseOrThrow(Query, coerceTexts(Query.shape, texts), 'the query')
      const place = await findPlace(hub.source, context.get('actor'), context.req.param(placeholder) ?? '', after)
      if (kind === 'run' && place.taskId !== place.rootId) {
        throw new MaestroError('not_found', `"${place.taskId}" is a task within ${place.rootId}, not a run`, {
          hint: `use ${apiBase}/tasks/${place.taskId}/events`,
        })
      }
      if (wantsJson(context.req.header('accept'))) {
        context.header('cache-control', 'no-store')
        return context.json(await readPage(hub.source, place, limit))
      }
      if (context.env.incoming.method === 'HEAD') return headOfStream(context)
      streamRun(hub, context.env.outgoing, credentialsOf(context), place)
      return RESPONSE_ALREADY_SENT
    },
  })

  return [
    log('run', 'runId'),
    log('task', 'taskId'),
    {
      method: 'get',
      path: `${apiBase}/events`,
      id: 'changes',
      summary: 'Follow what changes',
      description:
        'Server-sent events for lists: `hello` first and whenever some were missed (load your lists anew), then `changed` with the ids of roots and `policy` with which of `rules`, `brakes` and `approvals` are others now, at most four times a second.',
      group: 'events',
      success: { status: 200, description: 'The stream', type: 'text/event-stream', schema: z.string() },
      handle(context) {
        if (context.env.incoming.method === 'HEAD') return headOfStream(context)
        changes.stream(context.env.outgoing, credentialsOf(context))
        return RESPONSE_ALREADY_SENT
      },
    },
  ]
}

const headOfStream = (context: Context<Env>) =>
  context.body(null, 200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })

function wantsJson(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes('application/json') && !accept.includes('text/event-stream')
}

async function readPage(
  source: EventSource,
  from: { rootId: string; taskId: string; cursor: number },
  limit: number,
): Promise<EventPage> {
  // Asked first: if it had ended, the rows read after hold the end.
  const ended = await source.isEnded(from.rootId)
  const rows = await source.read(from.rootId, from.cursor, limit)
  return {
    items: from.taskId === from.rootId ? rows : rows.filter((event) => event.taskId === from.taskId),
    lastSeq: rows.at(-1)?.seq ?? from.cursor,
    ended: ended && rows.length < limit,
  }
}
