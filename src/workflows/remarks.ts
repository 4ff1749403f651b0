// What is to be said about a definition before it is saved or run: what would be refused is an error, what
// would fail or surprise later is a warning. Pure; check-definition.ts looks up the facts.

import type { AgentMode } from '#src/core/contract.ts'
import { limitDefaults, type PromptStep, type Remark, type Workflow, type WorkflowInput } from './contract.ts'
import { circleMessage, circleThrough, type Link } from './definitions/index.ts'

/** What of a definition could be understood: fields of the wrong kind are absent. */
export type LooseWorkflow = Partial<Omit<WorkflowInput, 'steps'>> & { readonly steps: readonly Partial<PromptStep>[] }

export interface Facts {
  /** Of the workflow itself, when it is stored. */
  readonly workflowId: string | null
  readonly workflows: readonly Workflow[]
  readonly agents: readonly {
    readonly id: string
    readonly title: string
    readonly installed: boolean
    readonly modes: readonly AgentMode[]
    readonly needsModel: boolean
  }[]
  readonly models: readonly { readonly provider: string; readonly id: string; readonly price: object | null }[]
  readonly providers: readonly {
    readonly id: string
    readonly api: string
    readonly keyName: string | null
    readonly keySet: boolean
  }[]
  readonly defaults: { readonly provider: string; readonly model: string } | null
  readonly serverIds: ReadonlySet<string>
  readonly workingDir: 'a folder' | 'missing' | 'not a folder' | 'not looked at'
}

const defaultAgent = 'goose'
const longPrompt = 200_000

export function remarksOn(workflow: LooseWorkflow, facts: Facts): Remark[] {
  return [
    ...workflow.steps.flatMap((step, index) => stepRemarks(workflow, step, `steps.${index}`, facts)),
    ...folderRemarks(workflow, facts),
    ...triggerRemarks(workflow, facts),
    ...limitRemarks(workflow),
    ...priceRemarks(workflow, facts),
  ]
}

const error = (path: string, message: string, hint: string): Remark => ({ level: 'error', path, message, hint })
const warning = (path: string, message: string, hint: string): Remark => ({ level: 'warning', path, message, hint })

function stepRemarks(workflow: LooseWorkflow, step: Partial<PromptStep>, path: string, facts: Facts): Remark[] {
  const remarks: Remark[] = []
  const agentId = step.agent ?? workflow.agent ?? defaultAgent
  const agent = facts.agents.find((one) => one.id === agentId)
  const mode = step.mode ?? (workflow.workingDir == null ? 'plan' : 'full')
  if (agent === undefined) {
    const known = facts.agents.map((one) => one.id).join(', ')
    remarks.push(error(`${path}.agent`, `there is no agent "${agentId}"`, `choose one of ${known}`))
  } else {
    if (!agent.installed) {
      const hint = `install it under Agents, or: maestro agents install ${agentId}`
      remarks.push(warning(`${path}.agent`, `${agent.title} is not installed`, hint))
    }
    if (!agent.modes.includes(mode)) {
      const hint = `choose one of ${agent.modes.join(', ')}`
      remarks.push(error(`${path}.mode`, `${agent.title} has no mode "${mode}"`, hint))
    }
    if (agent.needsModel) remarks.push(...modelRemarks(workflow, step, path, facts))
  }
  for (const [index, id] of (step.mcpServerIds ?? []).entries()) {
    if (facts.serverIds.has(id)) continue
    const hint = 'add it under MCP servers, or take it off the prompt'
    remarks.push(warning(`${path}.mcpServerIds.${index}`, `there is no MCP server "${id}"`, hint))
  }
  if (step.mode === 'full' && workflow.workingDir == null) {
    const hint = 'choose a working folder, if it is to work on files of yours'
    remarks.push(warning(`${path}.mode`, 'it may run commands, in an empty folder that goes with the prompt', hint))
  }
  if ((step.text?.length ?? 0) > longPrompt) {
    const message = `the prompt has ${step.text?.length ?? 0} characters: few models take so much at once`
    remarks.push(warning(`${path}.text`, message, 'put long texts into files of the working folder'))
  }
  return remarks
}

