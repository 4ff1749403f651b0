// The two moments where work could be lost: leaving with unsaved changes, and saving over someone
// else's. Both say what is at stake before they ask.

import { useBlocker } from '@tanstack/react-router'
import type { WorkflowDiff, WorkflowInput } from '#src/workflows/contract.ts'
import { linesOf } from '../../lib/word-diff.ts'
import { Ago } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
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
  const { current } = conflict
  return (
    <Dialog
      open
      wide
      onClose={draft.dropConflict}
      title="Someone else saved this workflow"
      description={
        <>
          The stored version is from <Ago at={current.updatedAt} />. Lines with − are only in it, lines with + only in
          yours.
        </>
      }
      footer={
        <>
          <Button onClick={draft.dropConflict}>Go on editing</Button>
          <Button onClick={() => draft.takeTheirs(current)}>Take theirs</Button>
          <Button look="primary" disabled={draft.saving} onClick={() => void draft.store(current)}>
            Keep mine
          </Button>
        </>
      }
    >
      <DiffView diff={conflict.diff ?? textDiff(inputOf(current), draft.input)} sides={['Stored', 'Yours']} />
    </Dialog>
  )
}

/** Where the server told no difference: both as one text. */
function textDiff(stored: WorkflowInput, mine: WorkflowInput): WorkflowDiff {
  const lines = linesOf(asLines(stored).join('\n'), asLines(mine).join('\n'))
  const change = {
    path: '',
    label: 'The workflow',
    kind: 'changed',
    before: undefined,
    after: undefined,
    lines,
  } as const
  return { from: 'stored', to: 'yours', changes: [change] }
}
