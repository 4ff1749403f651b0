// Saving over someone else's work: both versions are shown before one is chosen.

import type { WorkflowDiff, WorkflowInput } from '#src/workflows/contract.ts'
import { linesOf } from '../../lib/word-diff.ts'
import { Ago } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { asLines, inputOf } from './draft.ts'
import type { Draft } from './use-draft.ts'

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
