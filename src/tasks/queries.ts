// Reading tasks: one, or a page of them, newest first.

import { MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Task } from './contract.ts'
import { sql } from 'kysely'
import { type GlanceRow, type TaskTables, toGlance, toTask } from './rows.ts'
import type { TaskGlance, Tasks } from './types.ts'

export type Queries = Pick<Tasks, 'get' | 'find' | 'details' | 'list' | 'recent'>

export function createQueries(store: Store): Queries {
  async function find(id: string): Promise<Task | undefined> {
    const row = await store.db<TaskTables>().selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? undefined : toTask(row)
  }

  return {
    find,
    async get(id) {
      const task = await find(id)
      if (task === undefined) throw missing(id)
      return task
    },

    async details(id) {
      const row = await store.db<TaskTables>().selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
      if (row === undefined) throw missing(id)
      const { spec, result } = row
      return { task: toTask(row), spec: parsed(spec), result: result === null ? null : parsed(result) }
    },

    async list(filter) {
      let query = store.db<TaskTables>().selectFrom('tasks').selectAll()
      if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
      if (filter.status !== undefined && filter.status.length > 0) query = query.where('status', 'in', filter.status)
      if (filter.rootId !== undefined) query = query.where('root_id', '=', filter.rootId)
      if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject)
      if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since)
      if (filter.until !== undefined) query = query.where('created_at', '<', filter.until)
      const { commandsOf } = filter
      if (commandsOf !== undefined) {
        query = query.where((eb) => eb.or([eb('kind', '!=', 'command'), eb('actor_key', '=', commandsOf)]))
      }
      if (filter.cursor !== undefined) {
        const after = parseCursor(filter.cursor)
        query = query.where((eb) =>
          eb.or([
            eb('created_at', '<', after.createdAt),
            eb.and([eb('created_at', '=', after.createdAt), eb('id', '<', after.id)]),
          ]),
        )
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit + 1)
        .execute()
      const items = rows.slice(0, filter.limit).map(toTask)
      const last = items.at(-1)
      return { items, next: rows.length > filter.limit && last !== undefined ? toCursor(last) : null }
    },

    async recent(subjects, limit) {
      const found = new Map<string, TaskGlance[]>()
      if (subjects.length === 0) return found
      const list = sql.join(subjects.map((subject) => sql`(${subject}::text)`))
      const rows = await sql<GlanceRow>`
        select wanted.subject, newest.* from (values ${list}) as wanted (subject)
        cross join lateral (
          select id, status, created_at, started_at, ended_at from tasks where tasks.subject = wanted.subject
          order by created_at desc, id desc limit ${limit}
        ) as newest`.execute(store.db<TaskTables>())
      for (const row of rows.rows) {
        const glances = found.get(row.subject)
        if (glances === undefined) found.set(row.subject, [toGlance(row)])
        else glances.push(toGlance(row))
      }
      return found
    },
  }
}

const parsed = (json: string): unknown => JSON.parse(json)

const missing = (id: string): MaestroError =>
  new MaestroError('not_found', `there is no task "${id}"`, { hint: 'list what there is: maestro runs, maestro tasks' })

/** `<created at>_<id>`: stable while new tasks arrive. */
function toCursor(last: { createdAt: number; id: string }): string {
  return `${last.createdAt}.${last.id}`
}

function parseCursor(cursor: string): { createdAt: number; id: string } {
  const match = /^(\d{1,15})\.([a-z]+_[0-9a-z]{26})$/.exec(cursor)
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new MaestroError('invalid_input', `"${cursor}" is not a cursor: send back \`next\` of the page before`)
  }
  return { createdAt: Number(match[1]), id: match[2] }
}
