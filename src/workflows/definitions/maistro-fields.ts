// The two fields that keep Maistro's form in the file, `trigger` and `schedule`: what they mean, and how a
// change of the meaning is written back without losing what else stands there. Whatever Maistro could have
// written reads as something. Pure.

import { isJsonObject, type JsonObject } from '#src/core/index.ts'
import type { OnSuccess, Workflow, WorkflowInput } from '../contract.ts'
import { canonicalText } from './canonical.ts'

export interface MaistroFields {
  readonly onSuccess?: OnSuccess
  readonly schedule?: NonNullable<Workflow['schedule']>
}

/**
 * @param toAlias the safe name of the workflow that a stored id means; an id that nobody has stays as it is
 */
export function readMaistroFields(raw: JsonObject, toAlias: (id: string) => string): MaistroFields {
  const onSuccess = readTrigger(raw['trigger'], toAlias)
  const schedule = readSchedule(raw['schedule'])
  return { ...(onSuccess === undefined ? {} : { onSuccess }), ...(schedule === undefined ? {} : { schedule }) }
}

/**
 * Off is off, whatever Maistro made of it; a trigger that names a target and does not say whether it is on
 * was saved by Maistro's dialog, which drops the word, and is on.
 */
function readTrigger(trigger: unknown, toAlias: (id: string) => string): OnSuccess | undefined {
  if (!isJsonObject(trigger)) return undefined
  const { configId, enabled, preserveSession } = trigger
  if (typeof configId !== 'string' || configId.trim() === '') return undefined
  return {
    workflowId: toAlias(configId).slice(0, 200),
    preserveSession: isOn(preserveSession),
    enabled: enabled === undefined || isOn(enabled),
  }
}

function readSchedule(schedule: unknown): MaistroFields['schedule'] {
  if (!isJsonObject(schedule)) return undefined
  const { enabled, ...rest } = schedule
  return enabled === undefined ? rest : { ...rest, enabled: isOn(enabled) }
}

const isOn = (value: unknown): boolean => value === true || value === 'true'

/**
 * The stored form of both after an edit. What the edit leaves as it was is stored as it was, odd or not.
 * `onSuccess` is replaced like any other field. `schedule` stays when it is absent, since nothing edits it yet;
 * null removes it.
 * @param toId the stored id of the workflow that a safe name means
 */
export function storeMaistroFields(
  before: JsonObject,
  input: Pick<WorkflowInput, 'onSuccess' | 'schedule'>,
  toAlias: (id: string) => string,
  toId: (alias: string) => string,
): JsonObject {
  const known = readMaistroFields(before, toAlias)
  const { trigger, schedule } = before
  const stored: JsonObject = {}
  if (isSame(known.onSuccess ?? null, input.onSuccess ?? null)) {
    if (trigger !== undefined) stored['trigger'] = trigger
  } else if (input.onSuccess != null) {
    const { workflowId, enabled, preserveSession } = input.onSuccess
    stored['trigger'] = {
      ...(isJsonObject(trigger) ? trigger : {}),
      enabled,
      configId: toId(workflowId),
      preserveSession,
    }
  } else if (trigger !== undefined) {
    stored['trigger'] = { enabled: false }
  }
  if (input.schedule === undefined || isSame(known.schedule ?? null, input.schedule)) {
    if (schedule !== undefined) stored['schedule'] = schedule
  } else if (input.schedule !== null) {
    stored['schedule'] = input.schedule
  }
  return stored
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalText(a) === canonicalText(b)
}
