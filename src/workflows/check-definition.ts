// Looks at a definition that may be half written, together with all that it names: agents, models and their
// keys, MCP servers, its folder, the workflow it starts.

import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import type { z } from 'zod'
import { PromptStep, type Remark, WorkflowInput } from './contract.ts'
import { type Definitions, unknownFields, validateInput } from './definitions/index.ts'
import type { Agents, McpServers, Models } from './ports.ts'
import { type Facts, type LooseWorkflow, remarksOn } from './remarks.ts'

export interface CheckDeps {
  readonly definitions: Pick<Definitions, 'list' | 'find'>
  readonly agents: Agents
  readonly mcpServers: Pick<McpServers, 'list'>
  readonly models: Pick<Models, 'defaults' | 'list'>
}

/** @param workflowId of the stored one that it is an edit of */
export async function checkDefinition(
  deps: CheckDeps,
  definition: Readonly<Record<string, unknown>>,
  workflowId?: string,
): Promise<Remark[]> {
  const loose = readLoosely(definition)
  const [workflows, agents, servers, models, defaults, workingDir] = await Promise.all([
    deps.definitions.list(),
    deps.agents.list(),
    deps.mcpServers.list(),
    deps.models.list(),
    deps.models.defaults(),
    look(loose.workingDir ?? null),
  ])
  const own = workflowId === undefined ? undefined : await deps.definitions.find(workflowId)
  const remarks = remarksOn(loose, {
    workflowId: own?.id ?? null,
    workflows,
    agents,
    models: models.items,
    providers: models.providers,
    defaults,
    serverIds: new Set(servers.map((server) => server.id)),
    workingDir,
  })
  return [...refusals(definition), ...remarks]
}

/** What a save would refuse. */
function refusals(definition: unknown): Remark[] {
  let issues = unknownFields(definition)
  try {
    validateInput(definition)
  } catch (error) {
    if (!(error instanceof MaestroError)) throw error
    issues = [...(error.issues ?? []), ...issues]
  }
  return issues.map(({ path, message }) => ({ level: 'error', path, message, hint: null }))
}

/** Fields of the right kind, each for itself; the others are absent. */
function readLoosely(value: Readonly<Record<string, unknown>>): LooseWorkflow {
  const { steps: _steps, ...workflowShape } = WorkflowInput.shape
  const steps = Array.isArray(value['steps']) ? (value['steps'] as unknown[]) : []
  return {
    ...readFields(workflowShape, value),
    steps: steps.map((step) => readFields(PromptStep.shape, step)),
  }
}

function readFields<S extends Record<string, z.ZodType>>(
  shape: S,
  value: unknown,
): Partial<{ [K in keyof S]: z.output<S[K]> }> {
  const from = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const read = Object.entries(shape).flatMap(([field, schema]) => {
    if (!Object.hasOwn(from, field)) return []
    const parsed = schema.safeParse(from[field])
    return parsed.success && parsed.data !== undefined ? [[field, parsed.data]] : []
  })
  return Object.fromEntries(read) as Partial<{ [K in keyof S]: z.output<S[K]> }>
}

async function look(path: string | null): Promise<Facts['workingDir']> {
  if (path === null || !isAbsolute(path) || path.includes('\0')) return 'not looked at'
  try {
    return (await stat(path)).isDirectory() ? 'a folder' : 'not a folder'
  } catch (error) {
    return isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR') ? 'missing' : 'not looked at'
  }
}
