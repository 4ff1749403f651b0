// One run: a small score on top, the conversation below it, the raw log one key away.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ArrowDown, ClipboardCopy, FileText, GitCompareArrows, MessageSquareText, SquareTerminal } from 'lucide-react'
import { useEffect } from 'react'
import type { Run } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { runQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { isTyping } from '../../app/shortcuts.ts'
import { cost, shortId } from '../../lib/format.ts'
import { useFollow } from '../../lib/use-follow.ts'
import { Ago, ErrorCard, Skeleton, TroubleCard } from '../../ui/bits.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { Menu } from '../../ui/menu.tsx'
import { RunActions, WaitingCard } from '../../ui/run-actions.tsx'
import { isActive, isTrouble } from '../../ui/status.ts'
import { nextMove } from '../../ui/next-move.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { BudgetBars } from './budget-bar.tsx'
import { cliCommand, curlCommand } from './commands.ts'
import { CompareView } from './compare-view.tsx'
import { ModelCalls } from './model-calls.tsx'
import { Related, triggerWords } from './related.tsx'
import { RawLog } from './raw-log.tsx'
import type { RunLog } from './run-log.ts'
import { RunScore } from './run-score.tsx'
import { Elapsed, StepView } from './step.tsx'
import { transcript } from './transcript.ts'
import { useRunLog } from './use-run-log.ts'

export function RunPage() {
  const { id } = useParams({ from: '/runs/$id' })
  const run = useQuery(runQuery(id))
  if (run.data !== undefined) return <RunView key={id} run={run.data} />
  return (
    <Page title="Run">
      <div className="mx-auto max-w-3xl p-6">
        {run.error === null ? (
          <Skeleton rows={6} className="h-16" />
        ) : (
          <ErrorCard thrown={run.error} onRetry={() => void run.refetch()} />
        )}
      </div>
    </Page>
  )
}

function RunView({ run }: { run: Run }) {
  const { log } = useRunLog(run.id)
  const navigate = useNavigate()
  const toasts = useToasts()
  const { view, with: other } = useSearch({ from: '/runs/$id' })
  const show = (next: 'raw' | 'compare') =>
    void navigate({
      to: route.run,
      params: { id: run.id },
      search: view === next ? {} : { view: next },
      replace: true,
    })
  const copy = (what: string, text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => toasts.say(`Copied ${what}`),
      (thrown: unknown) => toasts.fail(thrown),
    )

  useKey('l', () => show('raw'))
  useKey('c', () => show('compare'))

  return (
    <Page
      fill
      title={
        <div className="min-w-0">
          <nav aria-label="Breadcrumb" className="flex whitespace-nowrap items-center gap-1.5 text-xs text-faint">
            <Link to={route.runs} className="py-1 hover:text-ink hover:underline">
              Runs
            </Link>
            <span aria-hidden="true">/</span>
            <span className="font-mono">{shortId(run.id)}</span>
          </nav>
          <h1 className="truncate text-[20px] leading-7">
            <Link to={route.workflow} params={{ id: run.workflowId }} className="hover:underline">
              {run.workflowName}
            </Link>
          </h1>
        </div>
      }
      actions={
        <>
          <Menu
            trigger={
              <IconButton label="Copy">
                <ClipboardCopy />
              </IconButton>
            }
            items={[
              {
                label: 'Transcript as Markdown',
                icon: <MessageSquareText />,
                onSelect: () => copy('the transcript', transcript(run, log)),
              },
              {
                label: 'curl that runs it',
                icon: <SquareTerminal />,
                onSelect: () => copy('the curl command', curlCommand(run, location.origin)),
              },
              {
                label: 'Command that runs it',
                icon: <SquareTerminal />,
                onSelect: () => copy('the command', cliCommand(run)),
              },
              { label: "The run's id", icon: <ClipboardCopy />, onSelect: () => copy('the id', run.id) },
            ]}
          />
          <Button
            look="quiet"
            aria-pressed={view === 'compare'}
            icon={<GitCompareArrows className="size-4" />}
            onClick={() => show('compare')}
            title="C"
          >
            <span className="max-lg:sr-only">Compare</span>
          </Button>
          <Button
            look="quiet"
            aria-pressed={view === 'raw'}
            icon={view === 'raw' ? <MessageSquareText className="size-4" /> : <FileText className="size-4" />}
            onClick={() => show('raw')}
            title="L"
          >
            <span className="max-lg:sr-only">{view === 'raw' ? 'Conversation' : 'Raw log'}</span>
          </Button>
          {run.status !== 'waiting' && <RunActions run={run} />}
        </>
      }
    >
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 text-sm text-soft md:px-6">
        <StatusWord status={run.status} stopping={run.stopRequestedAt !== null && run.endedAt === null} />
        {run.startedAt !== null && <Elapsed from={run.startedAt} to={run.endedAt} ticks={isActive(run.status)} />}
        <span>
          {run.stepsDone} of {run.stepCount} steps
        </span>
        {run.maxCostUsd === null && <span>Cost {cost(run.usage?.costUsd ?? null)}</span>}
        <BudgetBars run={run} />
        <span>
          Started <Ago at={run.createdAt} /> {triggerWords[run.trigger]}
        </span>
        <Related run={run} />
      </div>
      {run.status === 'waiting' && (
        <div className="shrink-0 border-b border-line px-4 py-3 md:px-6">
          <WaitingCard run={run} />
        </div>
      )}
      <RunScore run={run} />
      {view === 'raw' ? (
        <RawLog log={log} />
      ) : view === 'compare' ? (
        <CompareView run={run} other={other} />
      ) : (
        <Conversation run={run} log={log} />
      )}
    </Page>
  )
}

function Conversation({ run, log }: { run: Run; log: RunLog }) {
  const { scroller, content, away, jump } = useFollow(isActive(run.status))
  const live = isActive(run.status)
  useKey('j', jump)
  const culprit = run.steps.findLast((step) => step.error !== null && isTrouble(step.status))

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label="Conversation"
        className="h-full overflow-y-auto focus-visible:-outline-offset-2"
      >
        <div ref={content} className="mx-auto max-w-5xl px-4 pb-16 md:px-6">
          {run.steps.map((step) => (
            <StepView
              key={step.index}
              step={step}
              log={log.steps.find((each) => each.index === step.index)}
              rerun={canBeginAt(run, step.index) ? run : undefined}
              {...(step === culprit ? { action: nextMove(step.error, run) } : {})}
            />
          ))}
          {run.error !== null && culprit === undefined && isTrouble(run.status) && (
            <div className="mt-6">
              <TroubleCard
                title="The run failed"
                detail={run.error.message}
                hint={run.error.hint}
                action={nextMove(run.error, run)}
              />
            </div>
          )}
          <ModelCalls run={run} />
        </div>
      </div>
      {away && live && (
        <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center">
          <button
            type="button"
            onClick={jump}
            className={`${buttonClass('primary', true)} enter pointer-events-auto !rounded-full shadow-float`}
          >
            <ArrowDown className="size-4" /> Jump to latest
          </button>
        </div>
      )}
    </div>
  )
}

/** Where all before it has a result, and the run itself has ended. */
function canBeginAt(run: Run, index: number): boolean {
  return index > 0 && !isActive(run.status) && run.steps.slice(0, index).every((step) => step.status === 'succeeded')
}

function useKey(key: string, act: () => void) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [key, act])
}
