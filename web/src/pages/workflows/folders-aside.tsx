// Where the tree stands: at the left, folded away if one likes (remembered in this browser), or in a drawer.

import { FolderTree as TreeIcon, PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { Folder } from '#src/workflows/contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { FolderTree } from './folder-tree.tsx'
import { folderMenu, type RowActs } from './rows.tsx'
import { crumbs, parentOf } from './tree.ts'

interface FoldersProps {
  folders: readonly Folder[]
  total: number
  selected: string
  onSelect: (path: string) => void
  acts: RowActs
}

const foldedKey = 'maestro.folders.folded'
const openKey = 'maestro.folders.open'

export function FoldersAside(props: FoldersProps) {
  const [folded, setFolded] = useState(() => localStorage.getItem(foldedKey) === 'yes')
  const fold = (next: boolean) => {
    setFolded(next)
    localStorage.setItem(foldedKey, next ? 'yes' : 'no')
  }
  if (folded)
    return (
      <div className="border-r border-line p-1.5 max-md:hidden">
        <IconButton label="Show folders" onClick={() => fold(false)}>
          <PanelLeftOpen />
        </IconButton>
      </div>
    )
  return (
    <aside
      aria-label="Folders"
      className="flex w-56 shrink-0 flex-col overflow-y-auto border-r border-line p-2 max-md:hidden xl:w-64"
    >
      <div className="mb-1 flex items-center justify-between pl-2">
        <h2 className="text-xs font-medium text-faint">Folders</h2>
        <IconButton label="Hide folders" onClick={() => fold(true)}>
          <PanelLeftClose />
        </IconButton>
      </div>
      <Tree {...props} />
    </aside>
  )
}

/** The same tree over the page, where there is no room beside it. */
export function FoldersDrawer(props: FoldersProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button icon={<TreeIcon className="size-4" />} className="md:!hidden" aria-label="Folders" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <div className="shade fixed inset-0 z-40 md:hidden" aria-hidden="true" />
        <Dialog.Content
          aria-describedby={undefined}
          className="enter fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] overflow-y-auto border-r border-line bg-surface p-3 shadow-float outline-none md:hidden"
        >
          <Dialog.Title className="mb-2 px-2 font-semibold">Folders</Dialog.Title>
          <Tree
            {...props}
            onSelect={(path) => {
              props.onSelect(path)
              setOpen(false)
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Tree({ folders, total, selected, onSelect, acts }: FoldersProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(stored()))
  // The way to the chosen folder is always open, unless somebody closed it while they stand there.
  const [closedAt, setClosedAt] = useState<string>()
  const all = useMemo(() => {
    const next = new Set(open)
    if (closedAt !== selected) for (const crumb of crumbs(parentOf(selected))) next.add(crumb.path)
    return next
  }, [open, selected, closedAt])
  return (
    <FolderTree
      folders={folders}
      total={total}
      selected={selected}
      open={all}
      onOpen={(next) => {
        setOpen(next)
        setClosedAt(selected)
        localStorage.setItem(openKey, JSON.stringify([...next]))
      }}
      onSelect={onSelect}
      placeOf={acts.placeOf}
      menuOf={(path) => folderMenu(path, acts)}
    />
  )
}

/** Paths left open in this browser; at first the top. */
function stored(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(openKey) ?? '[""]')
    return Array.isArray(value) ? value.map(String) : ['']
  } catch {
    return ['']
  }
}
