// The one table of how states look and what they permit: word, tone and shape, never colour alone.

import type { TaskStatus } from '#src/tasks/contract.ts'
import type { StepStatus } from '#src/workflows/contract.ts'

export type State = TaskStatus | StepStatus
export type Tone = 'running' | 'succeeded' | 'failed' | 'waiting' | 'interrupted' | 'muted'

/** Shapes are drawn in glyph.tsx. */
export type Shape = 'ring' | 'arc' | 'disc' | 'diamond' | 'pause' | 'square' | 'clock' | 'coin' | 'bolt' | 'dash'

export const states: Record<State, { word: string; tone: Tone; shape: Shape }> = {
  queued: { word: 'Queued', tone: 'muted', shape: 'ring' },
  pending: { word: 'Not started', tone: 'muted', shape: 'ring' },
  running: { word: 'Running', tone: 'running', shape: 'arc' },
  waiting: { word: 'Waiting', tone: 'waiting', shape: 'pause' },
  succeeded: { word: 'Succeeded', tone: 'succeeded', shape: 'disc' },
  failed: { word: 'Failed', tone: 'failed', shape: 'diamond' },
  cancelled: { word: 'Stopped', tone: 'muted', shape: 'square' },
  timed_out: { word: 'Timed out', tone: 'failed', shape: 'clock' },
  budget_exceeded: { word: 'Over budget', tone: 'failed', shape: 'coin' },
  interrupted: { word: 'Interrupted', tone: 'interrupted', shape: 'bolt' },
  skipped: { word: 'Skipped', tone: 'muted', shape: 'dash' },
}

export const toneText: Record<Tone, string> = {
  running: 'text-running',
  succeeded: 'text-succeeded',
  failed: 'text-failed',
  waiting: 'text-waiting',
  interrupted: 'text-interrupted',
  muted: 'text-muted',
}

const active: readonly State[] = ['queued', 'running', 'waiting']

/** Can it still change by itself or by a person's word? */
export const isActive = (status: State) => active.includes(status)

/** Ended, and not as wished. */
export const isTrouble = (status: State) => states[status].tone === 'failed' || status === 'interrupted'

export const runCan = {
  stop: (run: { status: TaskStatus; stopRequestedAt: number | null }) =>
    isActive(run.status) && run.stopRequestedAt === null,
  resume: (run: { status: TaskStatus }) => run.status === 'waiting',
  rerun: (run: { status: TaskStatus }) => !isActive(run.status),
}
