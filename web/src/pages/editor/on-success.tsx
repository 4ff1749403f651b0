// The workflow that is run when this one has succeeded: switched on or off, chosen by folder, with or without the
// conversation so far.

import { useQuery } from '@tanstack/react-query'
import { ChevronRight, Folder as FolderIcon, Workflow as WorkflowIcon } from 'lucide-react'
import { useId, useState } from 'react'
import type { OnSuccess, WorkflowSummary } from '#src/workflows/contract.ts'
import { foldersQuery } from '../../api/library.ts'
import { workflowsQuery } from '../../api/queries.ts'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { crumbs, shownIn, sortedFolders } from '../workflows/tree.ts'

interface OnSuccessProps {
  /** This workflow: it is not offered. */
  id: string | undefined
  value: OnSuccess | null | undefined
  problem: string | undefined
  onChange: (value: OnSuccess | null) => void
}

export function OnSuccessField({ id, value, problem, onChange }: OnSuccessProps) {
  const [open, setOpen] = useState(false)
  const words = useId()
  const workflows = useQuery(workflowsQuery).data
  const chosen = workflows?.find((each) => each.id === value?.workflowId)
  return (
    <fieldset aria-describedby={problem === undefined ? undefined : words}>
      <legend className="mb-1 text-sm font-medium text-soft">On success</legend>
      {value == null ? (
        <Button small onClick={() => setOpen(true)}>
          Run another workflow…
        </Button>
      ) : (
        <div className="rounded-lg border border-line p-2.5" data-invalid={problem !== undefined}>
          <div className="flex items-center gap-2">
            <WorkflowIcon className="size-4 shrink-0 text-faint" />
            <span className="min-w-0 flex-1 truncate font-medium">
              {chosen?.name ?? (workflows === undefined ? '' : `${value.workflowId} (gone)`)}
            </span>
          </div>
          <div className="mt-2 flex flex-col">
            <Toggle label="Enabled" checked={value.enabled} onChange={(enabled) => onChange({ ...value, enabled })} />
            <Toggle
              label="Preserve session"
              hint="Its first prompt goes on with this conversation."
              checked={value.preserveSession}
              onChange={(preserveSession) => onChange({ ...value, preserveSession })}
            />
          </div>
          <div className="mt-2 flex gap-2">
            <Button small onClick={() => setOpen(true)}>
              Choose another…
            </Button>
            <Button small look="quiet" onClick={() => onChange(null)}>
              Remove trigger
            </Button>
          </div>
        </div>
      )}
      {problem !== undefined && (
        <p id={words} className="mt-1 text-sm text-failed">
          {problem}
        </p>
      )}
      {open && (
        <WorkflowPicker
          without={id}
          start={chosen}
          onClose={() => setOpen(false)}
          onPick={(workflowId) => {
            onChange({ preserveSession: false, enabled: true, ...value, workflowId })
            setOpen(false)
          }}
        />
      )}
    </fieldset>
  )
}

function Toggle(props: { label: string; hint?: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="flex cursor-pointer items-start gap-1.5 rounded px-0.5 hover:bg-hover">
      <input
        type="checkbox"
        className="tick"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span className="py-0.5 text-sm">
        {props.label}
        {props.hint !== undefined && <span className="block text-xs text-faint">{props.hint}</span>}
      </span>
    </label>
  )
}

interface PickerProps {
  without: string | undefined
  start: WorkflowSummary | undefined
  onPick: (id: string) => void
  onClose: () => void
}

function WorkflowPicker({ without, start, onPick, onClose }: PickerProps) {
  const workflows = useQuery(workflowsQuery).data ?? []
  const folders = sortedFolders(useQuery(foldersQuery).data ?? [], workflows)
  const [folder, setFolder] = useState(start?.path ?? '')
  const shown = shownIn(
    folders,
    workflows.filter((each) => each.id !== without),
    { folder, tag: undefined, found: undefined },
  )
  const row =
    'flex min-h-9 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover focus-visible:-outline-offset-2 touch:min-h-11'
  return (
    <Dialog
      open
      onClose={onClose}
      title="Run which workflow?"
      description="It starts when this one has succeeded."
      footer={<Button onClick={onClose}>Cancel</Button>}
    >
      <nav aria-label="Folder" className="mb-2 flex flex-wrap items-center text-sm">
        {crumbs(folder).map(({ path, name }, index) => (
          <span key={path} className="flex items-center">
            {index > 0 && <ChevronRight aria-hidden="true" className="size-3.5 text-faint" />}
            <button
              type="button"
              className="rounded px-1 py-1 hover:bg-hover"
              {...(path === folder ? { 'aria-current': 'location' as const } : {})}
              onClick={() => setFolder(path)}
            >
              {name}
            </button>
          </span>
        ))}
      </nav>
      <ul className="max-h-80 overflow-y-auto rounded-lg border border-line p-1">
        {shown.folders.map((each) => (
          <li key={each.path}>
            <button type="button" className={row} onClick={() => setFolder(each.path)}>
              <FolderIcon className="size-4 shrink-0 text-brass-line" />
              <span className="min-w-0 flex-1 truncate">{each.name}</span>
              <span className="text-xs text-faint">{each.totalCount}</span>
              <ChevronRight className="size-3.5 text-faint" />
            </button>
          </li>
        ))}
        {shown.workflows.map((each) => (
          <li key={each.id}>
            <button type="button" className={row} onClick={() => onPick(each.id)}>
              <WorkflowIcon className="size-4 shrink-0 text-faint" />
              <span className="min-w-0 flex-1 truncate">{each.name}</span>
              <span className="text-xs text-faint">{plural(each.stepCount, 'step')}</span>
            </button>
          </li>
        ))}
        {shown.folders.length + shown.workflows.length === 0 && (
          <li className="px-2 py-3 text-faint">No other workflow here.</li>
        )}
      </ul>
    </Dialog>
  )
}
