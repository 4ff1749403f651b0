// From a recorded request to what an adapter needs: looks up the model's access, the MCP servers and
// the conversation's checkpoint. What is missing becomes a failure of the turn, before anything starts.

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AgentMode } from '#src/core/contract.ts'
import { MaestroError, MINUTE, parseOrThrow, toMaestroError } from '#src/core/index.ts'
import type { TaskLease } from '#src/tasks/index.ts'
import type { AgentAdapter, Checkpoint, McpServerLaunch, ModelAccess, TurnInput } from './adapter.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { OutcomeKind } from './contract.ts'
import { failure } from './outcomes.ts'
import { failedBy, TurnFailed } from './turn-failure.ts'
import { usableServers } from './turn-servers.ts'
import type { AgentTurnsDeps, TurnRequest } from './types.ts'

const noBudget = { maxCostUsd: null, maxTokens: null }

const TurnRequestSchema = z.object({
  agent: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  prompt: z.string(),
  mode: AgentMode,
  workingDir: z.string().nullable(),
  mcpServerIds: z.array(z.string()),
  timeoutMs: z.number(),
  idleTimeoutMs: z.number(),
  maxTurns: z.number(),
  // Turns that were recorded before budgets have neither; their conversation was named after their run.
  runId: z.string().optional(),
  budget: z.object({ maxCostUsd: z.number().nullable(), maxTokens: z.number().nullable() }).default(noBudget),
  conversationId: z.string(),
  continueFrom: z.string().nullable(),
})

export function readRequest(spec: unknown): TurnRequest {
  const request = parseOrThrow(TurnRequestSchema, spec, 'the recorded request of the turn')
  return { ...request, runId: request.runId ?? request.conversationId }
}

export function rootOf(rootsDir: string, turnId: string): string {
  return path.join(rootsDir, turnId)
}

/**
 * What the turn was granted, kept in its root (private, and gone with it): whoever follows the turn after a
 * restart must hide the same token from its output.
 */
export function grantFile(rootDir: string): string {
  return path.join(rootDir, 'grant.json')
}

/** To start a turn: everything must be there. @throws TurnFailed */
export async function resolveTurn(
  deps: AgentTurnsDeps,
  checkpoints: Checkpoints,
  adapter: AgentAdapter,
  turn: TaskLease,
  request: TurnRequest,
): Promise<TurnInput> {
  const checkpoint = await loadCheckpoint(checkpoints, request.continueFrom)
  if (checkpoint !== null && checkpoint.adapter !== adapter.id) {
    throw new TurnFailed(
      failure(
        'session_not_found',
        `the conversation so far was with ${checkpoint.adapter}, and ${adapter.title} cannot go on with it`,
        {
          hint: 'use the same agent for all steps of a conversation',
        },
      ),
    )
  }
  const model = await resolveModel(deps, adapter, turn.taskId, request)
  const mcpServers = await usableServers(deps, turn, request.mcpServerIds)
  return inputOf(deps, turn.taskId, request, { model, mcpServers, checkpoint })
}

/** To follow a turn that has started: what is missing by now no longer matters. */
export async function recallTurn(
  deps: AgentTurnsDeps,
  checkpoints: Checkpoints,
  turnId: string,
  request: TurnRequest,
): Promise<TurnInput> {
  return inputOf(deps, turnId, request, {
    model: await recallModel(rootOf(deps.rootsDir, turnId), request),
    mcpServers: await deps.mcpServers(request.mcpServerIds).catch(() => []),
    checkpoint: await loadCheckpoint(checkpoints, request.continueFrom),
  })
}

/** Without its grant the plan is good enough to stop the process and to read its output. */
async function recallModel(rootDir: string, request: TurnRequest): Promise<ModelAccess | null> {
  const model = namedModel(request)
  const text = await readFile(grantFile(rootDir), 'utf8').catch(() => null)
  if (model === null || text === null) return model
  const granted = z.object({ apiKey: z.string() }).safeParse(JSON.parse(text))
  return granted.success ? { ...model, apiKey: granted.data.apiKey } : model
}

/** The model by name only: which wire its provider speaks is known where grants are opened. */
function namedModel({ provider, model }: TurnRequest): ModelAccess | null {
  if (provider === null || model === null) return null
  return { provider, api: 'openai', model, baseUrl: null, apiKey: null }
}

/** The request with nothing looked up: enough for an adapter to say "unsupported". */
export function bareInput(request: TurnRequest): TurnInput {
  return {
    id: 'turn',
    prompt: '',
    model: namedModel(request),
    mode: request.mode,
    cwd: '/',
    mcpServers: [],
    maxTurns: request.maxTurns,
    systemPrompt: null,
    checkpoint: null,
    rootDir: '/',
  }
}

function inputOf(
  deps: AgentTurnsDeps,
  turnId: string,
  request: TurnRequest,
  resolved: { model: ModelAccess | null; mcpServers: readonly McpServerLaunch[]; checkpoint: Checkpoint | null },
): TurnInput {
  const rootDir = rootOf(deps.rootsDir, turnId)
  return {
    id: turnId,
    prompt: request.prompt,
    mode: request.mode,
    cwd: request.workingDir ?? path.join(rootDir, 'work'),
    maxTurns: request.maxTurns,
    systemPrompt: null,
    rootDir,
    ...resolved,
  }
}

async function resolveModel(
  deps: AgentTurnsDeps,
  adapter: AgentAdapter,
  turnId: string,
  request: TurnRequest,
): Promise<ModelAccess | null> {
  const { provider, model, runId, budget } = request
  if (!adapter.capabilities.needsModel) return namedModel(request)
  if (provider === null || model === null) {
    throw new TurnFailed(
      failure('bad_usage', `${adapter.title} needs a model, and none is chosen`, {
        hint: 'choose a provider and a model for the step, or a default model under Models',
      }),
    )
  }
  // The runner ends the turn by then, with or without a server.
  const untilMs = deps.clock.now() + request.timeoutMs + grantSlackMs
  try {
    const withheldTools = adapter.unaskedTools ?? []
    return await deps.grants.open({ turnId, runId, provider, model, withheldTools, budget, untilMs })
  } catch (thrown) {
    throw failedBy(grantFailureKind(thrown), thrown)
  }
}

const grantSlackMs = 10 * MINUTE

function grantFailureKind(thrown: unknown): OutcomeKind {
  const { code } = toMaestroError(thrown)
  if (code === 'limit_exceeded') return 'budget'
  if (code === 'invalid_input') return 'bad_usage'
  return code === 'unavailable' ? 'provider_error' : 'auth'
}

async function loadCheckpoint(checkpoints: Checkpoints, turnId: string | null): Promise<Checkpoint | null> {
  if (turnId === null) return null
  const checkpoint = await checkpoints.find(turnId).catch((thrown: unknown) => {
    // A database that does not answer says nothing about the conversation.
    throw thrown instanceof MaestroError && thrown.code === 'corrupt_data'
      ? failedBy('session_not_found', thrown)
      : thrown
  })
  if (checkpoint !== undefined) return checkpoint
  throw new TurnFailed(
    failure('session_not_found', `the conversation of turn ${turnId} is not there to go on with`, {
      hint: 'run the workflow again from its first step',
    }),
  )
}
