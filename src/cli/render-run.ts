// A run as text: its outcome in a few lines, and the whole of it for `show`. Pure.

import type { TaskError } from '#src/tasks/contract.ts'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { ago, duration, moment, paintStatus, plural, statusMark, statusWord, usageParts } from './format.ts'
import { clip, safe, type Style } from './style.ts'

export function hasEnded(run: Run): boolean {
  return run.endedAt !== null
}

/** How it ended, or how it stands. */
export function renderOutcome(style: Style, run: Run): string {
  const facts = [
    ...(run.startedAt === null || run.endedAt === null ? [] : [duration(run.endedAt - run.startedAt)]),
    `${run.stepsDone} of ${plural(run.stepCount, 'step')}`,
    ...usageParts(run.usage),
  ]
  const head = paintStatus(
    style,
    run.status,
    `${statusMark(run.status)} ${style.bold(`Run ${statusWord(run.status)}`)}`,
  )
  return `${head}  ${style.dim(facts.join(' · '))}\n${errorLines(style, run.error, '  ')}${waitingLines(style, run)}`
}

function waitingLines(style: Style, run: Run): string {
  if (run.status !== 'waiting') return ''
  return `  ${safe(run.waitingFor ?? 'it needs a decision')}\n  ${style.cyan('hint:')} maestro resume ${run.id}, or maestro cancel ${run.id}\n`
}

function errorLines(style: Style, error: TaskError | null, indent: string): string {
  if (error === null) return ''
  const hint = error.hint === undefined ? '' : `${indent}${style.cyan('hint:')} ${safe(error.hint)}\n`
  return `${indent}${style.red(safe(error.message))}\n${hint}`
}

/** How much of each answer `show` prints; `--json` has all of it. */
const maxOutput = 4_000

export function renderRun(style: Style, run: Run, now: number): string {
  const times = run.startedAt === null ? moment(run.createdAt) : `${moment(run.startedAt)} (${ago(run.startedAt, now)})`
  return [
    `${style.bold(safe(run.workflowName))}  ${style.dim(run.id)}\n`,
    `${style.dim('Workflow')}  ${run.workflowId}\n`,
    `${style.dim('Started ')}  ${times} by ${run.trigger}\n`,
    renderOutcome(style, run),
    ...run.steps.map((step) => renderStep(style, step)),
  ].join('')
}

function renderStep(style: Style, step: RunStep): string {
  const facts = [
    [step.agent, step.model].filter((part) => part !== null).join(' · '),
    ...(step.startedAt === null || step.endedAt === null ? [] : [duration(step.endedAt - step.startedAt)]),
    ...(step.attempts.length > 1 ? [plural(step.attempts.length, 'attempt')] : []),
    ...usageParts(step.usage),
  ]
  const head = paintStatus(style, step.status, statusMark(step.status))
  return `\n${head} ${style.bold(`Step ${step.index + 1}  ${clip(step.title, 80)}`)}  ${style.dim(`${statusWord(step.status)} · ${safe(facts.join(' · '))}`)}\n${errorLines(style, step.error, '  ')}${output(style, step)}`
}

function output(style: Style, step: RunStep): string {
  const text = safe(step.output ?? '').trim()
  if (text === '') return ''
  if (text.length <= maxOutput) return `${text}\n`
  return `${text.slice(0, maxOutput)}\n${style.dim(`… ${text.length - maxOutput} more characters: add --json`)}\n`
}
