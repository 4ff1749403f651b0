// The client of the HTTP API: every answer is parsed by its schema at this edge, every failure is
// an ApiError. Cookie auth, same origin. Knows nothing of React.

import type { z } from 'zod'
import { AgentInstall } from '#src/agents/contract.ts'
import { Problem } from '#src/core/contract.ts'
import { Session } from '#src/http/contract.ts'
import { ModelList } from '#src/llm/contract.ts'
import { Run, Workflow, WorkflowDiff, type WorkflowInput } from '#src/workflows/contract.ts'
import { AgentList, ModelCallList, RunPage, WorkflowList } from './contract.ts'
import { ApiError } from './errors.ts'
import { api, type RunFilter } from './paths.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

async function send(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers:
        body === undefined
          ? { accept: 'application/json' }
          : { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (thrown) {
    if (signal?.aborted === true) throw thrown
    throw new ApiError('offline', 0, 'Maestro did not answer.')
  }
  const text = await response.text()
  const value = parseJson(text)
  if (response.ok) return value
  const problem = Problem.safeParse(value)
  if (problem.success) throw new ApiError(problem.data.code, response.status, problem.data.detail, problem.data)
  throw new ApiError(
    response.status === 401 ? 'unauthenticated' : 'unreadable',
    response.status,
    `${method} ${path} answered ${response.status} ${response.statusText}`.trim(),
  )
}

function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export async function ask<T extends z.ZodType>(
  schema: T,
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
) {
  const value = await send(method, path, body, signal)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const first = parsed.error.issues[0]
  const where = first === undefined ? '' : `: ${first.path.map(String).join('.')} ${first.message}`
  throw new ApiError('unreadable', 200, `${method} ${path} answered in a shape this page does not know${where}`)
}

export const client = {
  session: (signal?: AbortSignal) => ask(Session, 'GET', api.session, undefined, signal),
  signOut: () => send('POST', api.signOut, {}),

  workflows: async (signal?: AbortSignal) => (await ask(WorkflowList, 'GET', api.workflows, undefined, signal)).items,
  workflow: (id: string, signal?: AbortSignal) => ask(Workflow, 'GET', api.workflow(id), undefined, signal),
  createWorkflow: (input: WorkflowInput) => ask(Workflow, 'POST', api.workflows, input),
  /** @throws `conflict` with `details.current` when the stored version is not `ifVersion`. */
  saveWorkflow: (id: string, input: WorkflowInput, ifVersion: string) =>
    ask(Workflow, 'PUT', api.workflow(id), { ...input, ifVersion }),
  deleteWorkflow: (id: string) => send('DELETE', api.workflow(id)),
  startRun: (workflowId: string, idempotencyKey: string) =>
    ask(Run, 'POST', api.workflowRuns(workflowId), { idempotencyKey, trigger: 'manual' }),

  runs: (filter: RunFilter & { cursor?: string | undefined; limit?: number }, signal?: AbortSignal) =>
    ask(RunPage, 'GET', api.runs(filter), undefined, signal),
  run: (id: string, signal?: AbortSignal) => ask(Run, 'GET', api.run(id), undefined, signal),
  runDo: (id: string, verb: 'cancel' | 'resume' | 'rerun', fromStep?: number) =>
    ask(Run, 'POST', api.runDo(id, verb), fromStep === undefined ? {} : { fromStep }),
  modelCalls: async (id: string, signal?: AbortSignal) =>
    (await ask(ModelCallList, 'GET', api.modelCalls(id), undefined, signal)).items,

  agents: async (signal?: AbortSignal) => (await ask(AgentList, 'GET', api.agents, undefined, signal)).items,
  install: (id: string) => send('POST', api.agentInstall(id), {}),
  installState: (id: string, signal?: AbortSignal) => ask(AgentInstall, 'GET', api.agentInstall(id), undefined, signal),

  models: (signal?: AbortSignal) => ask(ModelList, 'GET', api.models, undefined, signal),
  setSecret: (name: string, value: string) => send('PUT', api.secret(name), { value }),
  removeSecret: (name: string) => send('DELETE', api.secret(name)),
}

export interface Conflict {
  /** What is stored now. */
  current: Workflow
  /** From the stored one to the one that was refused. */
  diff: WorkflowDiff | undefined
}

/** What a refused save tells of the workflow that is stored. */
export function conflictOf(thrown: unknown): Conflict | undefined {
  if (!(thrown instanceof ApiError) || thrown.code !== 'conflict') return undefined
  const current = Workflow.safeParse(thrown.problem?.details?.['current'])
  if (!current.success) return undefined
  return { current: current.data, diff: WorkflowDiff.safeParse(thrown.problem?.details?.['diff']).data }
}
