// What differs between two states of a workflow: fields as values, texts as lines, prompts matched by their
// id. Absent, null and empty mean the same. Pure.

import type { FieldChange, PromptStep, WorkflowDiff, WorkflowInput } from '../contract.ts'
import { diffLines, wholeText } from './line-diff.ts'

type Fields<T> = readonly (readonly [field: keyof T & string, label: string])[]

const workflowFields: Fields<WorkflowInput> = [
  ['name', 'Name'],
  ['description', 'Description'],
  ['path', 'Folder'],
  ['tags', 'Tags'],
  ['workingDir', 'Working folder'],
  ['agent', 'Agent'],
  ['provider', 'Provider'],
  ['model', 'Model'],
  ['fallbackModels', 'Fallback models'],
  ['session', 'Conversation'],
  ['timeoutSec', 'Time limit of a prompt'],
  ['idleTimeoutSec', 'Time limit without output'],
  ['maxTurns', 'Turns'],
  ['runTimeoutSec', 'Time limit of the run'],
  ['maxCostUsd', 'Cost limit'],
  ['maxTokens', 'Token limit'],
  ['onSuccess', 'Then run'],
  ['schedule', 'Schedule'],
  ['otherFields', 'Fields of other programs'],
]

const stepFields: Fields<PromptStep> = [
  ['text', 'text'],
  ['name', 'name'],
  ['agent', 'agent'],
  ['provider', 'provider'],
  ['model', 'model'],
  ['fallbackModels', 'fallback models'],
  ['mode', 'mode'],
  ['mcpServerIds', 'MCP servers'],
  ['session', 'conversation'],
  ['timeoutSec', 'time limit'],
  ['idleTimeoutSec', 'time limit without output'],
  ['maxTurns', 'turns'],
  ['maxRetries', 'retries'],
  ['onInterrupted', 'when it is cut off'],
]

/** @param from and `to`: what the two states are called, usually their versions */
export function diffWorkflows(before: WorkflowInput, after: WorkflowInput, from: string, to: string): WorkflowDiff {
  const fields = workflowFields.flatMap(([field, label]) =>
    changeOf(field, label, before[field], after[field], field === 'description'),
  )
  return { from, to, changes: [...fields, ...stepChanges(before.steps, after.steps)] }
}

function stepChanges(before: readonly PromptStep[], after: readonly PromptStep[]): FieldChange[] {
  const oldIndexOf = new Map(before.map((step, index) => [step.id, index]))
  const newIds = new Set(after.map((step) => step.id))
  const common = after.flatMap((step) => oldIndexOf.get(step.id) ?? [])
  const inOrder = longestRise(common)
  const removed = before.flatMap((step, index): FieldChange[] => {
    if (newIds.has(step.id)) return []
    const { text, ...rest } = step
    const place = { path: `steps.${index}`, label: promptLabel(index) }
    return [{ ...place, kind: 'removed', before: rest, after: null, lines: wholeText('removed', text) }]
  })
  const others = after.flatMap((step, index): FieldChange[] => {
    const [path, label] = [`steps.${index}`, promptLabel(index)]
    const oldIndex = oldIndexOf.get(step.id)
    const old = oldIndex === undefined ? undefined : before[oldIndex]
    if (old === undefined || oldIndex === undefined) {
      const { text, ...rest } = step
      return [{ path, label, kind: 'added', before: null, after: rest, lines: wholeText('added', text) }]
    }
    const fields = stepFields.flatMap(([field, name]) =>
      changeOf(`${path}.${field}`, `${label}: ${name}`, old[field], step[field], field === 'text'),
    )
    if (inOrder.has(oldIndex)) return fields
    return [{ path, label, kind: 'moved', before: oldIndex, after: index, lines: null }, ...fields]
  })
  return [...removed, ...others]
}

const promptLabel = (index: number): string => `Prompt ${index + 1}`

function changeOf(path: string, label: string, before: unknown, after: unknown, isText: boolean): FieldChange[] {
  const [old, now] = [plain(before), plain(after)]
  if (isSame(old, now)) return []
  const kind = old === null ? 'added' : now === null ? 'removed' : 'changed'
  if (!isText) return [{ path, label, kind, before: old, after: now, lines: null }]
  // Both whole texts may be a megabyte; the lines tell what there is to tell.
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return [{ path, label, kind, before: null, after: null, lines: diffLines(text(old), text(now)) }]
}

/** What is not said is not a difference: absent, null, an empty text and an empty list. */
function plain(value: unknown): unknown {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return null
  return value
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(plain(a[key as keyof typeof a]), plain(b[key as keyof typeof b])))
}

/** The values of a longest rising sequence: prompts that kept their order, so that the fewest count as moved. */
function longestRise(values: readonly number[]): Set<number> {
  const tails: number[] = []
  const before = values.map(() => -1)
  for (const [at, value] of values.entries()) {
    let length = tails.findIndex((tail) => (values[tail] ?? 0) >= value)
    if (length === -1) length = tails.length
    before[at] = tails[length - 1] ?? -1
    tails[length] = at
  }
  const rise = new Set<number>()
  for (let at = tails.at(-1) ?? -1; at !== -1; at = before[at] ?? -1) rise.add(values[at] ?? -1)
  return rise
}

/** A diff in a few words: `name, folder; prompt 2: text, model; prompt 3 added`. */
export function summaryOf({ changes }: WorkflowDiff): string {
  const fields = changes.filter(({ path }) => !path.startsWith('steps.')).map(({ label }) => label.toLowerCase())
  const prompts = new Map<string, string[]>()
  for (const { path, label, kind } of changes) {
    if (!path.startsWith('steps.')) continue
    const [prompt = '', field] = label.toLowerCase().split(': ')
    const key = kind === 'removed' && field === undefined ? `${prompt} removed` : prompt
    prompts.set(key, [...(prompts.get(key) ?? []), ...(field === undefined ? [kind] : [field])])
  }
  const parts = [...prompts].map(([prompt, what]) => {
    if (prompt.endsWith(' removed')) return prompt
    const [first = ''] = what
    return what.length === 1 && (first === 'added' || first === 'moved')
      ? `${prompt} ${first}`
      : `${prompt}: ${what.join(', ')}`
  })
  const all = [...(fields.length === 0 ? [] : [fields.join(', ')]), ...parts]
  if (all.length === 0) return 'Nothing that shows'
  const shown = all.length <= 4 ? all.join('; ') : `${all.slice(0, 3).join('; ')}; ${all.length - 3} more`
  return `${shown.charAt(0).toUpperCase()}${shown.slice(1)}`
}
