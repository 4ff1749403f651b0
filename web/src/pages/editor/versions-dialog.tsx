// Saved states of the workflow: when, by whom, what changed; one against the one before it or against now, and back
// to it. Going back makes a new version, so nothing is lost by it.

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useState } from 'react'
import type { WorkflowVersion } from '#src/workflows/contract.ts'
import { diffQuery, library, useLibraryWrite, versionsQuery } from '../../api/library.ts'
import { actorWords } from '../../lib/actor.ts'
import { plural } from '../../lib/format.ts'
import { Ago, Chip, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useToasts } from '../../ui/toast.tsx'
import type { Draft } from './use-draft.ts'

interface VersionsDialogProps {
  id: string
  draft: Draft
  onClose: () => void
}

export function VersionsDialog({ id, draft, onClose }: VersionsDialogProps) {
  const versions = useQuery(versionsQuery(id))
  const [chosen, setChosen] = useState<string>()
  const list = versions.data ?? []
  const at = Math.max(0, chosen === undefined ? 0 : list.findIndex((each) => each.version === chosen))
  const version = list[at]
  const restore = useLibraryWrite((to: WorkflowVersion) => library.restore(id, to.version, draft.base.version))
  const toasts = useToasts()
  const isDirty = draft.changes.length > 0

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Versions"
      description="Every saved state, also those written into the files by hand."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {version !== undefined && !version.isCurrent && (
            <Button
              look="primary"
              disabled={restore.isPending}
              {...(isDirty ? { because: 'Save or cancel your changes first.' } : {})}
              onClick={() =>
                restore.mutate(version, {
                  onError: (thrown) => toasts.fail(thrown),
                  onSuccess: (workflow) => {
                    draft.takeTheirs(workflow)
                    toasts.say('Went back to that version; it is the newest now')
                    setChosen(undefined)
                  },
                })
              }
            >
              Restore this version
            </Button>
          )}
        </>
      }
    >
      {versions.isPending && <Skeleton rows={4} className="h-12" />}
      {versions.error !== null && <ErrorCard thrown={versions.error} onRetry={() => void versions.refetch()} />}
      {version !== undefined && (
        <div className="grid gap-4 md:grid-cols-[240px_minmax(0,1fr)]">
          <ol aria-label="Versions" className="flex max-h-[52vh] flex-col gap-0.5 overflow-y-auto max-md:max-h-44">
            {list.map((each, index) => (
              <li key={each.version}>
                <button
                  type="button"
                  aria-pressed={index === at}
                  onClick={() => setChosen(each.version)}
                  className={clsx(
                    'w-full rounded-md px-2.5 py-1.5 text-left focus-visible:-outline-offset-2',
                    index === at ? 'bg-brass-wash' : 'hover:bg-hover',
                  )}
                >
                  <span className="flex items-center gap-2">
                    <Ago at={each.savedAt} className="font-medium" />
                    {each.isCurrent && <Chip>now</Chip>}
                  </span>
                  <span className="block text-sm text-soft wrap-anywhere">
                    {each.summary === '' ? plural(each.stepCount, 'prompt') : each.summary}
                  </span>
                  <span className="block text-xs text-soft">
                    {each.savedBy === null ? 'Edited in the files' : actorWords(each.savedBy)}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          <Difference key={version.version} id={id} version={version} before={list[at + 1]} />
        </div>
      )}
    </Dialog>
  )
}

function Difference(props: { id: string; version: WorkflowVersion; before: WorkflowVersion | undefined }) {
  const { id, version, before } = props
  const [against, setAgainst] = useState<'before' | 'now'>(version.isCurrent || before !== undefined ? 'before' : 'now')
  const isFirst = against === 'before' && before === undefined
  const diff = useQuery({
    ...(against === 'before' ? diffQuery(id, before?.version ?? '', version.version) : diffQuery(id, version.version)),
    enabled: !isFirst,
  })
  return (
    <div className="min-w-0">
      {!version.isCurrent && before !== undefined && (
        <div className="mb-3">
          <Segments
            label="Compared with"
            value={against}
            options={[
              ['before', 'What it changed'],
              ['now', 'What changed since'],
            ]}
            onChange={setAgainst}
          />
        </div>
      )}
      {isFirst && <p className="text-soft">The first version that was kept.</p>}
      {!isFirst && diff.isPending && <Skeleton rows={3} className="h-8" />}
      {diff.error !== null && <ErrorCard thrown={diff.error} />}
      {!isFirst && diff.data !== undefined && (
        <DiffView diff={diff.data} sides={against === 'before' ? ['Before', 'Then'] : ['Then', 'Now']} />
      )}
    </div>
  )
}
