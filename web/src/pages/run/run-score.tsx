// The run as a small score: one staff per agent, a note per attempt, what is still to come as ghosts.

import { useMemo } from 'react'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { duration } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { useWidth } from '../../lib/use-width.ts'
import { Lanes, type Lane } from '../../score/lanes.tsx'
import type { LaneNote } from '../../score/layout.ts'
import { elapsedTicks } from '../../score/scale.ts'
import { isActive, states } from '../../ui/status.ts'

/** A run that just began still gets a ruler worth reading. */
const leastSpanMs = 20_000
const headerPx = 120

export function RunScore({ run }: { run: Run }) {
  const { ref, width } = useWidth<HTMLDivElement>()
  const live = isActive(run.status)
  const now = useNow(live ? 500 : null)
  const zero = run.startedAt ?? run.createdAt
  const head = width > 640 ? headerPx : 0
  const end = run.endedAt ?? now
  const played = Math.max(end - zero, live ? leastSpanMs : 1_000)
  const pending = live ? run.steps.filter((step) => step.status === 'pending').length : 0
  const ghostMs = pending === 0 ? 0 : Math.max(played * 0.08, (played * 0.35) / pending)
  const to = zero + played + Math.min(pending, 12) * ghostMs + played * 0.05
  const view = useMemo(
    () => ({ from: zero - played * 0.02, to, widthPx: Math.max(1, width - head) }),
    [zero, played, to, width, head],
  )
  const lanes = useMemo(() => lanesOf(run, zero + played, ghostMs), [run, zero, played, ghostMs])

  return (
    <div ref={ref} className="max-h-48 shrink-0 overflow-y-auto border-b border-line px-4 md:px-6" data-sticky>
      {width > 0 && (
        <Lanes
          label="Score of this run"
          lanes={lanes}
          view={{ ...view, widthPx: Math.max(1, width - head - (width > 700 ? 48 : 32)) }}
          now={live ? now : null}
          ticks={elapsedTicks(view, zero)}
          slots={2}
          slotPx={16}
          padPx={11}
          headerPx={head}
          onSelect={(id) => document.getElementById(`step-${id.split('.')[0]}`)?.scrollIntoView({ block: 'start' })}
        />
      )}
    </div>
  )
}

function lanesOf(run: Run, playedTo: number, ghostMs: number): Lane[] {
  const agents = [...new Set(run.steps.map((step) => step.agent))]
  let ghosts = 0
  const ghostOf = (step: RunStep): LaneNote[] => {
    if (step.status !== 'pending' || !isActive(run.status)) return []
    const start = playedTo + ghosts++ * ghostMs
    return [
      {
        id: `${step.index + 1}.0`,
        start,
        end: start + ghostMs * 0.85,
        status: 'pending',
        ghost: true,
        text: `${step.index + 1}`,
        label: `Step ${step.index + 1}, ${step.title}: to come`,
      },
    ]
  }
  const notes = new Map(
    run.steps.map((step) => [
      step,
      step.attempts.length > 0 ? step.attempts.map((attempt) => noteOf(step, attempt)) : ghostOf(step),
    ]),
  )
  return agents.map((agent) => ({
    id: agent,
    title: agent,
    header: <span className="truncate text-sm font-medium">{agent}</span>,
    notes: run.steps.filter((step) => step.agent === agent).flatMap((step) => notes.get(step) ?? []),
  }))
}

function noteOf(step: RunStep, attempt: RunStep['attempts'][number]): LaneNote {
  const took = attempt.endedAt === null ? 'not ended' : `took ${duration(attempt.endedAt - attempt.startedAt)}`
  const again = step.attempts.length > 1 ? `, attempt ${attempt.number}` : ''
  return {
    id: `${step.index + 1}.${attempt.number}`,
    start: attempt.startedAt,
    end: attempt.endedAt,
    status: attempt.status,
    text: `${step.index + 1} ${step.title}`,
    label: `Step ${step.index + 1}, ${step.title}${again}: ${states[attempt.status].word.toLowerCase()}, ${took}`,
  }
}
