// Taking workflows and folders to another folder: by mouse from anywhere on a row, by keys from its handle. On
// touch one scrolls, so there "Move to…" does it.

import {
  closestCenter,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  useDndContext,
  useDroppable,
  useSensor,
  useSensors,
  type CollisionDetection,
  type KeyboardCoordinateGetter,
} from '@dnd-kit/core'
import { useState, type ReactNode } from 'react'
import { plural } from '../../lib/format.ts'
import { nameOf, thingOf, whyNot, type Thing } from './tree.ts'

interface DragProps {
  /** What goes along when this one is taken. */
  company: (thing: Thing) => readonly Thing[]
  titleOf: (thing: Thing) => string
  placeOf: (thing: Thing) => string
  onDrop: (things: readonly Thing[], to: string) => void
  children: ReactNode
}

/** Places are `tree:path`, `row:path` and `crumb:path`. */
const pathOf = (id: string | number): string => String(id).slice(String(id).indexOf(':') + 1)

/** Under the pointer; by keys, the nearest. */
const collide: CollisionDetection = (args) =>
  args.pointerCoordinates === null ? closestCenter(args) : pointerWithin(args)

/** Up and down go from one place to the next, in the order of the screen. */
const nextPlace: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.code]
  if (by === undefined) return undefined
  event.preventDefault()
  const places = context.droppableContainers
    .getEnabled()
    .flatMap(({ id }) => {
      const rect = context.droppableRects.get(id)
      return rect === undefined ? [] : [{ id, rect }]
    })
    .sort((one, other) => one.rect.left - other.rect.left || one.rect.top - other.rect.top)
  const at = places.findIndex(({ id }) => id === context.over?.id)
  const next = places[(at + by + places.length) % places.length]
  if (next === undefined || context.collisionRect === null) return currentCoordinates
  const { rect } = next
  return {
    x: rect.left + rect.width / 2 - context.collisionRect.width / 2,
    y: rect.top + rect.height / 2 - context.collisionRect.height / 2,
  }
}

export function DragArea({ company, titleOf, placeOf, onDrop, children }: DragProps) {
  const [taken, setTaken] = useState<readonly Thing[]>([])
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: nextPlace }),
  )
  const title = (id: string | number) => {
    const things = company(thingOf(String(id)))
    return things.length > 1 ? plural(things.length, 'item') : titleOf(thingOf(String(id)))
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collide}
      onDragStart={({ active }) => setTaken(company(thingOf(String(active.id))))}
      onDragCancel={() => setTaken([])}
      onDragEnd={({ over }) => {
        setTaken([])
        if (over !== null) onDrop(taken, pathOf(over.id))
      }}
      accessibility={{
        screenReaderInstructions: {
          draggable: 'Press Space to take it, the arrow keys to choose a folder, Space to drop it, Escape to leave it.',
        },
        announcements: {
          onDragStart: ({ active }) => `Took ${title(active.id)}.`,
          onDragOver: ({ active, over }) => {
            if (over === null) return 'Over no folder.'
            const thing = thingOf(String(active.id))
            const to = pathOf(over.id)
            return whyNot(thing, placeOf(thing), to) ?? `Over ${nameOf(to)}.`
          },
          onDragEnd: ({ active, over }) =>
            `Dropped ${title(active.id)}${over === null ? '' : ` on ${nameOf(pathOf(over.id))}`}.`,
          onDragCancel: ({ active }) => `Left ${title(active.id)} where it was.`,
        },
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {taken[0] !== undefined && (
          <div className="panel w-fit max-w-72 truncate px-3 py-1.5 font-medium shadow-float">
            {taken.length > 1 ? plural(taken.length, 'item') : titleOf(taken[0])}
          </div>
        )}
      </DragOverlay>
    </DndContext>
  )
}

/** Makes an element a place to drop on. `isOver` only where the drop would move something. */
export function usePlace(kind: 'tree' | 'row' | 'crumb', path: string, placeOf: (thing: Thing) => string) {
  const { active } = useDndContext()
  const thing = active === null ? undefined : thingOf(String(active.id))
  const refused = thing !== undefined && whyNot(thing, placeOf(thing), path) !== undefined
  const { setNodeRef, isOver } = useDroppable({ id: `${kind}:${path}` })
  return { ref: setNodeRef, isOver: isOver && !refused }
}
