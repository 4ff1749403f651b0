// Follows one run's events from the first to the last: no gaps, nothing twice, one draw per frame.

import { useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { TaskEvent } from '#src/tasks/contract.ts'
import { client } from '../../api/api.ts'
import { ApiError } from '../../api/errors.ts'
import { api } from '../../api/paths.ts'
import { keys } from '../../api/queries.ts'
import { openStream, type StreamState } from '../../api/stream.ts'
import { applyEvents, emptyLog, type RunLog } from './run-log.ts'

/** Events after which the run's own record has something new to say. */
const telling = new Set([
  'task.started',
  'task.waiting',
  'task.ended',
  'task.stop_requested',
  'step.started',
  'step.ended',
  'attempt.started',
  'attempt.ended',
])

export function useRunLog(runId: string): { log: RunLog; state: StreamState } {
  const queries = useQueryClient()
  const [log, setLog] = useState(emptyLog)
  const [state, setState] = useState<StreamState>('connecting')

  useEffect(() => {
    let current = emptyLog()
    setLog(current)
    const stream = openStream({
      url: () => api.runEvents(runId, current.lastSeq),
      events: ['task'],
      onState: setState,
      onBatch(messages) {
        const events = messages.flatMap((message) => (message.event === 'task' ? read(message.data) : []))
        if (events.length === 0) return
        const taken = applyEvents(current, events, runId)
        current = taken.log
        setLog(current)
        if (events.some((event) => telling.has(event.body.type)))
          void queries.invalidateQueries({ queryKey: keys.run(runId) })
        if (taken.gap) stream.restart()
      },
      async onRefused() {
        try {
          await client.run(runId)
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
  }, [queries, runId])

  return { log, state }
}

/** An event of a kind this page does not know yet keeps its place in the numbering as a log line. */
function read(data: string): TaskEvent[] {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return []
  }
  const parsed = TaskEvent.safeParse(value)
  if (parsed.success) return [parsed.data]
  const frame = TaskEvent.omit({ body: true }).safeParse(value)
  return frame.success ? [{ ...frame.data, body: { type: 'log.line', stream: 'out', text: data } }] : []
}
