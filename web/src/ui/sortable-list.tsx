// A list whose rows a person puts in order: by dragging, by the keys of a row's handle (Space, arrows, Space),
// or with Alt and an arrow from anywhere in a row.

import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { GripVertical } from 'lucide-react'
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react'

interface SortableListProps {
  label?: string
  /** One for each row, in order. */
  keys: readonly string[]
  onMove: (from: number, to: number) => void
  ref?: Ref<HTMLOListElement>
  className?: string
  /** An `li` for each key: a `SortableRow`, or one that calls `useSortable` itself. */
  children: ReactNode
}

export function SortableList({ label, keys, onMove, ref, className, children }: SortableListProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )

  function move(from: number, to: number) {
    if (from >= 0 && from !== to && to >= 0 && to < keys.length) onMove(from, to)
  }
  const list = useRef<HTMLOListElement>(null)
  useImperativeHandle(ref, () => list.current as HTMLOListElement)
  const latest = useRef(move)
  latest.current = move
  useEffect(() => {
    const element = list.current
    if (element === null) return
    function onKeyDown(event: KeyboardEvent) {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
      const item = event.target instanceof Element ? event.target.closest('li') : null
      if (item === null || element === null) return
      event.preventDefault()
      const at = [...element.children].indexOf(item)
      latest.current(at, at + (event.key === 'ArrowUp' ? -1 : 1))
    }
    element.addEventListener('keydown', onKeyDown)
    return () => element.removeEventListener('keydown', onKeyDown)
  }, [])

  function onDragEnd({ active, over }: DragEndEvent) {
    if (over !== null) move(keys.indexOf(String(active.id)), keys.indexOf(String(over.id)))
  }

  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
      <SortableContext items={[...keys]} strategy={verticalListSortingStrategy}>
        <ol ref={list} aria-label={label} className={className}>
          {children}
        </ol>
      </SortableContext>
    </DndContext>
  )
}

interface SortableRowProps {
  id: string
  /** What its handle is called, as in "Move argument 2". */
  handleLabel: string
  children: ReactNode
}

export function SortableRow({ id, handleLabel, children }: SortableRowProps) {
  const sortable = useSortable({ id })

  return (
    <li
      ref={sortable.setNodeRef}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      className={sortable.isDragging ? 'relative z-10 flex items-start gap-1' : 'flex items-start gap-1'}
    >
      <button
        type="button"
        className="flex h-8.5 w-6 shrink-0 cursor-grab touch-none items-center justify-center rounded-md text-faint hover:bg-hover hover:text-ink touch:h-11 touch:w-8"
        {...sortable.attributes}
        {...sortable.listeners}
        aria-label={handleLabel}
      >
        <GripVertical className="size-4" aria-hidden="true" />
      </button>
      {children}
    </li>
  )
}
