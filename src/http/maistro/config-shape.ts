// A workflow in Maistro's words, and a client's configuration over the workflow that is stored. Pure.

import type { PromptStep, Workflow, WorkflowInput } from '#src/workflows/contract.ts'
import type { Config, ConfigInput, PromptInput } from './shapes.ts'

export function toConfig(workflow: Workflow): Config {
  const { id, name, path, steps, onSuccess, schedule, otherFields } = workflow
  return {
    ...otherFields,
    id,
    name,
    path: path ?? '',
    prompts: steps.map((step) => ({
      text: step.text,
      mcpServerIds: [...(step.mcpServerIds ?? [])],
      model: step.model ?? null,
    })),
    ...(onSuccess == null
      ? {}
      : {
          trigger: {
            enabled: onSuccess.enabled,
            configId: onSuccess.workflowId,
            preserveSession: onSuccess.preserveSession,
          },
        }),
    ...(schedule == null ? {} : { schedule }),
  }
}

/** Whose a model is, where the list of models tells; null: the default provider's. */
export type ProviderOf = (model: string) => string | null

/**
 * What the client sent, in place of what Maistro knew of the workflow. Everything that a Maistro client does not
 * know (modes, limits, agents, tags, the working folder) stays, also with its prompt.
 */
export function toWorkflowInput(
  config: ConfigInput,
  stored: Workflow | undefined,
  providerOf: ProviderOf,
): WorkflowInput {
  // What we do not know is the client's own: it gets back what it sends.
  const { id: _id, name, path, prompts, trigger, schedule, ...otherFields } = config
  return {
    ...(stored === undefined ? {} : inputOf(stored)),
    name,
    path: path ?? '',
    steps: toSteps(prompts, stored?.steps ?? [], providerOf),
    // Maistro never looked at its switch while it fired; here off means off, and a missing one is on.
    onSuccess:
      trigger?.configId == null || trigger.configId === ''
        ? null
        : {
            workflowId: trigger.configId,
            preserveSession: trigger.preserveSession ?? false,
            enabled: trigger.enabled ?? true,
          },
    schedule: schedule ?? null,
    ...(Object.keys(otherFields).length === 0 ? {} : { otherFields }),
  }
}

function inputOf({ id: _id, version: _version, updatedAt: _updatedAt, ...input }: Workflow): WorkflowInput {
  return input
}

function toSteps(prompts: readonly PromptInput[], stored: readonly PromptStep[], providerOf: ProviderOf): PromptStep[] {
  const wanted = prompts.map((prompt) => (typeof prompt === 'string' ? { text: prompt } : prompt))
  const partners = pairUp(
    wanted.map(({ text }) => text),
    stored.map(({ text }) => text),
  )
  const taken = new Set(stored.map(({ id }) => id))
  return wanted.map((prompt, index) => {
    const at = partners[index]
    const before = at === undefined ? undefined : stored[at]
    const model = prompt.model == null || prompt.model === '' ? null : prompt.model
    const provider =
      model !== null && model === before?.model ? before.provider : model === null ? null : providerOf(model)
    return {
      ...(before ?? { id: freeId(taken, index) }),
      text: prompt.text,
      mcpServerIds: prompt.mcpServerIds ?? [],
      model,
      provider: provider ?? null,
    }
  })
}

/**
 * For each wanted text the place of the stored prompt it goes on from: the same text first (prompts move), then
 * the one at the same place (texts are edited).
 */
function pairUp(wanted: readonly string[], stored: readonly string[]): (number | undefined)[] {
  const free = new Set(stored.keys())
  const take = (at: number | undefined): number | undefined => (at !== undefined && free.delete(at) ? at : undefined)
  const same = wanted.map((text, index) =>
    take(stored[index] === text ? index : [...free].find((at) => stored[at] === text)),
  )
  return same.map((at, index) => at ?? take(index))
}

function freeId(taken: Set<string>, index: number): string {
  let id = `step-${index + 1}`
  for (let n = 2; taken.has(id); n++) id = `step-${index + 1}-${n}`
  taken.add(id)
  return id
}
