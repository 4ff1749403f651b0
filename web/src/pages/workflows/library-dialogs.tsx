// Which dialog of the library is open, and what it does when it is answered.

import type { Folder, WorkflowSummary } from '#src/workflows/contract.ts'
import {
  DeleteDialog,
  DeleteFolderDialog,
  MoveDialog,
  NameDialog,
  NewFolderDialog,
  RenameFolderDialog,
} from './dialogs.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { joinPath, parentOf, type Thing } from './tree.ts'
import type { Actions } from './use-actions.ts'

export type Open =
  | { kind: 'new-folder'; parent: string }
  | { kind: 'rename'; thing: Thing }
  | { kind: 'move' | 'remove'; things: readonly Thing[] }
  | { kind: 'import' }

interface LibraryDialogsProps {
  open: Open | undefined
  folder: string
  folders: readonly Folder[]
  workflows: readonly WorkflowSummary[]
  actions: Actions
  onClose: () => void
  onEnter: (path: string) => void
  /** What was ticked has been dealt with. */
  onDone: () => void
}

export function LibraryDialogs(props: LibraryDialogsProps) {
  const { open, folder, folders, actions, onClose } = props
  switch (open?.kind) {
    case undefined:
      return null
    case 'import':
      return <ImportDialog folder={folder} folders={folders} onClose={onClose} />
    case 'new-folder':
      return (
        <NewFolderDialog
          parent={open.parent}
          folders={folders}
          onClose={onClose}
          onName={(name) => void actions.createFolder(joinPath(open.parent, name))}
        />
      )
    case 'rename':
      return <Rename {...props} thing={open.thing} />
    case 'move':
      return (
        <MoveDialog
          things={open.things}
          titleOf={actions.titleOf}
          placeOf={actions.placeOf}
          folders={folders}
          onClose={onClose}
          onMove={(to) => void actions.move(open.things, to).then(props.onDone)}
        />
      )
    case 'remove':
      return <Remove {...props} things={open.things} />
  }
}

function Rename({ thing, folder, folders, actions, onClose, onEnter }: LibraryDialogsProps & { thing: Thing }) {
  if (thing.kind === 'folder')
    return (
      <RenameFolderDialog
        path={thing.path}
        folders={folders}
        onClose={onClose}
        onName={(name) =>
          void actions.renameFolder(thing.path, name).then((done) => {
            // Whoever stands in it goes along.
            if (done !== undefined && `${folder}/`.startsWith(`${thing.path}/`))
              onEnter(done.path + folder.slice(thing.path.length))
          })
        }
      />
    )
  const name = actions.titleOf(thing)
  return (
    <NameDialog
      title={`Rename "${name}"`}
      label="Name"
      verb="Rename"
      start={name}
      problemOf={(next) => (next.trim() === '' ? 'Give it a name.' : undefined)}
      onClose={onClose}
      onName={(next) => void actions.rename(thing.id, next)}
    />
  )
}

function Remove(props: LibraryDialogsProps & { things: readonly Thing[] }) {
  const { things, folder, folders, actions, onClose } = props
  const [first] = things
  if (things.length === 1 && first?.kind === 'folder')
    return (
      <DeleteFolderDialog
        path={first.path}
        folders={folders}
        onClose={onClose}
        onDelete={() =>
          void actions.removeFolder(first.path).then(() => {
            props.onDone()
            if (`${folder}/`.startsWith(`${first.path}/`)) props.onEnter(parentOf(first.path))
          })
        }
      />
    )
  const ids = things.flatMap((thing) => (thing.kind === 'workflow' ? [thing.id] : []))
  const paths = things.flatMap((thing) => (thing.kind === 'folder' ? [thing.path] : []))
  return (
    <DeleteDialog
      names={ids.map((id) => actions.titleOf({ kind: 'workflow', id }))}
      folderCount={paths.length}
      onClose={onClose}
      onDelete={() =>
        void (async () => {
          if (ids.length > 0) await actions.remove(ids)
          // The deepest first: what is in them moves up to where the next one looks.
          for (const path of paths.toSorted((one, other) => other.length - one.length)) await actions.removeFolder(path)
          props.onDone()
        })()
      }
    />
  )
}
