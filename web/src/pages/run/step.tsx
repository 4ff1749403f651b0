// One step of the conversation: its figures at the margin, its prompt, its attempts and how it ended.

import { clsx } from 'clsx'
import { ChevronRight, Plug } from 'lucide-react'
import { memo, useState, type ReactNode } from 'react'
import type { RunStep, RunSummary } from '#src/workflows/contract.ts'
import { duration, ticking } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Chip, Skeleton, TroubleCard } from '../../ui/bits.tsx'
import { Glyph, StatusWord } from '../../ui/glyph.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { isActive, isTrouble } from '../../ui/status.ts'
import { RerunFrom } from '../../ui/run-actions.tsx'
import { UsageFigures } from '../../ui/usage.tsx'
import { Blocks } from './blocks.tsx'
import type { AttemptLog, StepLog } from './run-log.ts'

interface StepProps {
  step: RunStep
  log: StepLog | undefined
  /** The run, when it can begin again at this step. */
  rerun: RunSummary | undefined
  /** Shown on the error card of the step that ended the run. */
  action?: ReactNode
}

export const StepView = memo(function StepView({ step, log, rerun, action }: StepProps) {
  const dim = step.status === 'pending' || step.status === 'skipped'
  return (
    <section
      id={`step-${step.index + 1}`}
      aria-label={`Step ${step.index + 1}: ${step.title}`}
      className={clsx(
        'grid scroll-mt-4 gap-x-8 gap-y-3 border-b border-line py-6 lg:grid-cols-[168px_minmax(0,760px)]',
        dim && 'text-soft',
      )}
    >
      <Margin step={step} log={log} rerun={rerun} />
      <div className="min-w-0">
        <Prompt text={step.prompt} />
        <div className="mt-4 flex flex-col gap-4">
          {log?.attempts.map((attempt) => (
            <AttemptView
              key={attempt.turnId}
              attempt={attempt}
              last={attempt === log.attempts.at(-1)}
              stepActive={isActive(step.status)}
            />
          ))}
          {log === undefined && step.attempts.length > 0 && step.output === null && (
            <Skeleton rows={2} className="h-5" />
          )}
          {(log === undefined ||
            log.attempts.every((attempt) => attempt.blocks.every((block) => block.kind !== 'text'))) &&
            step.output !== null &&
            step.output !== '' && <Markdown text={step.output} />}
          {step.error !== null && isTrouble(step.status) && (
            <TroubleCard
              title={step.error.message}
              detail={executedWords(step)}
              hint={step.error.hint}
              action={action}
            />
          )}
        </div>
      </div>
    </section>
  )
})

function executedWords(step: RunStep): string {
  const executed = step.attempts.at(-1)?.executed
  const kind = step.error === null ? '' : `Reason: ${step.error.kind.replaceAll('_', ' ')}. `
  if (executed === 'no') return `${kind}Nothing was carried out.`
  if (executed === 'maybe') return `${kind}It is not known whether the work was carried out.`
  return `${kind}The agent had begun its work.`
}

