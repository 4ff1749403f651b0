// Follows one task's events for what its page needs: how much each stream has grown to, and that the record has
// something new to say.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Task, TaskEvent } from '#src/tasks/contract.ts'
import { ask } from '../../api/api.ts'
import { ApiError } from '../../api/errors.ts'
import { api } from '../../api/paths.ts'
import { keys } from '../../api/queries.ts'
import { openStream } from '../../api/stream.ts'
import { taskKeys } from '../../api/tasks.ts'

export interface Growth {
  readonly stdout: number
  readonly stderr: number
  /** The task has: nothing more is printed. */
  readonly ended: boolean
}

const none: Growth = { stdout: 0, stderr: 0, ended: false }

export function useGrowth(taskId: string): Growth {
  const queries = useQueryClient()
  const [growth, setGrowth] = useState(none)

  useEffect(() => {
    let lastSeq = 0
    setGrowth(none)
    const stream = openStream({
      url: () => api.taskEvents(taskId, lastSeq),
      events: ['task'],
      onState(state) {
        if (state === 'ended') setGrowth((old) => ({ ...old, ended: true }))
      },
      onBatch(messages) {
        let grown: { out: number; err: number } | undefined
        let isNews = false
        let hasEnded = false
        for (const { data } of messages) {
          const event = read(data)
          if (event === undefined || event.seq <= lastSeq) continue
          lastSeq = event.seq
          if (event.taskId !== taskId) continue
          if (event.body.type === 'output.grown') grown = event.body
          else isNews = true
          if (event.body.type === 'task.ended') hasEnded = true
        }
        if (grown !== undefined || hasEnded)
          setGrowth((old) => ({
            stdout: grown?.out ?? old.stdout,
            stderr: grown?.err ?? old.stderr,
            ended: old.ended || hasEnded,
          }))
        if (isNews) void queries.invalidateQueries({ queryKey: taskKeys.task(taskId) })
      },
      async onRefused() {
        try {
          await ask(Task, 'GET', api.task(taskId))
        } catch (thrown) {
          if (thrown instanceof ApiError && (thrown.code === 'not_found' || thrown.code === 'unauthenticated')) {
            void queries.invalidateQueries({ queryKey: keys.session })
            return false
          }
        }
        return true
      },
    })
    return () => stream.close()
  }, [queries, taskId])

  return growth
}

/** Undefined: an event of a kind this page does not know. */
function read(data: string): TaskEvent | undefined {
  try {
    return TaskEvent.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}
