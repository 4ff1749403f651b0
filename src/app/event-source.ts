// The event logs of tasks, as each caller may see them.

import type { EventSource } from '#src/http/index.ts'
import { isFinal, type TasksRoom, type TaskView } from '#src/tasks/index.ts'

export function eventSource(tasks: TasksRoom, view: TaskView): EventSource {
  return {
    async rootOf(actor, id) {
      const task = await view.get(actor, id)
      return { rootId: task.rootId, taskId: task.id }
    },
    read: (rootId, after, limit) => tasks.events(rootId, after, limit),
    watch: (rootId, onGrown) => tasks.watch(rootId, onGrown),
    isEnded: async (rootId) => isFinal((await tasks.get(rootId)).status),
    watchAll: (onChanged) => tasks.watchAll(onChanged),
  }
}