function modelRemarks(workflow: LooseWorkflow, step: Partial<PromptStep>, path: string, facts: Facts): Remark[] {
  const own = {
    provider: step.provider ?? workflow.provider ?? facts.defaults?.provider ?? null,
    model: step.model ?? workflow.model ?? facts.defaults?.model ?? null,
  }
  if (own.provider === null || own.model === null) {
    return [
      ...(own.provider === null ? [] : unknownProvider(own.provider, `${path}.provider`, facts)),
      warning(`${path}.model`, 'no model is chosen, and there is no default', 'choose one, or a default in Models'),
    ]
  }
  const isOwn = step.model != null || step.provider != null
  const where = isOwn ? `${path}.model` : workflow.model != null ? 'model' : `${path}.model`
  const remarks = oneModel(own.provider, own.model, where, facts)
  const [list, listPath] =
    step.fallbackModels == null
      ? [workflow.fallbackModels ?? [], 'fallbackModels']
      : [step.fallbackModels, `${path}.fallbackModels`]
  for (const [index, fallback] of list.entries()) {
    const provider: string = fallback.provider ?? own.provider
    if (provider === own.provider && fallback.model === own.model) {
      const hint = 'choose another one: this one has failed when it would be asked'
      remarks.push(warning(`${listPath}.${index}`, `the fallback ${fallback.model} is the model itself`, hint))
    } else remarks.push(...oneModel(provider, fallback.model, `${listPath}.${index}`, facts))
  }
  return remarks
}

function oneModel(providerId: string, model: string, path: string, facts: Facts): Remark[] {
  const provider = facts.providers.find((one) => one.id === providerId)
  if (provider === undefined) return unknownProvider(providerId, path, facts, ` for ${model}`)
  const remarks: Remark[] = []
  if (provider.keyName !== null && !provider.keySet) {
    const message = `${model} needs the key ${provider.keyName}, which is not set`
    remarks.push(warning(path, message, 'enter it under Models'))
  }
  if (!facts.models.some((one) => one.provider === providerId && one.id === model)) {
    const message = `${model} of ${providerId} is not in the list of models`
    remarks.push(warning(path, message, 'check how it is written, or add it under Models'))
  }
  return remarks
}

function unknownProvider(id: string, path: string, { providers }: Facts, why = ''): Remark[] {
  if (providers.some((one) => one.id === id)) return []
  const known = providers.map((one) => one.id).join(', ')
  return [error(path, `there is no provider "${id}"${why}`, `choose one of ${known}, or add it`)]
}

function folderRemarks({ workingDir }: LooseWorkflow, facts: Facts): Remark[] {
  if (workingDir == null || facts.workingDir === 'a folder' || facts.workingDir === 'not looked at') return []
  const message = facts.workingDir === 'missing' ? `${workingDir} is not there` : `${workingDir} is not a folder`
  return [warning('workingDir', message, 'make it, or choose another one')]
}

function triggerRemarks(workflow: LooseWorkflow, facts: Facts): Remark[] {
  const { onSuccess } = workflow
  if (onSuccess == null || !onSuccess.enabled) return []
  const find = (id: string): Workflow | undefined => facts.workflows.find((one) => one.id === id)
  const self: Link = { id: facts.workflowId ?? '', name: workflow.name ?? 'this workflow', onSuccess }
  const circle = circleThrough(self, (id) => (id === self.id ? self : find(id)))
  if (circle !== undefined) {
    return [error('onSuccess', circleMessage(circle), 'let one of them end without starting another')]
  }
  const target = find(onSuccess.workflowId)
  if (target === undefined) {
    const message = `there is no workflow "${onSuccess.workflowId}" to start`
    return [warning('onSuccess.workflowId', message, 'choose another one, or none')]
  }
  if (!onSuccess.preserveSession) return []
  const [last, first] = [workflow.steps.at(-1), target.steps[0]]
  const lastAgent = last?.agent ?? workflow.agent ?? defaultAgent
  const firstAgent = first?.agent ?? target.agent ?? defaultAgent
  if (lastAgent !== firstAgent) {
    const message = `"${target.name}" begins with ${firstAgent}, which cannot go on with a conversation of ${lastAgent}`
    return [warning('onSuccess.preserveSession', message, 'use the same agent in both, or begin a new conversation')]
  }
  if ((first?.session ?? target.session) === 'fresh') {
    const message = `the first prompt of "${target.name}" begins a conversation of its own`
    return [warning('onSuccess.preserveSession', message, 'let that prompt go on with the conversation before it')]
  }
  return []
}

