// What is ticked, and what can be done with all of it.

import { ArrowDownToLine, FolderInput, Trash2, X } from 'lucide-react'
import { useEffect } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'

interface SelectionBarProps {
  count: number
  all: number
  onAll: () => void
  onNone: () => void
  onMove: () => void
  onExport: () => void
  onRemove: () => void
}

export function SelectionBar({ count, all, onAll, onNone, onMove, onExport, onRemove }: SelectionBarProps) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const isBusy = document.querySelector('[role="dialog"], [role="menu"]') !== null
      if (event.key === 'Escape' && !event.defaultPrevented && !isBusy) onNone()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onNone])
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className="enter z-10 md:sticky md:top-2 mb-2 flex flex-wrap items-center gap-1.5 rounded-lg border border-brass-line bg-surface py-1 pl-3 pr-1 shadow-float"
    >
      <span role="status" className="mr-auto text-sm font-medium">
        {count} selected
      </span>
      {count < all && (
        <Button small look="quiet" onClick={onAll}>
          Select all {all}
        </Button>
      )}
      <Button small icon={<FolderInput className="size-3.5" />} onClick={onMove}>
        Move to…
      </Button>
      <Button small icon={<ArrowDownToLine className="size-3.5" />} onClick={onExport}>
        Export
      </Button>
      <Button small look="danger" icon={<Trash2 className="size-3.5" />} onClick={onRemove}>
        Delete
      </Button>
      <IconButton label="Select nothing" keys="Esc" onClick={onNone}>
        <X />
      </IconButton>
    </div>
  )
}
