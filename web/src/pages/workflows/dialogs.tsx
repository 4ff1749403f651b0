// Names and places: new folder, rename, move to, delete. Each says what will happen before it does.

import { useState, type ReactNode, type SyntheticEvent } from 'react'
import type { Folder } from '#src/workflows/contract.ts'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { FolderPicker } from './folder-picker.tsx'
import { nameOf, nameProblem, parentOf, topName, whyNot, type Thing } from './tree.ts'

interface NameDialogProps {
  title: string
  label: string
  hint?: ReactNode
  verb: string
  start: string
  problemOf: (name: string) => string | undefined
  onName: (name: string) => void
  onClose: () => void
}

export function NameDialog({ title, label, hint, verb, start, problemOf, onName, onClose }: NameDialogProps) {
  const [name, setName] = useState(start)
  const [tried, setTried] = useState(false)
  const problem = problemOf(name)
  function onSubmit(event: SyntheticEvent) {
    event.preventDefault()
    setTried(true)
    if (problem !== undefined) return
    if (name.trim() !== start) onName(name.trim())
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="name-form">
            {verb}
          </Button>
        </>
      }
    >
      <form id="name-form" onSubmit={onSubmit}>
        <Field label={label} hint={hint} problem={tried ? problem : undefined}>
          {(ties) => (
            <input
              {...ties}
              className="field"
              autoComplete="off"
              value={name}
              onFocus={(event) => event.target.select()}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}

export function NewFolderDialog(props: {
  parent: string
  folders: readonly Folder[]
  onName: (name: string) => void
  onClose: () => void
}) {
  return (
    <NameDialog
      title="New folder"
      label="Name"
      hint={props.parent === '' ? 'At the top. a/b makes one inside another.' : `In ${props.parent}.`}
      verb="Create folder"
      start=""
      problemOf={(name) => nameProblem(name, props.parent, props.folders)}
      onName={props.onName}
      onClose={props.onClose}
    />
  )
}

export function RenameFolderDialog(props: {
  path: string
  folders: readonly Folder[]
  onName: (name: string) => void
  onClose: () => void
}) {
  const name = nameOf(props.path)
  return (
    <NameDialog
      title={`Rename the folder "${name}"`}
      label="Name"
      verb="Rename"
      start={name}
      problemOf={(next) => {
        if (next.trim() === name) return undefined
        if (next.includes('/')) return 'A name without "/". To put it elsewhere, move it.'
        return nameProblem(next, parentOf(props.path), props.folders)
      }}
      onName={props.onName}
      onClose={props.onClose}
    />
  )
}

interface MoveDialogProps {
  things: readonly Thing[]
  titleOf: (thing: Thing) => string
  placeOf: (thing: Thing) => string
  folders: readonly Folder[]
  onMove: (to: string) => void
  onClose: () => void
}

export function MoveDialog({ things, titleOf, placeOf, folders, onMove, onClose }: MoveDialogProps) {
  const [first] = things
  const [to, setTo] = useState(first === undefined ? '' : placeOf(first))
  const refusals = things.map((thing) => whyNot(thing, placeOf(thing), to))
  const because = refusals.every((why) => why !== undefined) ? refusals[0] : undefined
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move ${things.length === 1 && first !== undefined ? `"${titleOf(first)}"` : plural(things.length, 'item')}`}
      description="Choose the folder it goes to."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            because={because}
            onClick={() => {
              onMove(to)
              onClose()
            }}
          >
            Move to {to === '' ? topName.toLowerCase() : nameOf(to)}
          </Button>
        </>
      }
    >
      <FolderPicker label="Folder" folders={folders} value={to} onChange={setTo} />
    </Dialog>
  )
}

interface DeleteFolderProps {
  path: string
  folders: readonly Folder[]
  onDelete: () => void
  onClose: () => void
}

export function DeleteFolderDialog({ path, folders, onDelete, onClose }: DeleteFolderProps) {
  const parent = parentOf(path)
  const count = folders.find((folder) => folder.path === path)?.totalCount ?? 0
  const where = parent === '' ? 'the top' : `"${nameOf(parent)}"`
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Delete the folder "${nameOf(path)}"?`}
      consequence={
        count === 0
          ? 'It holds no workflow. Folders in it move up too.'
          : `No workflow is deleted: ${plural(count, 'workflow')} and the folders in it move up to ${where}.`
      }
      verb="Delete folder"
      onConfirm={() => {
        onDelete()
        onClose()
      }}
    />
  )
}

interface DeleteProps {
  names: readonly string[]
  /** Folders that go too; what is in them stays. */
  folderCount: number
  onDelete: () => void
  onClose: () => void
}

export function DeleteDialog({ names, folderCount, onDelete, onClose }: DeleteProps) {
  const folders = folderCount === 0 ? '' : plural(folderCount, 'folder')
  const workflows = names.length === 0 ? '' : plural(names.length, 'workflow')
  const what =
    names.length === 1 && folders === '' ? `"${names[0]}"` : [folders, workflows].filter(Boolean).join(' and ')
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Delete ${what}?`}
      consequence={
        <>
          {names.length > 0 && 'Runs that were recorded stay in Runs. You can undo this right afterwards. '}
          {folders !== '' && 'What else is in the folders moves up.'}
          {names.length > 1 && (
            <span className="mt-2 block text-ink">
              {names.slice(0, 12).join(', ')}
              {names.length > 12 && ` and ${names.length - 12} more`}
            </span>
          )}
        </>
      }
      verb={names.length === 1 && folders === '' ? 'Delete workflow' : 'Delete all of these'}
      onConfirm={() => {
        onDelete()
        onClose()
      }}
    />
  )
}
