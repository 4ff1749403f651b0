// A run and its events as the server sends them, for tests.

import type { McpServer } from '#src/agents/contract.ts'
import type { ModelList, ProviderInfo } from '#src/llm/contract.ts'
import type { TaskEvent, TaskEventBody } from '#src/tasks/contract.ts'
import type { Run, RunSummary, WorkflowSummary } from '#src/workflows/contract.ts'

export const runId = `run_7h2k9w${'0'.repeat(20)}`
const turnId = `turn_${'1'.repeat(26)}`
const usage = { inputTokens: 1234, outputTokens: 56, cacheReadTokens: null, cacheWriteTokens: null, costUsd: 0.0213 }

export function sampleSummary(changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id: runId,
    workflowId: 'hello',
    workflowName: 'Hello, Maestro',
    status: 'succeeded',
    trigger: 'cli',
    parentRunId: null,
    startedBy: { kind: 'owner', via: 'socket' },
    stepCount: 2,
    stepsDone: 2,
    agents: ['fake'],
    createdAt: 900_000,
    startedAt: 901_000,
    endedAt: 935_500,
    stopRequestedAt: null,
    waitingFor: null,
    error: null,
    usage,
    ...changes,
  }
}

export function sampleRun(changes: Partial<Run> = {}): Run {
  return {
    ...sampleSummary(),
    steps: [],
    lastSeq: 0,
    rerunOf: null,
    rerunFromStep: null,
    triggeredRunIds: [],
    maxCostUsd: null,
    maxTokens: null,
    ...changes,
  }
}

export function sampleWorkflow(changes: Partial<WorkflowSummary> = {}): WorkflowSummary {
  return {
    id: 'hello',
    name: 'Hello, Maestro',
    path: '',
    tags: [],
    stepCount: 2,
    agents: ['goose'],
    models: [null],
    mcpServerIds: [],
    onSuccess: null,
    schedule: null,
    version: 'v1',
    updatedAt: 1,
    lastRuns: [],
    ...changes,
  }
}

export function sampleServer(changes: Partial<McpServer> = {}): McpServer {
  return {
    id: 'search',
    name: 'Search',
    description: '',
    transport: 'stdio',
    command: 'npx',
    args: ['-y', 'a server'],
    url: '',
    defaultEnabled: false,
    required: true,
    startTimeoutSec: 30,
    env: [{ name: 'KEY', isSecret: true, value: null, isSet: true, hint: 'cdef' }],
    headers: [],
    version: 'v1',
    updatedAt: 1,
    ...changes,
  }
}

export function sampleProvider(changes: Partial<ProviderInfo> = {}): ProviderInfo {
  return {
    id: 'openrouter',
    title: 'OpenRouter',
    api: 'openrouter',
    isBuiltIn: true,
    keyName: 'OPENROUTER_API_KEY',
    keySet: true,
    keyHint: 'cdef',
    keyFrom: 'settings',
    keyPage: null,
    baseUrl: null,
    baseUrlFrom: 'default',
    modelCount: 1,
    ...changes,
  }
}

export function sampleModels(changes: Partial<ModelList> = {}): ModelList {
  return {
    items: [{ provider: 'openrouter', id: 'a/b', isDefault: true, price: null }],
    provider: 'openrouter',
    defaultModel: 'a/b',
    fallbacks: [],
    providers: [sampleProvider()],
    ...changes,
  }
}

/** Numbered from 1, one second apart. */
function numbered(bodies: readonly (readonly [task: 'run' | 'turn', body: TaskEventBody])[]): TaskEvent[] {
  return bodies.map(([task, body], index) => ({
    seq: index + 1,
    at: 901_000 + index * 1_000,
    taskId: task === 'run' ? runId : turnId,
    body,
  }))
}

export const recorded: TaskEvent[] = numbered([
  ['run', { type: 'task.queued', title: 'Hello, Maestro' }],
  ['run', { type: 'task.started', place: 'node:a', fence: 1 }],
  [
    'run',
    {
      type: 'step.started',
      index: 0,
      stepId: 'one',
      title: 'Look around',
      prompt: 'Look',
      agent: 'goose',
      model: 'some/model',
    },
  ],
  ['run', { type: 'attempt.started', index: 0, attempt: 1, turnId, reason: 'first' }],
  ['turn', { type: 'task.started', place: 'node:a', fence: 1 }],
  ['turn', { type: 'session.started', sessionId: 's1' }],
  ['turn', { type: 'mcp.status', server: 'files', ok: true, reason: null }],
  ['turn', { type: 'mcp.status', server: 'search', ok: false, reason: 'exited with 1' }],
  ['turn', { type: 'thinking.delta', messageId: 'm0', text: 'Hm' }],
  ['turn', { type: 'thinking.delta', messageId: 'm0', text: 'm.' }],
  ['turn', { type: 'text.delta', messageId: 'm1', text: 'I look ' }],
  ['turn', { type: 'text.delta', messageId: 'm1', text: 'around.\x1b[2J\x07' }],
  [
    'turn',
    { type: 'tool.called', callId: 'c1', server: 'files', tool: 'list', input: { path: '/srv/\x1b]0;owned\x07data' } },
  ],
  ['turn', { type: 'tool.returned', callId: 'c1', ok: true, output: 'a\nb', truncated: false }],
  [
    'turn',
    { type: 'tool.called', callId: 'c2', server: null, tool: 'shell', input: { command: 'make\nall', timeout: 5 } },
  ],
  ['turn', { type: 'tool.returned', callId: 'c2', ok: false, output: 'no rule\nto make target', truncated: false }],
  ['turn', { type: 'text.delta', messageId: 'm2', text: 'Nothing ' }],
  ['turn', { type: 'text.delta', messageId: 'm3', text: 'here.\n' }],
  ['turn', { type: 'agent.retried', attempt: 2, httpStatus: 429, delayMs: 2_000 }],
  ['turn', { type: 'log.line', stream: 'err', text: 'raw only' }],
  ['turn', { type: 'task.ended', status: 'failed', executed: 'yes', error: null }],
  [
    'run',
    {
      type: 'attempt.ended',
      index: 0,
      attempt: 1,
      turnId,
      status: 'failed',
      error: { code: 'unavailable', kind: 'network', message: 'the model is away', hint: 'wait' },
    },
  ],
  ['run', { type: 'attempt.started', index: 0, attempt: 2, turnId, reason: 'the model was away' }],
  ['turn', { type: 'text.delta', messageId: 'm4', text: 'Done.' }],
  ['run', { type: 'step.ended', index: 0, status: 'succeeded', usage }],
  [
    'run',
    { type: 'step.started', index: 1, stepId: 'two', title: 'Sum up', prompt: 'Sum', agent: 'fake', model: null },
  ],
  ['run', { type: 'task.waiting', reason: 'a turn was cut off' }],
  ['run', { type: 'task.stop_requested', reason: 'stopped by the owner' }],
  ['run', { type: 'task.ended', status: 'cancelled', executed: 'yes', error: null }],
  ['run', { type: 'task.late_evidence', detail: 'the process had ended with 0' }],
])
