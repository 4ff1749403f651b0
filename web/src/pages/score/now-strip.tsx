// Beside the score: what runs, what waits for a person, what last failed, what it all costs. Empty parts are not
// shown.

import { useInfiniteQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { RotateCcw } from 'lucide-react'
import type { RunSummary } from '#src/workflows/contract.ts'
import { runsQuery, useRunDo } from '../../api/queries.ts'
import { usePanel } from '../../app/side-panel.tsx'
import { ticking } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Ago } from '../../ui/bits.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/button.tsx'
import { RunActions } from '../../ui/run-actions.tsx'
import { isTrouble, states } from '../../ui/status.ts'
import { useToasts } from '../../ui/toast.tsx'
import { SpendStrip, useHasSpend } from './spend-strip.tsx'

const shownEach = 4

/** Failures that still matter: no later run of the same workflow went well. */
function openFailures(runs: readonly RunSummary[]): RunSummary[] {
  const settled = new Set<string>()
  return runs.filter((run) => {
    if (settled.has(run.workflowId)) return false
    if (run.status === 'succeeded' || isTrouble(run.status)) settled.add(run.workflowId)
    return isTrouble(run.status)
  })
}

export function NowStrip() {
  const query = useInfiniteQuery(runsQuery({}))
  const runs = query.data?.pages.flatMap((page) => page.items) ?? []
  const running = runs.filter((run) => run.status === 'running' || run.status === 'queued')
  const waiting = runs.filter((run) => run.status === 'waiting')
  const failed = openFailures(runs)
  const hasSpend = useHasSpend()
  if (running.length + waiting.length + failed.length === 0 && !hasSpend) return null
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,300px),1fr))] gap-3">
      <Group kind="running" runs={running} />
      <Group kind="waiting" runs={waiting} />
      <Group kind="failed" runs={failed} />
      {hasSpend && <SpendStrip />}
    </div>
  )
}

type Kind = 'running' | 'waiting' | 'failed'

const titles: Record<Kind, string> = { running: 'Running now', waiting: 'Waiting for you', failed: 'Failed last' }

function lineOf(kind: Kind, run: RunSummary): string {
  if (kind === 'running') return progress(run)
  if (kind === 'waiting') return run.waitingFor ?? 'Goes on when you say so'
  return run.error?.message ?? states[run.status].word
}

function Aside({ kind, run }: { kind: Kind; run: RunSummary }) {
  if (kind === 'running') return <RunningAside run={run} />
  if (kind === 'waiting') return <RunActions run={run} small only="resume" />
  return (
    <span className="flex items-center gap-1">
      <Ago at={run.endedAt ?? run.createdAt} className="text-xs text-faint" />
      <RunAgain run={run} />
    </span>
  )
}

/** Stays here: the new run is seen in the score and beside it. */
function RunAgain({ run }: { run: RunSummary }) {
  const act = useRunDo()
  const toasts = useToasts()
  return (
    <IconButton
      label={`Run ${run.workflowName} again`}
      disabled={act.isPending}
      onClick={() =>
        act.mutate(
          { id: run.id, verb: 'rerun' },
          {
            onSuccess: () => toasts.say(`${run.workflowName} runs again`),
            onError: (thrown) => toasts.fail(thrown),
          },
        )
      }
    >
      <RotateCcw />
    </IconButton>
  )
}

function Group({ kind, runs }: { kind: Kind; runs: readonly RunSummary[] }) {
  const { open } = usePanel()
  if (runs.length === 0) return null
  return (
    <section className="panel min-w-0 overflow-hidden">
      <h2 className="flex items-baseline gap-2 px-4 pb-1 pt-3 text-sm font-semibold text-soft">
        {titles[kind]} <span className="font-normal text-faint">{runs.length}</span>
      </h2>
      <ul className="pb-1.5">
        {runs.slice(0, shownEach).map((run) => (
          <li key={run.id} className="relative flex min-h-11 items-center gap-3 px-4 py-1.5 hover:bg-hover">
            <Glyph status={run.status} />
            <div className="min-w-0 flex-1">
              <button
                type="button"
                onClick={() => open(run.id)}
                className="block max-w-full truncate text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-brass-line"
              >
                {run.workflowName}
                <span className="sr-only">: {states[run.status].word}</span>
              </button>
              <p className={clsx('text-sm text-soft', kind === 'waiting' ? 'line-clamp-3' : 'truncate')}>
                {lineOf(kind, run)}
              </p>
            </div>
            <div className="relative z-1 flex shrink-0 gap-1.5">
              <Aside kind={kind} run={run} />
            </div>
          </li>
        ))}
      </ul>
      {runs.length > shownEach && (
        <p className="px-4 pb-2.5 text-xs text-faint">and {runs.length - shownEach} more in Runs</p>
      )}
    </section>
  )
}

function progress(run: RunSummary): string {
  if (run.status === 'queued') return 'Queued'
  if (run.stopRequestedAt !== null) return 'Stopping'
  return `Step ${Math.min(run.stepsDone + 1, run.stepCount)} of ${run.stepCount}`
}

function RunningAside({ run }: { run: RunSummary }) {
  const now = useNow(1_000)
  return (
    <span className="text-sm tabular-nums text-running">
      {run.startedAt === null ? '' : ticking(now - run.startedAt)}
    </span>
  )
}
