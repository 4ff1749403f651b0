// One line of the list: a folder, or a workflow with what it is, what starts it and how it went.

import { useDraggable } from '@dnd-kit/core'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import {
  ArrowDownToLine,
  Copy,
  Ellipsis,
  Folder as FolderIcon,
  FolderInput,
  FolderOpen,
  FolderPlus,
  GripVertical,
  Pencil,
  Play,
  TextCursorInput,
  Trash2,
  Workflow as WorkflowIcon,
} from 'lucide-react'
import { memo, type MouseEvent, type ReactNode } from 'react'
import type { Folder, WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { plural } from '../../lib/format.ts'
import { Ago, Chip } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ContextArea, Menu, type MenuItem } from '../../ui/menu.tsx'
import { RunDots } from '../../ui/run-dots.tsx'
import { usePlace } from './drag.tsx'
import { keyOf, type Thing } from './tree.ts'
import { scheduleWords, triggerWords } from './words.ts'

/** What a row may ask for; the page answers. */
export interface RowActs {
  open: (thing: Thing) => void
  run: (id: string) => void
  rename: (thing: Thing) => void
  duplicate: (id: string) => void
  move: (thing: Thing) => void
  export: (thing: Thing) => void
  remove: (thing: Thing) => void
  newFolder: (path: string) => void
  select: (thing: Thing, isRange: boolean) => void
  placeOf: (thing: Thing) => string
  workflowName: (id: string) => string | undefined
}

const workflowMenu = (id: string, acts: RowActs): MenuItem[] => {
  const thing: Thing = { kind: 'workflow', id }
  return [
    { label: 'Open', icon: <Pencil />, onSelect: () => acts.open(thing) },
    { label: 'Run now', icon: <Play />, onSelect: () => acts.run(id) },
    { label: 'Rename…', icon: <TextCursorInput />, onSelect: () => acts.rename(thing) },
    { label: 'Duplicate', icon: <Copy />, onSelect: () => acts.duplicate(id) },
    { label: 'Move to…', icon: <FolderInput />, onSelect: () => acts.move(thing) },
    { label: 'Export', icon: <ArrowDownToLine />, onSelect: () => acts.export(thing) },
    { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => acts.remove(thing) },
  ]
}

export const folderMenu = (path: string, acts: RowActs): MenuItem[] => {
  const thing: Thing = { kind: 'folder', path }
  const any: MenuItem[] = [
    { label: 'Open', icon: <FolderOpen />, onSelect: () => acts.open(thing) },
    { label: 'New folder in it…', icon: <FolderPlus />, onSelect: () => acts.newFolder(path) },
    { label: 'Export', icon: <ArrowDownToLine />, onSelect: () => acts.export(thing) },
  ]
  if (path === '') return any
  return any.toSpliced(
    2,
    1,
    { label: 'Rename…', icon: <TextCursorInput />, onSelect: () => acts.rename(thing) },
    { label: 'Move to…', icon: <FolderInput />, onSelect: () => acts.move(thing) },
    ...any.slice(2),
    { label: 'Delete…', icon: <Trash2 />, danger: true, onSelect: () => acts.remove(thing) },
  )
}

const line = 'group relative flex items-center gap-2 pl-1.5 pr-2.5 hover:bg-hover md:gap-3'
const cover =
  'after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-brass-line'

interface FrameProps {
  thing: Thing
  name: string
  isSelected: boolean
  isOver?: boolean
  acts: RowActs
  menu: readonly MenuItem[]
  placeRef?: (element: HTMLElement | null) => void
  children: ReactNode
}

/** What both kinds of rows have: the tick, the handle, the menus. */
function Frame({ thing, name, isSelected, isOver = false, acts, menu, placeRef, children }: FrameProps) {
  const drag = useDraggable({ id: keyOf(thing) })
  const { onMouseDown, onKeyDown } = (drag.listeners ?? {}) as Record<string, ((event: unknown) => void) | undefined>
  return (
    <ContextArea items={menu}>
      <div
        role="presentation"
        ref={(element) => {
          drag.setNodeRef(element)
          placeRef?.(element)
        }}
        onMouseDown={onMouseDown}
        onDragStart={(event) => event.preventDefault()}
        className={clsx(
          line,
          isSelected && 'bg-brass-wash',
          isOver && 'outline-2 -outline-offset-2 outline-brass-line',
          drag.isDragging && 'opacity-50',
        )}
      >
        <button
          type="button"
          {...drag.attributes}
          aria-label={`Take ${name} to another folder`}
          onKeyDown={onKeyDown}
          className="relative z-1 flex h-8 w-6 shrink-0 cursor-grab items-center justify-center rounded text-faint focus-visible:opacity-100 md:opacity-0 group-hover:md:opacity-100 touch:hidden"
        >
          <GripVertical className="size-4" />
        </button>
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={isSelected}
          onChange={() => undefined}
          onClick={(event: MouseEvent) => acts.select(thing, event.shiftKey)}
          className="tick relative z-1"
        />
        {children}
        <Menu
          trigger={
            <IconButton label={`More for ${name}`} className="relative z-1">
              <Ellipsis />
            </IconButton>
          }
          items={menu}
        />
      </div>
    </ContextArea>
  )
}

