// A run opened in place, beside what one was looking at. `?panel=<run id>` in the address holds it.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Maximize2, X } from 'lucide-react'
import { useEffect } from 'react'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { route } from '../api/paths.ts'
import { runQuery } from '../api/queries.ts'
import { duration, shortId } from '../lib/format.ts'
import { Elapsed } from '../pages/run/step.tsx'
import { Ago, CopyButton, ErrorCard, Skeleton, TroubleCard } from '../ui/bits.tsx'
import { buttonClass, IconButton } from '../ui/button.tsx'
import { Glyph, StatusWord } from '../ui/glyph.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { RunActions, WaitingCard } from '../ui/run-actions.tsx'
import { isActive, isTrouble, states } from '../ui/status.ts'
import { UsageFigures } from '../ui/usage.tsx'

/** Reads and sets what the side panel shows, whatever the page. */
export function usePanel() {
  const panel = useSearch({ strict: false }).panel
  const navigate = useNavigate()
  return {
    panel,
    open: (id: string) =>
      void navigate({ to: '.', search: (old) => ({ ...old, panel: id }), replace: panel !== undefined }),
    close: () => void navigate({ to: '.', search: (old) => ({ ...old, panel: undefined }), replace: true }),
  }
}

export function SidePanel() {
  const { panel, close } = usePanel()
  useEffect(() => {
    if (panel === undefined) return
    function onKey(event: KeyboardEvent) {
      if (
        event.key === 'Escape' &&
        !event.defaultPrevented &&
        document.querySelector('[role="dialog"], [role="menu"]') === null
      )
        close()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  if (panel === undefined) return null
  return (
    <aside
      aria-label="Run preview"
      className="enter-side fixed inset-x-0 bottom-14 top-0 z-20 flex flex-col bg-surface md:bottom-0 md:left-auto md:w-[420px] md:border-l md:border-line md:shadow-float xl:static xl:shadow-none"
    >
      <PanelRun key={panel} id={panel} onClose={close} />
    </aside>
  )
}

function PanelRun({ id, onClose }: { id: string; onClose: () => void }) {
  const run = useQuery(runQuery(id))
  return (
    <>
      <header className="flex min-h-14 items-center gap-1 border-b border-line px-4">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{run.data?.workflowName ?? 'Run'}</h2>
          <p className="font-mono text-2xs text-faint">{shortId(id)}</p>
        </div>
        <CopyButton label="Copy the run's id" text={() => id} />
        <Link
          to={route.run}
          params={{ id }}
          aria-label="Open as a page"
          title="Open as a page"
          className={`${buttonClass('quiet')} !size-8 !px-0`}
        >
          <Maximize2 className="size-4" />
        </Link>
        <IconButton label="Close the panel" keys="Esc" onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-4 py-4 focus-visible:-outline-offset-2">
        {run.data !== undefined ? (
          <Summary run={run.data} />
        ) : run.error !== null ? (
          <ErrorCard thrown={run.error} onRetry={() => void run.refetch()} />
        ) : (
          <Skeleton />
        )}
      </div>
      {run.data !== undefined && (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
          <Link to={route.run} params={{ id }} className={buttonClass('plain')}>
            Open the run
          </Link>
          {run.data.status !== 'waiting' && <RunActions run={run.data} />}
        </footer>
      )}
    </>
  )
}

function Summary({ run }: { run: Run }) {
  const answer = run.steps.findLast((step) => step.output !== null && step.output !== '')
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="flex flex-col gap-1">
          <StatusWord status={run.status} stopping={run.stopRequestedAt !== null && run.endedAt === null} />
          <p className="text-sm text-soft">
            Started <Ago at={run.createdAt} />
            {run.startedAt !== null && (
              <>
                , {run.endedAt === null ? 'so far ' : 'took '}
                <Elapsed from={run.startedAt} to={run.endedAt} ticks={isActive(run.status)} />
              </>
            )}
          </p>
        </div>
        <UsageFigures usage={run.usage} />
      </div>
      {run.status === 'waiting' && <WaitingCard run={run} />}
      {run.error !== null && isTrouble(run.status) && (
        <TroubleCard title={states[run.status].word} detail={run.error.message} hint={run.error.hint} />
      )}
      <section>
        <h3 className="mb-1.5 text-sm font-semibold text-soft">Steps</h3>
        <ol className="flex flex-col">
          {run.steps.map((step) => (
            <StepRow key={step.index} step={step} />
          ))}
        </ol>
      </section>
      {answer?.output != null && (
        <section>
          <h3 className="mb-1.5 text-sm font-semibold text-soft">Last answer</h3>
          <div className="relative max-h-72 overflow-hidden rounded-lg bg-sunken px-3.5 py-3 [mask-image:linear-gradient(#000_75%,transparent)]">
            <Markdown text={answer.output.slice(0, 4_000)} />
          </div>
        </section>
      )}
    </div>
  )
}

function StepRow({ step }: { step: RunStep }) {
  return (
    <li className="flex min-h-9 items-center gap-2.5 border-b border-line py-1.5 last:border-b-0">
      <Glyph status={step.status} size={15} />
      <span className="sr-only">{states[step.status].word}</span>
      <span className="w-4 text-right text-faint">{step.index + 1}</span>
      <span className="min-w-0 flex-1 truncate">{step.title}</span>
      {step.attempts.length > 1 && <span className="text-xs text-waiting">{step.attempts.length} attempts</span>}
      {step.startedAt !== null && step.endedAt !== null && (
        <span className="text-xs text-faint">{duration(step.endedAt - step.startedAt)}</span>
      )}
    </li>
  )
}
