// The table of task statuses: which follow which, and what each permits. Server and page read the same one.

import type { TaskStatus } from './contract.ts'

/** Where a status may go. A final status goes nowhere: the first end wins and never flips. */
const next: Record<TaskStatus, readonly TaskStatus[]> = {
  queued: ['running', 'cancelled'],
  running: [
    'running', // taken over by another node, under a higher fence
    'queued', // given back at shutdown, or found after its node died
    'waiting',
    'succeeded',
    'failed',
    'cancelled',
    'timed_out',
    'budget_exceeded',
    'interrupted',
  ],
  waiting: ['queued', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
  timed_out: [],
  budget_exceeded: [],
  interrupted: [],
}

export function canBecome(from: TaskStatus, to: TaskStatus): boolean {
  return next[from].includes(to)
}

export function isFinal(status: TaskStatus): boolean {
  return next[status].length === 0
}

/** What a person may do with a task in a status. Disabled buttons and refused calls come from here. */
export const taskCan = {
  cancel: (status: TaskStatus) => !isFinal(status),
  resume: (status: TaskStatus) => status === 'waiting',
  rerun: isFinal,
} as const