function Margin({ step, log, rerun }: { step: RunStep; log: StepLog | undefined; rerun: RunSummary | undefined }) {
  const played = step.attempts.at(-1)?.model ?? step.model
  const started = step.startedAt ?? log?.startedAt ?? null
  const ended = step.endedAt ?? log?.endedAt ?? null
  const running = step.status === 'running'
  return (
    <div className="flex flex-wrap items-start gap-x-5 gap-y-2 lg:sticky lg:top-4 lg:flex-col lg:self-start">
      <div className="min-w-0 max-lg:basis-full">
        <p className="text-xs font-medium text-faint">Step {step.index + 1}</p>
        <h2 className="mt-0.5 font-semibold leading-5 wrap-anywhere">{step.title}</h2>
      </div>
      <StatusWord status={step.status} className="text-sm" />
      {started !== null && <Elapsed from={started} to={ended} ticks={running} />}
      <div className="flex max-w-full flex-wrap gap-1">
        <Chip>{step.agent}</Chip>
        {played !== null && (
          <Chip mono title={played === step.model ? played : `${played}, because ${step.model ?? 'its model'} failed`}>
            <span className="max-w-36 truncate">{played.split('/').at(-1)}</span>
            {played !== step.model && <span className="text-waiting">fallback</span>}
          </Chip>
        )}
        {step.isReused && <Chip title="Its result is that of the run this one repeats">taken over</Chip>}
        {step.session === 'fresh' && step.index > 0 && <Chip>new conversation</Chip>}
        {step.attempts.length > 1 && <Chip>{step.attempts.length} attempts</Chip>}
        {step.mcpServerIds.map((id) => (
          <Chip key={id} title={`MCP server ${id}`}>
            <Plug className="size-3" /> <span className="max-w-28 truncate">{id}</span>
          </Chip>
        ))}
        {step.mode !== 'plan' && <Chip>{step.mode === 'full' ? 'full access' : 'may edit'}</Chip>}
      </div>
      {(step.usage !== null || ended !== null) && (
        <UsageFigures usage={step.usage ?? log?.usage ?? log?.attempts.at(-1)?.usage ?? null} />
      )}
      {rerun !== undefined && <RerunFrom run={rerun} step={step.index} />}
    </div>
  )
}

export function Elapsed({ from, to, ticks }: { from: number; to: number | null; ticks: boolean }) {
  const now = useNow(ticks ? 1_000 : null)
  return (
    <span className="text-sm tabular-nums text-soft" title="Elapsed">
      {to === null ? ticking(now - from) : duration(to - from)}
    </span>
  )
}

const longPrompt = 420

function Prompt({ text }: { text: string }) {
  const [open, setOpen] = useState(false)
  const long = text.length > longPrompt || text.split('\n').length > 8
  return (
    <div className="rounded-lg bg-sunken px-4 py-3">
      <div className={clsx('whitespace-pre-wrap wrap-anywhere', long && !open && 'line-clamp-5')}>{text}</div>
      {long && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1.5 flex items-center gap-1 text-sm text-brass-text hover:underline"
        >
          <ChevronRight className={clsx('size-3.5', open && 'rotate-90')} />
          {open ? 'Fold the prompt' : 'Whole prompt'}
        </button>
      )}
    </div>
  )
}

const AttemptView = memo(function AttemptView({
  attempt,
  last,
  stepActive,
}: {
  attempt: AttemptLog
  last: boolean
  stepActive: boolean
}) {
  // An attempt that was tried again folds: what counts is the one after it.
  const [open, setOpen] = useState(false)
  const live = last && stepActive && attempt.endedAt === null
  if (!last && !open) {
    return (
      <button
        type="button"
        aria-expanded={false}
        onClick={() => setOpen(true)}
        className="flex min-h-9 w-full items-center gap-2 rounded-lg border border-dashed border-edge px-3 py-1.5 text-left text-sm text-soft hover:bg-hover"
      >
        <ChevronRight className="size-3.5 shrink-0 text-faint" />
        <Glyph status={attempt.status} size={14} />
        <span className="min-w-0 flex-1 truncate">
          Attempt {attempt.number}: {attempt.error?.message ?? 'ended'}
        </span>
        {attempt.endedAt !== null && (
          <span className="text-xs text-faint">{duration(attempt.endedAt - attempt.startedAt)}</span>
        )}
      </button>
    )
  }
  return (
    <div>
      {attempt.number > 1 && (
        <p className="mb-2 flex items-center gap-2 text-sm text-soft">
          <span className="font-medium text-ink">Attempt {attempt.number}</span>
          <span className="wrap-anywhere">{attempt.reason}</span>
        </p>
      )}
      <Blocks blocks={attempt.blocks} live={live} />
      {live && attempt.blocks.length === 0 && <p className="pulsing text-sm text-faint">Waiting for the first words</p>}
    </div>
  )
})
