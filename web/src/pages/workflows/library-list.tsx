// Folders first, then workflows; arrows walk, Space ticks, and beyond 200 rows only what is in sight is drawn.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react'
import type { Folder, WorkflowSummary } from '#src/workflows/contract.ts'
import { FolderRow, WorkflowRow, type RowActs } from './rows.tsx'
import { keyOf, type Shown, type Thing } from './tree.ts'

const virtualFrom = 200
const rowPx = 66

type Item = { key: string; thing: Thing; folder: Folder } | { key: string; thing: Thing; workflow: WorkflowSummary }

interface LibraryListProps {
  shown: Shown
  selected: ReadonlySet<string>
  showsPath: boolean
  acts: RowActs
  scroller: RefObject<HTMLDivElement | null>
}

export function LibraryList({ shown, selected, showsPath, acts, scroller }: LibraryListProps) {
  const items = useMemo<Item[]>(
    () => [
      ...shown.folders.map((folder) => {
        const thing: Thing = { kind: 'folder', path: folder.path }
        return { key: keyOf(thing), thing, folder }
      }),
      ...shown.workflows.map((workflow) => {
        const thing: Thing = { kind: 'workflow', id: workflow.id }
        return { key: keyOf(thing), thing, workflow }
      }),
    ],
    [shown],
  )
  const list = useRef<HTMLUListElement>(null)
  const isVirtual = items.length > virtualFrom
  const virtual = useVirtualizer({
    count: isVirtual ? items.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 10,
    scrollMargin: list.current?.offsetTop ?? 0,
  })

  /** Where the keyboard goes when that row has been drawn. */
  const wanted = useRef<number>(undefined)
  const focusRow = (index: number) =>
    list.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row]`)?.focus()
  useEffect(() => {
    if (wanted.current === undefined) return
    focusRow(wanted.current)
    if (document.activeElement?.closest('[data-index]')?.getAttribute('data-index') === String(wanted.current))
      wanted.current = undefined
  })

  function onKeyDown(event: KeyboardEvent) {
    const target = event.target as HTMLElement
    const at = Number(target.closest('[data-index]')?.getAttribute('data-index') ?? -1)
    if (at < 0 || !target.matches('[data-row]') || event.altKey || event.ctrlKey || event.metaKey) return
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : by === undefined ? undefined : at + by
    const item = items[at]
    if (to !== undefined) {
      event.preventDefault()
      const next = Math.min(items.length - 1, Math.max(0, to))
      wanted.current = next
      if (isVirtual) virtual.scrollToIndex(next)
      focusRow(next)
    } else if (event.key === ' ' && item !== undefined) {
      event.preventDefault()
      acts.select(item.thing, event.shiftKey)
    }
  }

  const latestKey = useRef(onKeyDown)
  latestKey.current = onKeyDown
  useEffect(() => {
    const element = list.current
    const listen = (event: KeyboardEvent) => latestKey.current(event)
    element?.addEventListener('keydown', listen)
    return () => element?.removeEventListener('keydown', listen)
  }, [])

  const row = (item: Item): ReactNode =>
    'folder' in item ? (
      <FolderRow folder={item.folder} isSelected={selected.has(item.key)} acts={acts} />
    ) : (
      <WorkflowRow workflow={item.workflow} isSelected={selected.has(item.key)} showsPath={showsPath} acts={acts} />
    )

  return (
    <ul
      ref={list}
      aria-label="Workflows"
      className="panel relative overflow-hidden"
      {...(isVirtual ? { style: { height: virtual.getTotalSize() } } : {})}
    >
      {isVirtual
        ? virtual.getVirtualItems().map(({ index, start, key }) => {
            const item = items[index]
            return item === undefined ? null : (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0 border-b border-line"
                style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
              >
                {row(item)}
              </li>
            )
          })
        : items.map((item, index) => (
            <li key={item.key} data-index={index} className="border-line not-last:border-b">
              {row(item)}
            </li>
          ))}
    </ul>
  )
}
