// Who sees which task. Commands may hold what one program was told to do: a program sees its own, people see all.
// One rule, used by every surface that shows tasks, their events or their output.

import { type Actor, actorKey, MaestroError } from '#src/core/index.ts'
import type { Task } from './contract.ts'
import type { TaskFilter, Tasks } from './types.ts'

/** @param isLimited of a token: it has scopes. An MCP client on the owner's socket is always bound to its own. */
export function maySee(actor: Actor, task: Pick<Task, 'kind' | 'startedBy'>, isLimited: boolean): boolean {
  if (task.kind !== 'command' || !isBound(actor, isLimited)) return true
  return actorKey(actor) === actorKey(task.startedBy)
}

const isBound = (actor: Actor, isLimited: boolean): boolean =>
  actor.kind === 'client' || (actor.kind === 'token' && isLimited)

/** Tasks as one caller may see them. What is somebody else's is not there. */
export interface TaskView {
  /** @throws `not_found` */
  get(actor: Actor, id: string): Promise<Task>
  list(actor: Actor, filter: TaskFilter): Promise<{ items: Task[]; next: string | null }>
}

export function createTaskView(deps: {
  readonly tasks: Pick<Tasks, 'find' | 'list'>
  /** Whether a caller is a token with limits. */
  isLimited(actor: Actor): Promise<boolean>
}): TaskView {
  const limited = async (actor: Actor): Promise<boolean> => actor.kind === 'token' && (await deps.isLimited(actor))
  return {
    async get(actor, id) {
      const task = await deps.tasks.find(id)
      if (task === undefined || !maySee(actor, task, await limited(actor))) {
        throw new MaestroError('not_found', `there is no task "${id}"`, {
          hint: 'list what there is: maestro runs, maestro tasks',
          details: { executed: 'no' },
        })
      }
      return task
    },
    list: async (actor, filter) =>
      deps.tasks.list(isBound(actor, await limited(actor)) ? { ...filter, commandsOf: actorKey(actor) } : filter),
  }
}
