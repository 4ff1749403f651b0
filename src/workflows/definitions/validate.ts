// What a person may save. Every problem at once, each with its path (`steps.2.text`). Pure.

import { isAbsolute } from 'node:path'
import { type Issue, MaestroError } from '#src/core/index.ts'
import { WorkflowInput } from '../contract.ts'
import { pathProblem } from './folders.ts'

/** @throws `invalid_input` with all issues */
export function validateInput(value: unknown): WorkflowInput {
  const parsed = WorkflowInput.safeParse(value)
  const shape: Issue[] = (parsed.error?.issues ?? []).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }))
  const issues = [...shape, ...contentIssues(value).filter((issue) => !shape.some(({ path }) => path === issue.path))]
  if (parsed.success && issues.length === 0) return parsed.data
  const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw new MaestroError('invalid_input', `the workflow is not valid: ${list}`, { issues })
}

/** What the schema cannot say. Looks at any value, so that it adds to the schema's problems instead of waiting for them. */
function contentIssues(value: unknown): Issue[] {
  if (typeof value !== 'object' || value === null) return []
  const { name, path, workingDir, steps } = value as Record<string, unknown>
  const issues: Issue[] = nulIssues(value, '')
  const add = (path: string, message: string): void => {
    if (!issues.some((issue) => issue.path === path)) issues.push({ path, message })
  }
  // oxlint-disable-next-line no-control-regex -- a name stands in lists, logs and files of one line each
  if (typeof name === 'string' && /[\u0000-\u001f\u007f]/.test(name)) add('name', 'one line without control characters')
  const problem = typeof path === 'string' ? pathProblem(path) : undefined
  if (problem !== undefined) add('path', problem)
  if (typeof workingDir === 'string' && !isAbsolute(workingDir)) {
    add('workingDir', `"${workingDir}" is not an absolute path`)
  }
  const seen = new Map<unknown, number>()
  for (const [index, step] of (Array.isArray(steps) ? (steps as unknown[]) : []).entries()) {
    if (typeof step !== 'object' || step === null) continue
    const { id, text } = step as Record<string, unknown>
    if (typeof text === 'string' && text.trim() === '') add(`steps.${index}.text`, 'the prompt is empty')
    const first = seen.get(id)
    if (first !== undefined) add(`steps.${index}.id`, `"${String(id)}" is already the id of steps.${first}`)
    seen.set(id, index)
  }
  return issues
}

function nulIssues(value: unknown, path: string): Issue[] {
  if (typeof value === 'string') {
    return value.includes('\0') ? [{ path, message: 'contains a NUL character, which no program can be given' }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => nulIssues(inner, path === '' ? key : `${path}.${key}`))
}
