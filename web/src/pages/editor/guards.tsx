// The two moments where work could be lost: leaving with unsaved changes, and saving over someone
// else's. Both say what is at stake before they ask.

import { useBlocker } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { diffLines } from '../../lib/diff.ts'
import { Ago } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { asLines, inputOf } from './draft.ts'
import type { Draft } from './use-draft.ts'

export function UnsavedGuard({ draft, isLeaving }: { draft: Draft; isLeaving: (to: string) => boolean }) {
  const dirty = draft.changes.length > 0
  const blocker = useBlocker({
    shouldBlockFn: ({ next }) => dirty && isLeaving(next.pathname),
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog
      open
      onClose={blocker.reset}
      title="Leave without saving?"
      description="These changes are not saved:"
      footer={
        <>
          <Button onClick={blocker.reset}>Stay</Button>
          <Button look="danger" onClick={blocker.proceed}>
            Discard changes
          </Button>
          <Button
            look="primary"
            disabled={draft.saving}
            onClick={() =>
              void draft.store().then((saved) => {
                if (saved === undefined) blocker.reset()
                else blocker.proceed()
              })
            }
          >
            Save and leave
          </Button>
        </>
      }
    >
      <ul className="list-disc pl-5">
        {draft.changes.slice(0, 12).map((change) => (
          <li key={change}>{change}</li>
        ))}
        {draft.changes.length > 12 && <li>and {draft.changes.length - 12} more</li>}
      </ul>
    </Dialog>
  )
}

export function ConflictDialog({ draft }: { draft: Draft }) {
  const { conflict } = draft
  if (conflict === undefined) return null
  const lines = diffLines(asLines(inputOf(conflict)), asLines(draft.input))
  return (
    <Dialog
      open
      wide
      onClose={draft.dropConflict}
      title="Someone else saved this workflow"
      description={
        <>
          The stored version is from <Ago at={conflict.updatedAt} />. Lines with − are only in it, lines with + only in
          yours.
        </>
      }
      footer={
        <>
          <Button onClick={draft.dropConflict}>Keep editing</Button>
          <Button onClick={() => draft.takeTheirs(conflict)}>Take the stored one</Button>
          <Button look="primary" disabled={draft.saving} onClick={() => void draft.store(conflict)}>
            Save mine over it
          </Button>
        </>
      }
    >
      <pre
        aria-label="Difference"
        className="overflow-x-auto rounded-lg border border-line font-mono text-xs leading-5"
      >
        {lines.map((line, index) => (
          <div
            key={index}
            className={clsx(
              'px-3 whitespace-pre-wrap',
              line.kind === 'added' && 'bg-succeeded-wash',
              line.kind === 'removed' && 'bg-failed-wash',
            )}
          >
            <span aria-hidden="true" className="mr-2 select-none text-faint">
              {line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '}
            </span>
            {line.kind !== 'same' && <span className="sr-only">{line.kind === 'added' ? 'Yours: ' : 'Stored: '}</span>}
            {line.text}
          </div>
        ))}
      </pre>
    </Dialog>
  )
}
