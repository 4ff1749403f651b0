// Workflows and runs as short text for a model; the whole answer travels beside it. Pure.

import type { Run, RunSummary, Workflow, WorkflowSummary } from '../contract.ts'

const maxAnswerChars = 4_000
const maxPromptChars = 300

export function briefOfWorkflows(items: readonly WorkflowSummary[]): string {
  if (items.length === 0) return '[no workflows]'
  return items
    .map(({ id, name, description, stepCount, lastRuns }) => {
      const last = lastRuns[0] === undefined ? 'never run' : `last run ${lastRuns[0].status}`
      return `${id}: ${name}${description === undefined ? '' : ` - ${cut(description, 120)}`} (${stepCount} steps, ${last})`
    })
    .join('\n')
}

export function briefOfWorkflow(workflow: Workflow): string {
  const steps = workflow.steps.map((step, index) => `${index + 1}. ${cut(step.text, maxPromptChars)}`)
  return [`${workflow.id}: ${workflow.name}`, ...steps].join('\n')
}

export function briefOfRuns({ items, next }: { items: readonly RunSummary[]; next: string | null }): string {
  if (items.length === 0) return '[no runs]'
  const lines = items.map(lineOfRun)
  return [...lines, ...(next === null ? [] : [`[more with cursor ${next}]`])].join('\n')
}

/** Where it stands, and what its newest finished step answered. */
export function briefOfRun(run: Run): string {
  const steps = run.steps.map(({ index, title, status, error }) => {
    return `${index + 1}. ${title}: ${status}${error === null ? '' : ` (${error.kind}: ${error.message})`}`
  })
  const last = run.steps.findLast(({ output }) => output !== null)
  const answer = last === undefined ? [] : [`Answer of step ${last.index + 1}:`, cut(last.output ?? '', maxAnswerChars)]
  const isOver = run.endedAt !== null
  const next = isOver ? [] : [`[not over; ask again with: run_get {"runId": "${run.id}", "waitSec": 45}]`]
  return [lineOfRun(run), ...steps, ...answer, ...next].join('\n')
}

function lineOfRun(run: RunSummary): string {
  const why = run.error === null ? (run.waitingFor ?? '') : `${run.error.kind}: ${run.error.message}`
  const done = `${run.stepsDone}/${run.stepCount} steps`
  return `${run.id} ${run.workflowName}: ${run.status}, ${done}${why === '' ? '' : `, ${why}`}`
}

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars)}… (${text.length - chars} more characters)`
}
