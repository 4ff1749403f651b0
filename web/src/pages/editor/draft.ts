// A workflow while it is edited: what is sent, what is wrong with it, what changed. Pure.

import { WorkflowInput, type PromptStep, type Workflow } from '#src/workflows/contract.ts'
import type { Issue } from '#src/core/contract.ts'
import { firstLine } from '../../lib/format.ts'

export function inputOf(workflow: Workflow): WorkflowInput {
  const { id: _id, version: _version, updatedAt: _updatedAt, ...input } = workflow
  return input
}

/** Ids are unique in the workflow and never used twice in one edit: `step-3`. */
export function newStepId(steps: readonly PromptStep[], taken: ReadonlySet<string> = new Set()): string {
  let number = steps.length + 1
  while (taken.has(`step-${number}`) || steps.some((step) => step.id === `step-${number}`)) number++
  return `step-${number}`
}

/** A new one, in that folder; its prompt has the servers that are on by default. */
export const blankInput = (path: string, mcpServerIds: readonly string[]): WorkflowInput => ({
  name: '',
  ...(path === '' ? {} : { path }),
  steps: [{ id: 'step-1', text: '', ...(mcpServerIds.length === 0 ? {} : { mcpServerIds: [...mcpServerIds] }) }],
})

/** Problems by path (`name`, `steps.2.text`, `workingDir`), the form's own first. */
export function problemsOf(input: WorkflowInput): Issue[] {
  const issues: Issue[] = []
  input.steps.forEach((step, index) => {
    if (step.text.trim() === '')
      issues.push({ path: `steps.${index}.text`, message: 'Write what the agent should do.' })
  })
  const dir = input.workingDir
  if (dir != null && dir !== '' && !/^(\/|~\/|[A-Za-z]:[\\/])/.test(dir)) {
    issues.push({
      path: 'workingDir',
      message: `"${dir}" is relative; write an absolute path such as /home/me/project.`,
    })
  }
  const parsed = WorkflowInput.safeParse(input)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.map(String).join('.')
      issues.push({ path, message: messageOf(path, input) ?? issue.message })
    }
  }
  return issues
}

/** In this form's words, where the schema's would not help. */
function messageOf(path: string, input: WorkflowInput): string | undefined {
  if (path === 'name' && input.name.trim() === '') return 'Give it a name.'
  const field = path.split('.').at(-1)
  if (path === 'maxCostUsd') return 'An amount of money above 0, such as 2.50.'
  if (path === 'maxTokens') return 'A whole number of tokens, such as 200k.'
  if (path === 'runTimeoutSec') return 'A time from 1 s to 7 d, such as 45 min.'
  if (field === 'timeoutSec' || field === 'idleTimeoutSec') return 'A time from 1 s to 24 h, such as 10 min.'
  if (field === 'maxTurns') return 'A whole number from 1 to 1000.'
  if (field === 'maxRetries') return 'A whole number from 0 to 10.'
  return undefined
}

const fieldTitles: Record<Exclude<keyof WorkflowInput, 'steps'>, string> = {
  name: 'Name',
  description: 'Description',
  path: 'Folder',
  tags: 'Tags',
  workingDir: 'Working folder',
  agent: 'Agent',
  model: 'Model',
  provider: 'Provider',
  session: 'Session',
  fallbackModels: 'Fallback models',
  timeoutSec: 'Time limit of a prompt',
  idleTimeoutSec: 'Time without a word',
  maxTurns: 'Turns of a prompt',
  runTimeoutSec: 'Time limit of a run',
  maxCostUsd: 'Budget in money',
  maxTokens: 'Budget in tokens',
  onSuccess: 'On success',
  schedule: 'Schedule',
  otherFields: 'Fields of other programs',
}

/** An empty list means saved. Compared by what would be sent, key order aside. */
export function changesOf(before: WorkflowInput, after: WorkflowInput): string[] {
  const changes: string[] = []
  for (const [key, title] of Object.entries(fieldTitles) as [keyof typeof fieldTitles, string][])
    if (!same(before[key], after[key])) changes.push(title)

  const old = new Map(before.steps.map((step) => [step.id, step]))
  const kept = new Set(after.steps.map((step) => step.id))
  after.steps.forEach((step, index) => {
    const was = old.get(step.id)
    const title = stepTitle(step, index)
    if (was === undefined) changes.push(`${title}: added`)
    else {
      const parts = [
        was.text === step.text ? '' : 'prompt',
        same({ ...was, text: '' }, { ...step, text: '' }) ? '' : 'settings',
      ].filter(Boolean)
      if (parts.length > 0) changes.push(`${title}: ${parts.join(' and ')}`)
    }
  })
  before.steps.forEach((step, index) => {
    if (!kept.has(step.id)) changes.push(`${stepTitle(step, index)}: removed`)
  })
  const order = (steps: readonly PromptStep[], among: (id: string) => boolean) =>
    steps
      .map((step) => step.id)
      .filter(among)
      .join()
  if (order(before.steps, (id) => kept.has(id)) !== order(after.steps, (id) => old.has(id)))
    changes.push('Order of the steps')
  return changes
}

export function stepTitle(step: PromptStep, index: number): string {
  const line = step.name ?? firstLine(step.text, 40)
  return `Step ${index + 1}${line === '' ? '' : ` "${line}"`}`
}

/** Absent, null and empty (also an empty list) mean the same: as the defaults say. */
function same(one: unknown, other: unknown): boolean {
  return stable(one) === stable(other)
}

function stable(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'null' : `[${value.map(stable).join()}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => stable(each) !== 'null')
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${key}:${stable(each)}`)
      .join()}}`
  }
  // A number that could not be read is a change too, and JSON would make it null.
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** A workflow as lines, for comparing two versions of it. */
export function asLines(input: WorkflowInput): string[] {
  const lines = [`Name: ${input.name}`]
  const add = (title: string, value: string | number | null | undefined) => {
    if (value !== undefined && value !== null && value !== '') lines.push(`${title}: ${value}`)
  }
  for (const [key, title] of Object.entries(fieldTitles) as [keyof typeof fieldTitles, string][]) {
    const value = input[key]
    if (key !== 'name') add(title, typeof value === 'object' && value !== null ? JSON.stringify(value) : value)
  }
  input.steps.forEach((step, index) => {
    lines.push('', `Step ${index + 1}${step.name === undefined ? '' : `: ${step.name}`}`)
    add('  Agent', step.agent)
    add('  Model', step.model)
    add('  Mode', step.mode)
    add('  Time limit (s)', step.timeoutSec)
    add('  Idle limit (s)', step.idleTimeoutSec)
    add('  Turns', step.maxTurns)
    add('  Retries', step.maxRetries)
    add('  After an interruption', step.onInterrupted)
    add('  MCP servers', step.mcpServerIds?.join(', '))
    add('  Session', step.session)
    add('  Fallback models', step.fallbackModels?.map((each) => each.model).join(', '))
    lines.push(...step.text.split('\n').map((line) => `  ${line}`))
  })
  return lines
}
