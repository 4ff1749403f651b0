// Durable work and what commands print: queries, cancelling, starting a command. What was printed is read by
// offsets, in slices.

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { z } from 'zod'
import { listOf, pageOf } from '#src/core/contract.ts'
import { CommandRecord, HostInfo, OutputSlice } from '#src/fleet/contract.ts'
import { Task } from '#src/tasks/contract.ts'
import { ask } from './api.ts'
import { api, type TaskFilter } from './paths.ts'

const TaskPage = pageOf(Task)
/** Of a started command only this matters here: the task's own page shows the rest. */
const Started = z.object({ task_id: z.string() })
const HostList = listOf(HostInfo)

export type Stream = OutputSlice['stream']

export interface CommandAsk {
  host?: string
  command: string
  cwd?: string
  timeout_s?: number
}

export const taskKeys = {
  lists: ['tasks'],
  list: (filter: TaskFilter) => ['tasks', filter],
  task: (id: string) => ['task', id],
  command: (id: string) => ['task', id, 'command'],
  hosts: ['hosts'],
} as const

const pageSize = 100

export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: taskKeys.list(filter),
    queryFn: ({ signal, pageParam }) =>
      ask(
        TaskPage,
        'GET',
        api.tasks({ ...filter, limit: pageSize, cursor: pageParam === '' ? undefined : pageParam }),
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: taskKeys.task(id),
    queryFn: ({ signal }) => ask(Task, 'GET', api.task(id), undefined, signal),
  })

export const commandQuery = (id: string) =>
  queryOptions({
    queryKey: taskKeys.command(id),
    queryFn: ({ signal }) => ask(CommandRecord, 'GET', api.taskCommand(id), undefined, signal),
  })

/** The hosts a command can be run on; the one of this machine is always among them. */
export const hostsQuery = queryOptions({
  queryKey: taskKeys.hosts,
  queryFn: async ({ signal }) => (await ask(HostList, 'GET', api.hosts, undefined, signal)).items,
  staleTime: 60_000,
})

/** Everything that has not ended, roots only; at most 500. */
export async function openTasks(): Promise<Task[]> {
  const { items } = await ask(TaskPage, 'GET', api.tasks({ status: 'queued,running,waiting', limit: 500 }))
  return items.filter((task) => task.id === task.rootId)
}

export const readOutput = (
  id: string,
  slice: { stream: Stream; offset: number; limit: number; encoding?: 'text' | 'base64' },
  signal?: AbortSignal,
) => ask(OutputSlice, 'GET', api.taskOutput(id, slice), undefined, signal)

export function useCancelTask() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(Task, 'POST', api.taskCancel(id), {}),
    onSuccess: (task) => {
      queries.setQueryData(taskKeys.task(task.id), task)
      void queries.invalidateQueries({ queryKey: taskKeys.lists })
    },
  })
}

/** Answers as soon as the command is recorded: its page follows it from there. */
export function useRunCommand() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: CommandAsk) => ask(Started, 'POST', api.tool('maestro_exec'), { ...input, wait_s: 0 }),
    onSettled: () => void queries.invalidateQueries({ queryKey: taskKeys.lists }),
  })
}
