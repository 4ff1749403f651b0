// What the list of tasks is narrowed to: kind and state the server knows, text is looked for here. Pure.

import type { Task } from '#src/tasks/contract.ts'
import type { TaskFilter } from '../../api/paths.ts'
import { actorName } from '../../lib/actor.ts'

/** As it stands in the address. */
export interface TaskSearch {
  kind?: 'run' | 'command' | undefined
  status?: string | undefined
  q?: string | undefined
}

export const serverFilter = ({ kind, status }: TaskSearch): TaskFilter => ({ kind, status })

/** A command is about its host; of a run nobody can say one. */
export const hostOf = (task: Pick<Task, 'subject'>): string | undefined => /^host:(.+)$/.exec(task.subject ?? '')?.[1]

/** Roots only: a run's turns are on its page. */
export function isWanted(task: Task, { q }: TaskSearch): boolean {
  if (task.id !== task.rootId) return false
  const words = q?.trim().toLowerCase() ?? ''
  return (
    words === '' ||
    `${task.title} ${task.id} ${hostOf(task) ?? ''} ${actorName(task.startedBy)} ${task.error?.message ?? ''}`
      .toLowerCase()
      .includes(words)
  )
}
