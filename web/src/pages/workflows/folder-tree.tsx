// The tree of folders, as the keyboard knows trees: arrows walk and open, Home and End jump, letters find.

import { clsx } from 'clsx'
import { ChevronRight, Folder as FolderIcon, FolderOpen, Library } from 'lucide-react'
import { useRef, type KeyboardEvent } from 'react'
import type { Folder } from '#src/workflows/contract.ts'
import { ContextArea, type MenuItem } from '../../ui/menu.tsx'
import { usePlace } from './drag.tsx'
import { crumbs, parentOf, treeRows, type Thing, type TreeRow } from './tree.ts'

interface FolderTreeProps {
  folders: readonly Folder[]
  total: number
  selected: string
  open: ReadonlySet<string>
  onOpen: (open: ReadonlySet<string>) => void
  onSelect: (path: string) => void
  placeOf: (thing: Thing) => string
  menuOf: (path: string) => readonly MenuItem[]
}

export function FolderTree({ folders, total, selected, open, onOpen, onSelect, placeOf, menuOf }: FolderTreeProps) {
  const list = useRef<HTMLUListElement>(null)
  const rows = treeRows(folders, total, open)
  // A folder whose way there is closed still has somebody to stand for it when one tabs in.
  const current = rows.some((row) => row.path === selected)
    ? selected
    : (crumbs(selected).findLast((crumb) => rows.some((row) => row.path === crumb.path))?.path ?? '')

  const toggle = (path: string, to: boolean) => {
    const next = new Set(open)
    if (to) next.add(path)
    else next.delete(path)
    onOpen(next)
  }
  const focus = (path: string | undefined) => {
    if (path === undefined) return
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus()
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const path = (event.target as HTMLElement).closest<HTMLElement>('[data-path]')?.dataset['path']
    const at = rows.findIndex((row) => row.path === path)
    const row = rows[at]
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const act: Record<string, () => void> = {
      ArrowDown: () => focus(rows[at + 1]?.path),
      ArrowUp: () => focus(rows[at - 1]?.path),
      Home: () => focus(rows[0]?.path),
      End: () => focus(rows.at(-1)?.path),
      ArrowRight: () => (row.isOpen === false ? toggle(row.path, true) : row.isOpen && focus(rows[at + 1]?.path)),
      ArrowLeft: () => (row.isOpen === true ? toggle(row.path, false) : row.path !== '' && focus(parentOf(row.path))),
      Enter: () => onSelect(row.path),
      ' ': () => onSelect(row.path),
    }
    const known = act[event.key]
    if (known !== undefined) {
      event.preventDefault()
      known()
    } else if (/^\p{L}$/u.test(event.key)) {
      const later = [...rows.slice(at + 1), ...rows.slice(0, at + 1)]
      focus(later.find((each) => each.name.toLowerCase().startsWith(event.key.toLowerCase()))?.path)
    }
  }

  return (
    <ul ref={list} role="tree" aria-label="Folders" className="flex flex-col gap-px">
      {rows.map((row) => (
        <Row
          key={row.path}
          row={row}
          isSelected={row.path === selected}
          isTabStop={row.path === current}
          placeOf={placeOf}
          menu={menuOf(row.path)}
          onSelect={() => onSelect(row.path)}
          onKeyDown={onKeyDown}
          onToggle={() => toggle(row.path, row.isOpen === false)}
        />
      ))}
    </ul>
  )
}

interface RowProps {
  row: TreeRow
  isSelected: boolean
  isTabStop: boolean
  placeOf: (thing: Thing) => string
  menu: readonly MenuItem[]
  onSelect: () => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  onToggle: () => void
}

function Row({ row, isSelected, isTabStop, placeOf, menu, onSelect, onKeyDown, onToggle }: RowProps) {
  const place = usePlace('tree', row.path, placeOf)
  const Icon = row.path === '' ? Library : row.isOpen === true ? FolderOpen : FolderIcon
  return (
    <ContextArea items={menu}>
      <li
        ref={place.ref}
        role="treeitem"
        aria-level={row.level}
        aria-selected={isSelected}
        {...(row.isOpen === undefined ? {} : { 'aria-expanded': row.isOpen })}
        tabIndex={isTabStop ? 0 : -1}
        data-path={row.path}
        onClick={onSelect}
        onKeyDown={onKeyDown}
        style={{ paddingLeft: (row.level - 1) * 14 }}
        className={clsx(
          'flex h-8 cursor-pointer items-center gap-1.5 rounded-md pr-2 text-sm select-none focus-visible:-outline-offset-2 touch:h-11',
          isSelected ? 'bg-brass-wash font-medium text-ink' : 'text-soft hover:bg-hover hover:text-ink',
          place.isOver && 'bg-brass-wash outline-2 -outline-offset-2 outline-brass-line',
        )}
      >
        <span
          aria-hidden="true"
          onClick={(event) => {
            if (row.isOpen === undefined) return
            event.stopPropagation()
            onToggle()
          }}
          className="flex size-6 shrink-0 items-center justify-center touch:size-9"
        >
          {row.isOpen !== undefined && (
            <ChevronRight
              className={clsx('size-3.5 text-faint transition-transform duration-100', row.isOpen && 'rotate-90')}
            />
          )}
        </span>
        <Icon className="size-4 shrink-0 text-faint" />
        <span className="min-w-0 flex-1 truncate">{row.name}</span>
        <span className="text-xs text-faint">
          {row.totalCount}
          <span className="sr-only"> {row.totalCount === 1 ? 'workflow' : 'workflows'}</span>
        </span>
      </li>
    </ContextArea>
  )
}
