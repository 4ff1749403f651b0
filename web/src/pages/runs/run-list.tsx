// What a row of the list says of a run.

import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import type { RunSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { usePanel } from '../../app/side-panel.tsx'
import { cost, duration, ticking, tokens } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Ago } from '../../ui/bits.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { triggerTitles } from './run-filters.tsx'

const columns =
  'grid grid-cols-[116px_minmax(0,1fr)_auto] items-center gap-x-4 px-4 md:grid-cols-[124px_minmax(0,1fr)_64px_84px_76px_108px] md:px-6 lg:grid-cols-[124px_minmax(0,1fr)_104px_64px_84px_76px_76px_108px]'

interface RunListProps {
  runs: readonly RunSummary[]
  more: boolean
  loading: boolean
  onMore: () => void
}

export function RunList({ runs, more, loading, onMore }: RunListProps) {
  const { panel, open } = usePanel()
  const navigate = useNavigate()
  return (
    <RowList
      label="Runs"
      name="run"
      rows={runs}
      columns={columns}
      heads={heads}
      more={more}
      loading={loading}
      loadingText="Looking through older runs"
      onMore={onMore}
      startAt={Math.max(
        0,
        runs.findIndex((run) => run.id === panel),
      )}
      isChosen={(run) => run.id === panel}
      onMove={(run) => panel !== undefined && open(run.id)}
      onOpen={(run, by) => {
        if (by === 'Enter' && panel === run.id) void navigate({ to: route.run, params: { id: run.id } })
        else open(run.id)
      }}
    >
      {(run) => <Cells run={run} />}
    </RowList>
  )
}

const heads = (
  <>
    <span>State</span>
    <span>Workflow</span>
    <span className="max-lg:hidden">Started by</span>
    <span className="text-right">Steps</span>
    <span className="text-right">Took</span>
    <span className="text-right max-lg:hidden">Tokens</span>
    <span className="text-right">Cost</span>
    <span className="text-right">Started</span>
  </>
)

function Cells({ run }: { run: RunSummary }) {
  return (
    <>
      <StatusWord
        status={run.status}
        stopping={run.stopRequestedAt !== null && run.endedAt === null}
        className="text-sm"
      />
      <span className="min-w-0">
        <span className="block truncate font-medium">{run.workflowName}</span>
        {run.error !== null && <span className="block truncate text-xs text-failed">{run.error.message}</span>}
      </span>
      <span className="text-sm text-soft max-lg:hidden">{triggerTitles[run.trigger]}</span>
      <span className="text-right text-sm text-soft max-md:hidden">
        {run.stepsDone} of {run.stepCount} <span className="sr-only">steps</span>
      </span>
      <span className="text-right text-sm text-soft max-md:hidden">
        <span className="sr-only">took </span>
        <Took run={run} />
      </span>
      <Figure name="tokens" className="max-lg:hidden">
        {tokens(allTokens(run.usage))}
      </Figure>
      <Figure name="cost" className="max-md:hidden">
        {cost(run.usage?.costUsd ?? null)}
      </Figure>
      <Ago at={run.createdAt} className="text-right text-sm text-faint" />
    </>
  )
}

function Took({ run }: { run: RunSummary }) {
  const ticks = run.status === 'running'
  const now = useNow(ticks ? 1_000 : null)
  if (run.startedAt === null) return <>–</>
  return (
    <>{run.endedAt === null ? (ticks ? ticking(now - run.startedAt) : '–') : duration(run.endedAt - run.startedAt)}</>
  )
}

/** With its name for who does not see the head of the column. */
function Figure({ name, className, children }: { name: string; className: string; children: string }) {
  return (
    <span className={clsx('text-right text-sm text-soft', className)}>
      <span className="sr-only">{name} </span>
      <span>{children}</span>
    </span>
  )
}

const allTokens = (usage: RunSummary['usage']): number | null =>
  usage?.inputTokens == null || usage.outputTokens === null ? null : usage.inputTokens + usage.outputTokens
