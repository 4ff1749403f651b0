// One workflow between its stored form and the contract's. The stored form keeps Maistro's names
// (`prompts`, `id` as it was) and every field we do not know; the contract's form is strict. Pure.

import { createHash } from 'node:crypto'
import { isJsonObject, type Issue, type JsonObject, MaestroError, Slug } from '#src/core/index.ts'
import { Workflow, type PromptStep, type WorkflowInput } from '../contract.ts'
import { canonicalText } from './canonical.ts'
import { normalPath } from './folders.ts'
import { readMaistroFields, storeMaistroFields } from './maistro-fields.ts'

/** Stored under the contract's names. `onSuccess` and `schedule` are not: maistro-fields.ts. */
const workflowFields = [
  'description',
  'path',
  'tags',
  'workingDir',
  'agent',
  'model',
  'provider',
  'session',
  'fallbackModels',
  'timeoutSec',
  'idleTimeoutSec',
  'maxTurns',
  'runTimeoutSec',
  'maxCostUsd',
  'maxTokens',
] as const
/** Everything of an item that is ours; the rest is another program's. */
const ownFields = ['id', 'alias', 'name', 'prompts', 'updatedAt', 'trigger', 'schedule', ...workflowFields]
const stepFields = [
  'name',
  'agent',
  'model',
  'provider',
  'mode',
  'mcpServerIds',
  'session',
  'fallbackModels',
  'timeoutSec',
  'idleTimeoutSec',
  'maxTurns',
  'maxRetries',
  'onInterrupted',
] as const

export interface StoredPrompt {
  readonly raw: JsonObject
  readonly text: string
  /** Of the .md file as it was last written; absent in version 0, whose .md files are only derived. */
  readonly sha256: string | undefined
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Maistro stored a prompt as a string, later as an object. */
export function promptsOf(raw: JsonObject): StoredPrompt[] {
  const prompts = Array.isArray(raw['prompts']) ? (raw['prompts'] as unknown[]) : []
  return prompts.map((prompt) => {
    const fields: JsonObject = isJsonObject(prompt) ? prompt : { text: prompt }
    const hash = fields['sha256']
    return { raw: fields, text: asText(fields['text']), sha256: typeof hash === 'string' ? hash : undefined }
  })
}

/** Where the text also stands, as the Maistro README documents it. The number counts from 0. */
export const promptFile = (alias: string, index: number): string => `prompts/${alias}_prompt_${index}.md`

/**
 * Three places may have changed since the last save: the .md file wins when it is not the one that we
 * wrote, else the JSON text counts, which a person may have edited instead.
 */
export function currentText(prompt: StoredPrompt, file: { text: string; sha256: string } | undefined): string {
  const isFileEdited = file !== undefined && prompt.sha256 !== undefined && file.sha256 !== prompt.sha256
  return isFileEdited ? file.text : prompt.text
}

/** Stored ids of one file and the safe names that stand for them. Where both are the same, nothing is to be done. */
export interface Names {
  readonly toAlias: (id: string) => string
  readonly toId: (alias: string) => string
}

const sameNames: Names = { toAlias: (id) => id, toId: (alias) => alias }

/** @param aliases as `aliasesOf` gives them */
export function namesOf(items: readonly JsonObject[], aliases: readonly string[]): Names {
  const byId = new Map<string, string>()
  const byAlias = new Map<string, string>()
  for (const [at, { id }] of items.entries()) {
    const alias = aliases[at] ?? ''
    if (typeof id !== 'string' || id === alias) continue
    if (!byId.has(id)) byId.set(id, alias)
    byAlias.set(alias, id)
  }
  const known = new Set(aliases)
  return {
    // A safe name in use is itself; only then may it be somebody's stored id.
    toAlias: (id) => (known.has(id) ? id : (byId.get(id) ?? id)),
    toId: (alias) => byAlias.get(alias) ?? alias,
  }
}

/**
 * @param texts current text of each prompt
 * @throws `corrupt_data` naming every field that is wrong
 */
export function toWorkflow(
  raw: JsonObject,
  alias: string,
  texts: readonly string[],
  fallbackUpdatedAt: number,
  names: Names,
): Workflow {
  const prompts = promptsOf(raw)
  const otherFields = omit(raw, ownFields)
  const content = {
    id: alias,
    name: asText(raw['name']).trim().slice(0, 500) || asText(raw['id']).slice(0, 500) || 'Untitled',
    ...pick(raw, workflowFields),
    path: normalPath(raw['path']),
    ...readMaistroFields(raw, names.toAlias),
    ...(Object.keys(otherFields).length === 0 ? {} : { otherFields }),
    // Maistro could save a configuration without prompts: it opens with one that is to be filled in.
    steps: prompts.length === 0 ? [{ id: 'step-1', text: '' }] : stepsOf(prompts, texts),
  }
  const version = sha256(canonicalText(content)).slice(0, 16)
  const updatedAt = typeof raw['updatedAt'] === 'number' ? raw['updatedAt'] : fallbackUpdatedAt
  const parsed = Workflow.safeParse({ ...content, version, updatedAt })
  if (parsed.success) return parsed.data
  const issues: Issue[] = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }))
  const list = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
  throw new MaestroError('corrupt_data', `workflow "${alias}" in configs.json is not valid: ${list}`, { issues })
}

