// What an import would do to the workflows that are there: which are made, replaced, copied or skipped, and
// what is changed about each on the way. Pure.

import { MaestroError, Slug } from '#src/core/index.ts'
import type { Workflow, WorkflowInput } from '../contract.ts'
import { circleMessage, circleThrough, type Link, normalPath, validateInput } from '../definitions/index.ts'
import type { Brought } from './brought.ts'

export interface ImportOptions {
  /** The folder to put them in; their own folders are made below it. */
  readonly path?: string | undefined
  /** What becomes of a workflow whose id is there already. */
  readonly onConflict: 'copy' | 'replace' | 'skip'
}

export interface PlannedWorkflow {
  /** As triggers of the same file name it. */
  readonly key: string
  readonly action: 'create' | 'replace' | 'copy' | 'skip'
  /** The id it gets or has; null: a new one is made from its name. */
  readonly id: string | null
  readonly input: WorkflowInput
}

export interface ImportPlan {
  readonly workflows: readonly PlannedWorkflow[]
  readonly warnings: readonly string[]
}

/** @param servers ids of MCP servers as they are here, by the ids of the file */
export function planImport(
  brought: Brought,
  existing: readonly Workflow[],
  servers: ReadonlyMap<string, string>,
  options: ImportOptions,
): ImportPlan {
  const warnings = [...brought.warnings]
  const existingIds = new Set(existing.map((workflow) => workflow.id))
  const taken = new Set(existingIds)
  const placed = new Set(existing.map((workflow) => `${workflow.path ?? ''}/${workflow.name}`))
  const keys = new Set<string>()
  const planned: PlannedWorkflow[] = []

  for (const { id: wanted, ...workflow } of brought.workflows) {
    const key = uniqueKey(wanted, keys)
    if (key !== wanted) warnings.push(`the id "${wanted}" is there twice: "${workflow.name}" becomes a copy`)
    const changed = adapted(workflow, servers, options.path, warnings)
    const isThere = existingIds.has(wanted) && key === wanted
    const action = isThere ? options.onConflict : key === wanted ? 'create' : 'copy'
    const problem = problemOf(changed)
    if (problem !== undefined) {
      warnings.push(`"${workflow.name}" is left out: ${problem}`)
      planned.push({ key, action: 'skip', id: isThere ? wanted : null, input: changed })
      continue
    }
    const isFree = !taken.has(wanted) && Slug.safeParse(wanted).success
    const id = action === 'replace' || action === 'skip' || (action === 'create' && isFree) ? wanted : null
    if (id !== null) taken.add(id)
    const input = action === 'copy' ? renamed(changed, placed) : changed
    placed.add(`${input.path ?? ''}/${input.name}`)
    planned.push({ key, action, id, input })
  }
  return { workflows: withoutCircles(planned, existing, warnings), warnings: [...new Set(warnings)] }
}

function uniqueKey(wanted: string, keys: Set<string>): string {
  let key = wanted
  for (let n = 2; keys.has(key); n++) key = `${wanted}#${n}`
  keys.add(key)
  return key
}

/** In its new place, with the MCP servers that it has here, and starting nothing by the clock. */
function adapted(
  workflow: WorkflowInput,
  servers: ReadonlyMap<string, string>,
  folder: string | undefined,
  warnings: string[],
): WorkflowInput {
  const { name, schedule } = workflow
  const own = normalPath(workflow.path)
  const path = [folder ?? '', own].filter((part) => part !== '').join('/')
  const steps = workflow.steps.map((step) => {
    const ids = step.mcpServerIds ?? []
    for (const id of ids.filter((one) => !servers.has(one))) {
      warnings.push(`"${name}" names the MCP server "${id}", which is not here: add it, or take it off`)
    }
    return ids.length === 0 ? step : { ...step, mcpServerIds: ids.map((id) => servers.get(id) ?? id) }
  })
  const mayRun = workflow.workingDir != null && steps.some((step) => (step.mode ?? 'full') === 'full')
  if (mayRun) warnings.push(`"${name}" lets its agent run any command in ${workflow.workingDir ?? ''}`)
  if (schedule?.enabled === true) warnings.push(`the schedule of "${name}" is switched off`)
  return { ...workflow, path, steps, ...(schedule == null ? {} : { schedule: { ...schedule, enabled: false } }) }
}

function problemOf(input: WorkflowInput): string | undefined {
  try {
    validateInput(input)
    return undefined
  } catch (error) {
    if (!(error instanceof MaestroError)) throw error
    return (error.issues ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ')
  }
}

function renamed(input: WorkflowInput, placed: ReadonlySet<string>): WorkflowInput {
  let { name } = input
  for (let n = 1; placed.has(`${input.path ?? ''}/${name}`); n++) {
    name = `${input.name.slice(0, 480)} (${n === 1 ? 'copy' : `copy ${n}`})`
  }
  return { ...input, name }
}

/** A trigger that would close a circle is switched off; one whose target is nowhere is told. */
function withoutCircles(
  planned: readonly PlannedWorkflow[],
  existing: readonly Workflow[],
  warnings: string[],
): PlannedWorkflow[] {
  const links = new Map<string, Link>(existing.map((workflow) => [workflow.id, workflow]))
  const result: PlannedWorkflow[] = []
  const toLink = ({ key, input }: PlannedWorkflow): Link => ({ id: key, name: input.name, onSuccess: input.onSuccess })
  for (const one of planned) if (one.action !== 'skip') links.set(one.key, toLink(one))
  for (const one of planned) {
    const { onSuccess } = one.input
    if (one.action === 'skip' || onSuccess == null) {
      result.push(one)
      continue
    }
    if (!links.has(onSuccess.workflowId)) {
      warnings.push(`"${one.input.name}" starts the workflow "${onSuccess.workflowId}", which is not here`)
    }
    const circle = circleThrough(toLink(one), (id) => links.get(id))
    if (circle === undefined) {
      result.push(one)
      continue
    }
    warnings.push(`what "${one.input.name}" starts is switched off: ${circleMessage(circle)}`)
    const off = { ...one, input: { ...one.input, onSuccess: { ...onSuccess, enabled: false } } }
    links.set(one.key, toLink(off))
    result.push(off)
  }
  return result
}
