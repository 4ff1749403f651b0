// Saving over someone else's change: both are shown before one of them goes.

import { clsx } from 'clsx'
import type { McpServer } from '#src/agents/contract.ts'
import { diffLines } from '../../lib/diff.ts'
import { Ago } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { asLines, draftOf } from './draft.ts'
import type { ServerEdit } from './use-server-draft.ts'

export function ConflictDialog({ edit, onSaveOver }: { edit: ServerEdit; onSaveOver: (current: McpServer) => void }) {
  const { conflict } = edit
  if (conflict === undefined) return null
  return (
    <Dialog
      open
      wide
      onClose={edit.dropConflict}
      title="Someone else saved this server"
      description={
        <>
          The stored one is from <Ago at={conflict.updatedAt} />. Lines with − are only in it, lines with + only in
          yours. Values of secrets are not compared.
        </>
      }
      footer={
        <>
          <Button onClick={edit.dropConflict}>Keep editing</Button>
          <Button onClick={() => edit.takeTheirs(conflict)}>Take the stored one</Button>
          <Button look="primary" disabled={edit.saving} onClick={() => onSaveOver(conflict)}>
            Save mine over it
          </Button>
        </>
      }
    >
      <ul aria-label="Difference" className="rounded-lg border border-line py-1 font-mono text-xs leading-5">
        {diffLines(asLines(draftOf(conflict)), asLines(edit.draft)).map((line, index) => (
          <li
            key={index}
            className={clsx(
              'px-3 whitespace-pre-wrap wrap-anywhere',
              line.kind === 'added' && 'bg-succeeded-wash',
              line.kind === 'removed' && 'bg-failed-wash',
            )}
          >
            <span aria-hidden="true" className="mr-2 select-none text-faint">
              {line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '}
            </span>
            {line.kind !== 'same' && <span className="sr-only">{line.kind === 'added' ? 'Yours: ' : 'Stored: '}</span>}
            {line.text}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