export const FolderRow = memo(function FolderRow({
  folder,
  isSelected,
  acts,
}: {
  folder: Folder
  isSelected: boolean
  acts: RowActs
}) {
  const place = usePlace('row', folder.path, acts.placeOf)
  return (
    <Frame
      thing={{ kind: 'folder', path: folder.path }}
      name={folder.name}
      isSelected={isSelected}
      isOver={place.isOver}
      placeRef={place.ref}
      acts={acts}
      menu={folderMenu(folder.path, acts)}
    >
      <FolderIcon className="size-4.5 shrink-0 text-brass-line" />
      <Link
        to={route.workflows}
        search={{ folder: folder.path }}
        draggable={false}
        data-row
        className={clsx('min-w-0 flex-1 truncate py-3 font-medium', cover)}
      >
        {folder.name}
      </Link>
      <span className="text-sm text-faint">
        {folder.totalCount === 0 ? 'Empty' : plural(folder.totalCount, 'workflow')}
      </span>
    </Frame>
  )
})

interface WorkflowRowProps {
  workflow: WorkflowSummary
  isSelected: boolean
  /** Its folder is told where rows of several folders stand together. */
  showsPath: boolean
  acts: RowActs
}

export const WorkflowRow = memo(function WorkflowRow({ workflow, isSelected, showsPath, acts }: WorkflowRowProps) {
  const last = workflow.lastRuns[0]
  const starts = [scheduleWords(workflow.schedule), triggerWords(workflow.onSuccess, acts.workflowName)].filter(Boolean)
  return (
    <Frame
      thing={{ kind: 'workflow', id: workflow.id }}
      name={workflow.name}
      isSelected={isSelected}
      acts={acts}
      menu={workflowMenu(workflow.id, acts)}
    >
      <WorkflowIcon className="size-4.5 shrink-0 text-faint max-md:hidden" />
      <div className="grid min-w-0 flex-1 items-center gap-x-5 gap-y-1 py-2.5 lg:grid-cols-[minmax(0,1fr)_minmax(0,200px)_156px]">
        <div className="min-w-0">
          <div className="flex min-w-0 items-baseline gap-2">
            <Link
              to={route.workflow}
              params={{ id: workflow.id }}
              draggable={false}
              data-row
              className={clsx('truncate font-medium', cover)}
            >
              {showsPath && workflow.path !== '' && (
                <span className="font-normal text-faint">{workflow.path.replaceAll('/', ' / ')} / </span>
              )}
              {workflow.name}
            </Link>
            {workflow.description !== undefined && workflow.description !== '' && (
              <span className="min-w-0 flex-1 truncate text-sm text-faint max-xl:hidden">{workflow.description}</span>
            )}
          </div>
          <div className="mt-1 flex flex-wrap items-center gap-1">
            <Chip>{plural(workflow.stepCount, 'step')}</Chip>
            {workflow.agents.map((agent) => (
              <Chip key={agent}>{agent}</Chip>
            ))}
            {workflow.models.map((model) =>
              model === null ? null : (
                <Chip key={model} mono>
                  {model.split('/').at(-1)}
                </Chip>
              ),
            )}
            {workflow.mcpServerIds.length > 0 && <Chip>{plural(workflow.mcpServerIds.length, 'MCP server')}</Chip>}
            {workflow.tags.map((tag) => (
              <span key={tag} className="text-xs text-faint">
                #{tag}
              </span>
            ))}
          </div>
        </div>
        <div className="min-w-0 text-sm text-soft max-lg:empty:hidden">
          {starts.map((words) => (
            <p key={words} className="truncate" title={words}>
              {words}
            </p>
          ))}
        </div>
        <div className="relative z-1 flex w-fit items-center gap-3 lg:flex-col lg:items-start lg:gap-0">
          <RunDots workflowId={workflow.id} runs={workflow.lastRuns} />
          {last !== undefined && <Ago at={last.createdAt} className="text-xs text-faint" />}
        </div>
      </div>
      <Button
        small
        icon={<Play className="size-3.5" />}
        onClick={() => acts.run(workflow.id)}
        aria-label={`Run now: ${workflow.name}`}
        className="relative z-1 max-sm:!w-9 max-sm:!px-0"
      >
        <span className="max-sm:sr-only">Run now</span>
      </Button>
    </Frame>
  )
})
