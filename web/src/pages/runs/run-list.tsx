// The list itself: virtual, walked by arrows, opened by Enter, loading more near its end.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import type { RunSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { usePanel } from '../../app/side-panel.tsx'
import { cost, duration, ticking, tokens } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Ago } from '../../ui/bits.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { triggerTitles } from './run-filters.tsx'

const rowPx = 48
const columns =
  'grid grid-cols-[116px_minmax(0,1fr)_auto] items-center gap-x-4 px-4 md:grid-cols-[124px_minmax(0,1fr)_64px_84px_76px_108px] md:px-6 lg:grid-cols-[124px_minmax(0,1fr)_104px_64px_84px_76px_76px_108px]'

interface RunListProps {
  runs: readonly RunSummary[]
  more: boolean
  loading: boolean
  onMore: () => void
}

export function RunList({ runs, more, loading, onMore }: RunListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { panel, open } = usePanel()
  const navigate = useNavigate()
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const chosen = runs.findIndex((run) => run.id === panel)
  const [cursor, setCursor] = useState(Math.max(0, chosen))

  useEffect(() => {
    if (more && !loading && last >= runs.length - 20) onMore()
  }, [more, loading, last, runs.length, onMore])

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    const next =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? runs.length - 1
          : by === undefined
            ? undefined
            : Math.min(runs.length - 1, Math.max(0, cursor + by))
    const run = runs[next ?? cursor]
    if (run === undefined) return
    if (next !== undefined) {
      event.preventDefault()
      setCursor(next)
      virtual.scrollToIndex(next)
      if (panel !== undefined) open(run.id)
    } else if (event.key === ' ') {
      event.preventDefault()
      open(run.id)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (panel === run.id) void navigate({ to: route.run, params: { id: run.id } })
      else open(run.id)
    }
  }

  function onClick(event: MouseEvent) {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null
    const index = Number(row?.getAttribute('data-index'))
    const run = runs[index]
    if (row === null || run === undefined) return
    setCursor(index)
    open(run.id)
  }

  return (
    <>
      <Heads />
      <div
        ref={scroller}
        role="listbox"
        aria-label="Runs"
        tabIndex={0}
        aria-activedescendant={runs[cursor] === undefined ? undefined : `run-${runs[cursor].id}`}
        onKeyDown={onKeyDown}
        onClick={onClick}
        className="group min-h-0 flex-1 overflow-y-auto outline-none"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const run = runs[item.index]
            return run === undefined ? null : (
              <Row
                key={run.id}
                run={run}
                top={item.start}
                selected={run.id === panel}
                atCursor={item.index === cursor}
                index={item.index}
              />
            )
          })}
        </div>
        {loading && (
          <p role="status" className="py-3 text-center text-sm text-faint">
            Looking through older runs
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
      <span>Workflow</span>
      <span className="max-lg:hidden">Started by</span>
      <span className="text-right">Steps</span>
      <span className="text-right">Took</span>
      <span className="text-right max-lg:hidden">Tokens</span>
      <span className="text-right">Cost</span>
      <span className="text-right">Started</span>
    </div>
  )
}

interface RowProps {
  run: RunSummary
  top: number
  selected: boolean
  atCursor: boolean
  index: number
}

function Row({ run, top, selected, atCursor, index }: RowProps) {
  return (
    <div
      id={`run-${run.id}`}
      role="option"
      aria-selected={selected}
      data-index={index}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)`, height: rowPx }}
      className={clsx(
        columns,
        'absolute inset-x-0 top-0 cursor-pointer border-b border-line hover:bg-hover',
        selected && 'bg-brass-wash shadow-[inset_2px_0_0_var(--brass-line)]',
        atCursor &&
          'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-brass-line',
      )}
    >
      <StatusWord
        status={run.status}
        stopping={run.stopRequestedAt !== null && run.endedAt === null}
        className="text-sm"
      />
      <span className="min-w-0">
        <span className="block truncate font-medium">{run.workflowName}</span>
        {run.error !== null && <span className="block truncate text-xs text-failed">{run.error.message}</span>}
      </span>
      <span className="text-sm text-soft max-lg:hidden">{triggerTitles[run.trigger]}</span>
      <span className="text-right text-sm text-soft max-md:hidden">
        {run.stepsDone} of {run.stepCount} <span className="sr-only">steps</span>
      </span>
      <span className="text-right text-sm text-soft max-md:hidden">
        <span className="sr-only">took </span>
        <Took run={run} />
      </span>
      <Figure name="tokens" className="max-lg:hidden">
        {tokens(allTokens(run.usage))}
      </Figure>
      <Figure name="cost" className="max-md:hidden">
        {cost(run.usage?.costUsd ?? null)}
      </Figure>
      <Ago at={run.createdAt} className="text-right text-sm text-faint" />
    </div>
  )
}

function Took({ run }: { run: RunSummary }) {
  const ticks = run.status === 'running'
  const now = useNow(ticks ? 1_000 : null)
  if (run.startedAt === null) return <>–</>
  return (
    <>{run.endedAt === null ? (ticks ? ticking(now - run.startedAt) : '–') : duration(run.endedAt - run.startedAt)}</>
  )
}

/** With its name for who does not see the head of the column. */
function Figure({ name, className, children }: { name: string; className: string; children: string }) {
  return (
    <span className={clsx('text-right text-sm text-soft', className)}>
      <span className="sr-only">{name} </span>
      <span>{children}</span>
    </span>
  )
}

const allTokens = (usage: RunSummary['usage']): number | null =>
  usage?.inputTokens == null || usage.outputTokens === null ? null : usage.inputTokens + usage.outputTokens
