// What a row of the list says of a task.

import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ListMusic, SquareTerminal } from 'lucide-react'
import type { Task } from '#src/tasks/contract.ts'
import { route } from '../../api/paths.ts'
import { actorName } from '../../lib/actor.ts'
import { Ago } from '../../ui/bits.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { isActive } from '../../ui/status.ts'
import { Elapsed } from '../run/step.tsx'
import { hostOf } from './filter.ts'

const columns =
  'grid grid-cols-[108px_minmax(0,1fr)_auto] items-center gap-x-4 px-4 md:grid-cols-[124px_minmax(0,1fr)_112px_84px_108px] md:px-6 lg:grid-cols-[124px_minmax(0,1fr)_140px_112px_84px_108px]'

interface TaskListProps {
  tasks: readonly Task[]
  more: boolean
  loading: boolean
  onMore: () => void
}

export function TaskList({ tasks, more, loading, onMore }: TaskListProps) {
  const navigate = useNavigate()
  const open = (task: Task) =>
    void navigate({ to: task.kind === 'run' ? route.run : route.task, params: { id: task.id } })
  return (
    <RowList
      label="Tasks"
      name="task"
      rows={tasks}
      columns={columns}
      heads={heads}
      more={more}
      loading={loading}
      loadingText="Looking through older tasks"
      onMore={onMore}
      onOpen={open}
    >
      {(task) => <Cells task={task} />}
    </RowList>
  )
}

const heads = (
  <>
    <span>State</span>
    <span>What</span>
    <span className="max-lg:hidden">Started by</span>
    <span>Host</span>
    <span className="text-right">Took</span>
    <span className="text-right">Started</span>
  </>
)

function Cells({ task }: { task: Task }) {
  const isCommand = task.kind === 'command'
  const Icon = isCommand ? SquareTerminal : ListMusic
  return (
    <>
      <StatusWord
        status={task.status}
        stopping={task.stopRequestedAt !== null && task.endedAt === null}
        className="text-sm"
      />
      <span className="flex min-w-0 items-center gap-2.5">
        <Icon className="size-4 shrink-0 text-faint" aria-hidden="true" />
        <span className="sr-only">{isCommand ? 'Command' : 'Run'}: </span>
        <span className="min-w-0">
          <span className={clsx('block truncate', isCommand ? 'font-mono text-xs leading-5' : 'font-medium')}>
            {task.title}
          </span>
          {task.error !== null && <span className="block truncate text-xs text-failed">{task.error.message}</span>}
        </span>
      </span>
      <span className="truncate text-sm text-soft max-lg:hidden">
        <span className="sr-only">started by </span>
        {actorName(task.startedBy)}
      </span>
      <span className="truncate text-sm text-soft max-md:hidden">
        {hostOf(task) !== undefined && <span className="sr-only">on </span>}
        {hostOf(task) ?? '–'}
      </span>
      <span className="text-right text-sm text-soft max-md:hidden">
        <span className="sr-only">took </span>
        {task.startedAt === null ? (
          '–'
        ) : (
          <Elapsed from={task.startedAt} to={task.endedAt} ticks={isActive(task.status)} />
        )}
      </span>
      <Ago at={task.createdAt} className="text-right text-xs text-faint" />
    </>
  )
}
