// A long list of rows of one height: virtual, walked by arrows, opened by key or click, loading more near its end.

import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'

const rowPx = 48

interface RowListProps<T extends { id: string }> {
  label: string
  /** Of rows' ids in the document: `<name>-<id>`. */
  name: string
  rows: readonly T[]
  /** Grid classes of a row and of the heads. */
  columns: string
  /** For the eye; a reader hears each figure with its name in the row. */
  heads: ReactNode
  more: boolean
  loading: boolean
  loadingText: string
  onMore: () => void
  /** Where the cursor begins; default the first row. */
  startAt?: number
  onOpen: (row: T, by: 'Enter' | ' ' | 'click') => void
  /** The cursor came to it by a key. */
  onMove?: (row: T) => void
  /** Which one is shown elsewhere on the page; default: the one at the cursor, unmarked. */
  isChosen?: (row: T) => boolean
  children: (row: T) => ReactNode
}

export function RowList<T extends { id: string }>(props: RowListProps<T>) {
  const { label, name, rows, columns, more, loading, onMore, onOpen, isChosen } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState(props.startAt ?? 0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const idOf = (row: T) => `${name}-${row.id}`

  useEffect(() => {
    if (more && !loading && last >= rows.length - 20) onMore()
  }, [more, loading, last, rows.length, onMore])

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length }[event.key]
    const next = by === undefined ? cursor : Math.min(rows.length - 1, Math.max(0, cursor + by))
    const row = rows[next]
    if (row === undefined) return
    if (by !== undefined) {
      event.preventDefault()
      setCursor(next)
      virtual.scrollToIndex(next)
      props.onMove?.(row)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onOpen(row, event.key)
    }
  }

  function onClick(event: MouseEvent) {
    const target = event.target instanceof Element ? event.target.closest('[data-index]') : null
    const index = Number(target?.getAttribute('data-index'))
    const row = rows[index]
    if (target === null || row === undefined) return
    setCursor(index)
    onOpen(row, 'click')
  }

  return (
    <>
      <div
        aria-hidden="true"
        className={clsx(columns, 'h-8 shrink-0 border-b border-line text-xs font-medium text-faint max-md:hidden')}
      >
        {props.heads}
      </div>
      <div
        ref={scroller}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={rows[cursor] === undefined ? undefined : idOf(rows[cursor])}
        onKeyDown={onKeyDown}
        onClick={onClick}
        className="group min-h-0 flex-1 overflow-y-auto outline-none"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            const atCursor = item.index === cursor
            const chosen = isChosen?.(row) ?? false
            return (
              <div
                key={row.id}
                id={idOf(row)}
                role="option"
                aria-selected={isChosen === undefined ? atCursor : chosen}
                data-index={item.index}
                tabIndex={-1}
                style={{ transform: `translateY(${item.start}px)`, height: rowPx }}
                className={clsx(
                  columns,
                  'absolute inset-x-0 top-0 cursor-pointer border-b border-line hover:bg-hover',
                  chosen && 'bg-brass-wash shadow-[inset_2px_0_0_var(--brass-line)]',
                  atCursor &&
                    'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-brass-line',
                )}
              >
                {props.children(row)}
              </div>
            )
          })}
        </div>
        {loading && (
          <p role="status" className="py-3 text-center text-sm text-faint">
            {props.loadingText}
          </p>
        )}
      </div>
    </>
  )
}
