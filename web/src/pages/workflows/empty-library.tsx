// Why there is nothing to see, and the way on.

import { Link } from '@tanstack/react-router'
import { newWorkflow, route } from '../../api/paths.ts'
import { Empty } from '../../ui/bits.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { nameOf } from './tree.ts'

interface EmptyLibraryProps {
  what: 'nothing' | 'empty-folder' | 'no-folder' | 'nothing-found'
  folder: string
  q: string
  onImport: () => void
  onTop: () => void
  onEverywhere: () => void
}

export function EmptyLibrary({ what, folder, q, onImport, onTop, onEverywhere }: EmptyLibraryProps) {
  const write = (label: string) => (
    <Link
      to={route.workflow}
      params={{ id: newWorkflow }}
      search={folder === '' ? {} : { folder }}
      className={buttonClass('primary')}
    >
      {label}
    </Link>
  )
  switch (what) {
    case 'nothing':
      return (
        <Empty
          title="No workflows yet"
          action={
            <>
              {write('Write the first one')}
              <Button onClick={onImport}>Import</Button>
            </>
          }
        >
          A workflow is a list of prompts that an agent works through in one conversation.
        </Empty>
      )
    case 'empty-folder':
      return (
        <Empty title={`"${nameOf(folder)}" is empty`} action={write('Write a workflow here')}>
          Or drag workflows onto it, or choose "Move to…" in a workflow's menu.
        </Empty>
      )
    case 'no-folder':
      return (
        <Empty title={`There is no folder "${folder}"`} action={<Button onClick={onTop}>Show all workflows</Button>}>
          It was renamed, moved or deleted.
        </Empty>
      )
    case 'nothing-found':
      return (
        <Empty
          title={q.trim() === '' ? 'Nothing has this tag here' : `Nothing matches "${q.trim()}"`}
          action={<Button onClick={onEverywhere}>Clear the search</Button>}
        >
          Names, descriptions, folders, tags, agents and prompts are searched
          {folder === '' ? '' : `, in "${nameOf(folder)}" and below it`}.
        </Empty>
      )
  }
}
