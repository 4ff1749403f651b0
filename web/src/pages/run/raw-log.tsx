// Every event as one line, newest last, drawn only where one looks. For people who want to see it all.

import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { TaskEvent } from '#src/tasks/contract.ts'
import { plural } from '../../lib/format.ts'
import type { RunLog } from './run-log.ts'

const rowPx = 20

export function RawLog({ log }: { log: RunLog }) {
  const [what, setWhat] = useState<'all' | 'process'>('all')
  const [text, setText] = useState('')
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lastSeq = log.lastSeq

  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return log.events
      .slice(0, lastSeq)
      .filter(
        (event) =>
          (what === 'all' || event.body.type === 'log.line') &&
          (wanted === '' || line(event).toLowerCase().includes(wanted)),
      )
  }, [log.events, lastSeq, what, text])

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 20,
  })

  useEffect(() => {
    if (atEnd.current && rows.length > 0) virtual.scrollToIndex(rows.length - 1, { align: 'end' })
  }, [rows.length, virtual])

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 md:px-6">
        <input
          data-search
          className="field !w-56"
          placeholder="Filter lines"
          aria-label="Filter lines"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <select
          className="select field !w-auto"
          aria-label="Which lines"
          value={what}
          onChange={(event) => setWhat(event.target.value === 'process' ? 'process' : 'all')}
        >
          <option value="all">All events</option>
          <option value="process">Process output</option>
        </select>
        <span className="text-sm text-faint">{plural(rows.length, 'line')}</span>
      </div>
      <div
        ref={scroller}
        role="log"
        aria-label="Raw log"
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
          atEnd.current = scrollHeight - scrollTop - clientHeight < rowPx * 2
        }}
        className="min-h-0 flex-1 overflow-auto bg-sunken font-mono text-xs focus-visible:-outline-offset-2"
      >
        <div className="relative min-w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const event = rows[item.index]
            return event === undefined ? null : (
              <div
                key={event.seq}
                className={clsx(
                  'absolute left-0 top-0 flex h-5 w-max min-w-full items-center gap-3 px-4 whitespace-pre hover:bg-hover md:px-6',
                  tone(event),
                )}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span className="w-12 shrink-0 text-right text-faint select-none">{event.seq}</span>
                <span className="shrink-0 text-faint select-none max-sm:hidden">
                  {new Date(event.at).toISOString().slice(11, 23)}
                </span>
                <span className="w-26 shrink-0 text-faint sm:w-32">{event.body.type}</span>
                <span>{line(event)}</span>
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function tone({ body }: TaskEvent): string {
  if (body.type === 'log.line') return body.stream === 'err' ? 'text-waiting' : 'text-ink'
  if (body.type === 'tool.returned') return body.ok ? 'text-soft' : 'text-failed'
  return 'text-soft'
}

const longest = 600

function line({ body }: TaskEvent): string {
  const { type, ...rest } = body
  const text =
    type === 'log.line' || type === 'text.delta' || type === 'thinking.delta'
      ? (rest as { text: string }).text
      : JSON.stringify(rest)
  const flat = text.replaceAll('\n', '⏎')
  return flat.length > longest ? `${flat.slice(0, longest)}…` : flat
}