function limitRemarks(workflow: LooseWorkflow): Remark[] {
  const remarks: Remark[] = []
  const runSec = workflow.runTimeoutSec ?? limitDefaults.runTimeoutSec
  const check = (from: Partial<PromptStep> | LooseWorkflow, prefix: string): void => {
    const { timeoutSec, idleTimeoutSec } = from
    if (timeoutSec != null && timeoutSec > runSec) {
      const message = `${timeoutSec} s are longer than the whole run may take (${runSec} s)`
      remarks.push(warning(`${prefix}timeoutSec`, message, 'raise the time limit of the run'))
    }
    if (timeoutSec != null && timeoutSec < 10) {
      remarks.push(warning(`${prefix}timeoutSec`, `few agents answer in ${timeoutSec} s`, 'allow a minute or more'))
    }
    if (idleTimeoutSec != null && idleTimeoutSec > (timeoutSec ?? workflow.timeoutSec ?? limitDefaults.timeoutSec)) {
      const message = `${idleTimeoutSec} s without output are more than the time limit allows in all`
      remarks.push(warning(`${prefix}idleTimeoutSec`, message, 'choose less, or raise the time limit'))
    }
  }
  check(workflow, '')
  for (const [index, step] of workflow.steps.entries()) check(step, `steps.${index}.`)
  if (workflow.maxCostUsd != null && workflow.maxCostUsd > 100) {
    const message = `one run may spend $${workflow.maxCostUsd}`
    remarks.push(warning('maxCostUsd', message, 'choose what you would notice losing'))
  }
  if (workflow.maxTokens != null && workflow.maxTokens < 1_000) {
    const message = `${workflow.maxTokens} tokens are fewer than one answer of an agent takes`
    remarks.push(warning('maxTokens', message, 'allow some thousands'))
  }
  return remarks
}

/** Wires whose answers tell what they cost, or that cost nothing. */
const tellsCost: ReadonlySet<string> = new Set(['openrouter', 'ollama'])

/** A budget in dollars cannot count what nobody knows the price of. */
function priceRemarks(workflow: LooseWorkflow, facts: Facts): Remark[] {
  const { maxCostUsd } = workflow
  if (maxCostUsd == null) return []
  const unknown = new Set<string>()
  for (const step of workflow.steps) {
    const agentId = step.agent ?? workflow.agent ?? defaultAgent
    if (facts.agents.find((one) => one.id === agentId)?.needsModel !== true) continue
    const own = step.provider ?? workflow.provider ?? facts.defaults?.provider
    const models = [
      { provider: own, model: step.model ?? workflow.model ?? facts.defaults?.model },
      ...(step.fallbackModels ?? workflow.fallbackModels ?? []),
    ]
    for (const { provider: providerId = own, model } of models) {
      const provider = facts.providers.find((one) => one.id === (providerId ?? own))
      if (provider === undefined || model == null || tellsCost.has(provider.api)) continue
      const listed = facts.models.find((one) => one.provider === provider.id && one.id === model)
      if (listed?.price == null) unknown.add(`${model} of ${provider.id}`)
    }
  }
  if (unknown.size === 0) return []
  const message = `the budget of $${maxCostUsd} counts no call of ${[...unknown].join(', ')}: the price is not known`
  return [warning('maxCostUsd', message, 'enter the price under Models, or limit the tokens')]
}
