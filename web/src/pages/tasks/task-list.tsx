// The list itself: virtual, walked by arrows, opened by Enter, loading more near its end.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ListMusic, SquareTerminal } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import type { Task } from '#src/tasks/contract.ts'
import { route } from '../../api/paths.ts'
import { actorName } from '../../lib/actor.ts'
import { Ago } from '../../ui/bits.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { isActive } from '../../ui/status.ts'
import { Elapsed } from '../run/step.tsx'
import { hostOf } from './filter.ts'

const rowPx = 48
const columns =
  'grid grid-cols-[108px_minmax(0,1fr)_auto] items-center gap-x-4 px-4 md:grid-cols-[124px_minmax(0,1fr)_112px_84px_108px] md:px-6 lg:grid-cols-[124px_minmax(0,1fr)_140px_112px_84px_108px]'

interface TaskListProps {
  tasks: readonly Task[]
  more: boolean
  loading: boolean
  onMore: () => void
}

export function TaskList({ tasks, more, loading, onMore }: TaskListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const [cursor, setCursor] = useState(0)
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0

  useEffect(() => {
    if (more && !loading && last >= tasks.length - 20) onMore()
  }, [more, loading, last, tasks.length, onMore])

  const open = (task: Task) =>
    void navigate({ to: task.kind === 'run' ? route.run : route.task, params: { id: task.id } })

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -tasks.length, End: tasks.length }[
      event.key
    ]
    const next = by === undefined ? cursor : Math.min(tasks.length - 1, Math.max(0, cursor + by))
    const task = tasks[next]
    if (task === undefined) return
    if (by !== undefined) {
      event.preventDefault()
      setCursor(next)
      virtual.scrollToIndex(next)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(task)
    }
  }

  function onClick(event: MouseEvent) {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null
    const task = tasks[Number(row?.getAttribute('data-index'))]
    if (row !== null && task !== undefined) open(task)
  }

  return (
    <>
      <Heads />
      <div
        ref={scroller}
        role="listbox"
        aria-label="Tasks"
        tabIndex={0}
        aria-activedescendant={tasks[cursor] === undefined ? undefined : `task-${tasks[cursor].id}`}
        onKeyDown={onKeyDown}
        onClick={onClick}
        className="group min-h-0 flex-1 overflow-y-auto outline-none"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const task = tasks[item.index]
            return task === undefined ? null : (
              <Row key={task.id} task={task} top={item.start} atCursor={item.index === cursor} index={item.index} />
            )
          })}
        </div>
        {loading && (
          <p role="status" className="py-3 text-center text-sm text-faint">
            Looking through older tasks
          </p>
        )}
      </div>
    </>
  )
}

/** For the eye; a reader hears each figure with its name in the row. */
function Heads() {
  return (
    <div
      aria-hidden="true"
      className={clsx(columns, 'h-8 shrink-0 border-b border-line text-xs font-medium text-faint max-md:hidden')}
    >
      <span>State</span>
      <span>What</span>
      <span className="max-lg:hidden">Started by</span>
      <span>Host</span>
      <span className="text-right">Took</span>
      <span className="text-right">Started</span>
    </div>
  )
}

interface RowProps {
  task: Task
  top: number
  atCursor: boolean
  index: number
}

function Row({ task, top, atCursor, index }: RowProps) {
  const isCommand = task.kind === 'command'
  const Icon = isCommand ? SquareTerminal : ListMusic
  return (
    <div
      id={`task-${task.id}`}
      role="option"
      aria-selected={atCursor}
      data-index={index}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)`, height: rowPx }}
      className={clsx(
        columns,
        'absolute inset-x-0 top-0 cursor-pointer border-b border-line hover:bg-hover',
        atCursor &&
          'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-brass-line',
      )}
    >
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
    </div>
  )
}