function stepsOf(prompts: readonly StoredPrompt[], texts: readonly string[]): object[] {
  const taken = new Set<string>()
  return prompts.map(({ raw, text }, index) => {
    const wanted = raw['id']
    let id = Slug.safeParse(wanted).success && !taken.has(String(wanted)) ? String(wanted) : `step-${index + 1}`
    while (taken.has(id)) id = `${id}-b`
    taken.add(id)
    const servers = raw['mcpServerIds']
    return {
      id,
      text: texts[index] ?? text,
      ...pick(
        raw,
        stepFields.filter((field) => field !== 'mcpServerIds' && field !== 'model'),
      ),
      // Maistro took any value for these two.
      ...('model' in raw ? { model: asText(raw['model']).slice(0, 200) || null } : {}),
      ...(Array.isArray(servers) ? { mcpServerIds: serverIds(servers) } : {}),
    }
  })
}

function serverIds(values: readonly unknown[]): string[] {
  return [...new Set(values.map((value) => asText(value).slice(0, 200)))].filter((id) => id !== '').slice(0, 100)
}

/** The stored form of what a person saved, over what was stored before: fields of others stay unless they are given. */
export function toStored(
  before: JsonObject,
  alias: string,
  input: WorkflowInput,
  updatedAt: number,
  names: Names = sameNames,
): JsonObject {
  const { id } = before
  const oldPrompts = promptsOf(before)
  const oldSteps = stepsOf(oldPrompts, []) as { id: string }[]
  const unknownOf = (step: PromptStep): JsonObject => {
    const old = oldPrompts[oldSteps.findIndex((candidate) => candidate.id === step.id)]
    return old === undefined ? {} : omit(old.raw, ['id', 'text', 'sha256', ...stepFields])
  }
  return {
    id: id ?? alias,
    ...(id === undefined || id === alias ? {} : { alias }),
    name: input.name,
    ...pick(input, workflowFields),
    prompts: input.steps.map((step) => ({
      ...pick(step, ['id', 'text', ...stepFields]),
      ...unknownOf(step),
      sha256: sha256(step.text),
    })),
    ...storeMaistroFields(before, input, names.toAlias, names.toId),
    ...omit(input.otherFields ?? before, ownFields),
    updatedAt,
  }
}

function pick(from: object, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => (field in from ? [[field, from[field as keyof typeof from]]] : [])),
  )
}

function omit(from: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([field]) => !fields.includes(field)))
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
