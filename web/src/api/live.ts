// The global feed: which runs and commands changed, and whether approvals, rules or brakes have. Lists and what is on
// show are brought up to date at most once a second. Also says whether Maestro can be reached, for the thin bar at the top.

import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Changed, PolicyChanged } from '#src/http/contract.ts'
import type { RunSummary } from '#src/workflows/contract.ts'
import { client } from './api.ts'
import type { RunPage } from './contract.ts'
import { ApiError } from './errors.ts'
import { mergeRuns } from './merge-runs.ts'
import { api, type RunFilter } from './paths.ts'
import { keys } from './queries.ts'
import { openStream, type StreamState } from './stream.ts'
import { taskKeys } from './tasks.ts'

const quietMs = 1_000
const firstPage = 50

async function refresh(queries: QueryClient, changed: ReadonlySet<string>) {
  void queries.invalidateQueries({ queryKey: taskKeys.lists })
  for (const id of changed) void queries.invalidateQueries({ queryKey: taskKeys.task(id) })
  const ids = new Set([...changed].filter((id) => id.startsWith('run_')))
  if (ids.size === 0) return
  const { items } = await client.runs({ limit: firstPage })
  const known = new Set(items.map((run) => run.id))
  const missing = [...ids].filter((id) => !known.has(id)).slice(0, 20)
  const older = await Promise.all(missing.map((id) => client.run(id).catch(() => undefined)))
  const fresh: RunSummary[] = [...items, ...older.filter((run) => run !== undefined)]
  for (const [key] of queries.getQueriesData({ queryKey: ['runs'] })) {
    const filter = key[1] as RunFilter
    queries.setQueryData<InfiniteData<RunPage>>(key, (old) =>
      old === undefined ? old : { ...old, pages: mergeRuns(old.pages, fresh, filter) },
    )
  }
  for (const id of ids) void queries.invalidateQueries({ queryKey: keys.run(id) })
  void queries.invalidateQueries({ queryKey: keys.workflows })
}

/** Follows the feed for as long as the page is signed in. */
export function useLiveFeed(): StreamState {
  const queries = useQueryClient()
  const [state, setState] = useState<StreamState>('connecting')

  useEffect(() => {
    const ids = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let greeted = false

    function soon() {
      timer ??= setTimeout(() => {
        timer = undefined
        const batch = new Set(ids)
        ids.clear()
        refresh(queries, batch).catch(() => {
          // Not reachable: the next hello asks for everything again.
        })
      }, quietMs)
    }

    const stream = openStream({
      url: () => api.feed,
      events: ['changed', 'hello', 'policy'],
      onState: setState,
      onBatch: (messages) => {
        for (const message of messages) {
          if (message.event === 'hello') {
            // After a gap nobody can say what changed: ask again for what is on show.
            if (greeted) void queries.invalidateQueries()
            greeted = true
            continue
          }
          if (message.event === 'policy') {
            const { parts } = PolicyChanged.parse(parse(message.data))
            // Approvals, rules and brakes are kept under these very names.
            for (const part of parts) void queries.invalidateQueries({ queryKey: [part] })
            continue
          }
          const changed = Changed.safeParse(parse(message.data))
          if (!changed.success) continue
          for (const id of changed.data.ids) ids.add(id)
          if (ids.size > 0) soon()
        }
      },
      onRefused: async () => {
        try {
          await client.session()
        } catch (thrown) {
          if (thrown instanceof ApiError && thrown.code === 'unauthenticated') {
            void queries.invalidateQueries({ queryKey: keys.session })
            return false
          }
        }
        return true
      },
    })
    return () => {
      clearTimeout(timer)
      stream.close()
    }
  }, [queries])

  return state
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
