// Lively made-up data for the page: workflows, runs in every state over a month, agents, models.
// Seeded, so that pictures of the page can be compared.

import type { AgentInfo } from '#src/agents/contract.ts'
import { newId } from '#src/core/index.ts'
import type { Usage } from '#src/core/contract.ts'
import type { TaskError, TaskStatus } from '#src/tasks/contract.ts'
import type { Run, RunStep, Workflow } from '#src/workflows/contract.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function makeIds(random: () => number) {
  return (kind: string) =>
    newId(
      kind,
      Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)),
    )
}

export type MakeId = ReturnType<typeof makeIds>

const prompts: Record<string, string[]> = {
  'Sample: say hello': [
    'Say hello and name three things you can do here.',
    'Now say it again in the voice of a conductor before the first rehearsal.',
  ],
  'Nightly dependency review': [
    'Read `package.json` and list every dependency with a newer major version.',
    'For each, read its changelog and say what would break here.\n\n- Name the file and the line.\n- Guess the effort in hours.',
    'Write the report to `docs/dependencies.md`.',
  ],
  'Triage new issues': [
    'List issues opened since yesterday.',
    'Label each by area and by urgency, and say why.',
    'Draft a first answer to the urgent ones.',
  ],
  'Release notes': [
    'Collect merged changes since the last tag.',
    'Group them for people who use the product, not for those who build it.',
    'Write the notes in the tone of the last release.',
    'Translate them to German and French.',
  ],
  'Flaky test hunt': [
    'Run the test suite twenty times and keep the output.',
    'Find tests that failed at least once and did not fail always.',
    'Fix the worst one. Do not lengthen any timeout.',
  ],
  'Weekly cost report': [
    'Sum up spend by workflow and model for the last seven days.',
    'Say what stands out and what to do about it.',
  ],
}

const descriptions: Record<string, string> = {
  'Sample: say hello': 'Works offline, in a few seconds. A first note for the score.',
  'Nightly dependency review': 'What has a newer version, and what would break.',
  'Triage new issues': 'Labels and first answers, every morning before stand-up.',
  'Release notes': 'From merged changes to a page people read.',
  'Flaky test hunt': 'Finds and mends the test that fails now and then.',
  'Weekly cost report': 'Where the money went.',
}

export function makeWorkflows(now: number): Workflow[] {
  return Object.entries(prompts).map(([name, texts], index) => ({
    id: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
    name,
    description: descriptions[name] ?? '',
    path: index === 4 ? 'team/quality' : '',
    steps: texts.map((text, at) => ({
      id: `step-${at + 1}`,
      text,
      ...(index === 3 && at === 3 ? { model: 'google/gemini-2.5-pro' } : {}),
      ...(index === 4 ? { mode: 'full' as const } : {}),
      ...(index === 1 || (index === 3 && at < 2) ? { mcpServerIds: ['files', 'tickets'] } : {}),
    })),
    workingDir: index === 4 ? '/srv/projects/orchestra' : null,
    agent: ['echo', 'goose', 'goose', 'claude', 'goose', null][index] ?? null,
    model: [null, 'anthropic/claude-sonnet-4.5', null, null, 'openai/gpt-5-mini', null][index] ?? null,
    version: `v1-${index}`,
    updatedAt: now - index * DAY,
  }))
}

const failures: [TaskStatus, TaskError][] = [
  [
    'failed',
    {
      code: 'unauthenticated',
      kind: 'auth',
      message: 'OpenRouter refused the key: 401 "No auth credentials found"',
      hint: 'Store a new OPENROUTER_API_KEY under Models, then run again.',
    },
  ],
  [
    'failed',
    {
      code: 'unavailable',
      kind: 'rate_limited',
      message: 'The model answered 429 four times in a row: over 50 requests a minute',
      hint: 'Run again in a minute, or choose another model.',
    },
  ],
  [
    'failed',
    {
      code: 'not_found',
      kind: 'model_not_found',
      message: 'The provider knows no model "openai/gpt-5-mnii"',
      hint: 'Did you mean "openai/gpt-5-mini"? Edit step 2.',
    },
  ],
  [
    'timed_out',
    {
      code: 'timed_out',
      kind: 'idle_timeout',
      message: 'Step 3 said nothing for 300 s, its limit is 300 s',
      hint: 'Raise the limit of the step, or make the prompt smaller.',
    },
  ],
  [
    'budget_exceeded',
    {
      code: 'limit_exceeded',
      kind: 'budget',
      message: 'The run spent $2.03 of its $2.00',
      hint: 'Raise the budget or split the workflow.',
    },
  ],
  [
    'interrupted',
    {
      code: 'unavailable',
      kind: 'interrupted',
      message: 'The server stopped while step 2 was running',
      hint: 'Run again: finished steps are not repeated.',
    },
  ],
]

const answers = [
  'Three packages have a newer major version:\n\n| package | here | newest | risk |\n|---|---|---|---|\n| `zod` | 3.25 | 4.6 | **medium**: `z.string().email()` moved |\n| `vite` | 7.1 | 8.3 | low |\n| `kysely` | 0.28 | 0.29 | low |\n\nThe rest is current.',
  'Done. I wrote `docs/dependencies.md` with one section per package.\n\n```ts\n// before\nconst Email = z.string().email()\n// after\nconst Email = z.email()\n```\n\nTwo places need this: `src/auth/contract.ts:18` and `src/users/form.ts:44`.',
  '1. **#412** search drops accents: *area search, urgent*, two users blocked\n2. **#413** dark theme flashes: *area web, minor*\n3. **#415** typo in the guide: *docs, trivial*\n\nI would start with #412: the tokenizer lowercases before it normalises.',
  'Good evening. Let us begin with the strings alone, very softly, and let the silence before the first note be part of it.',
]

const usageOf = (random: () => number, known: boolean): Usage => ({
  inputTokens: known ? Math.round(800 + random() * 24_000) : null,
  outputTokens: known ? Math.round(120 + random() * 3_000) : null,
  cacheReadTokens: known ? Math.round(random() * 9_000) : null,
  cacheWriteTokens: null,
  costUsd: known ? Math.round(random() * 90_000) / 1_000_000 : null,
})

interface RunSpec {
  workflow: Workflow
  status: TaskStatus
  createdAt: number
  error?: TaskError | null
  trigger?: Run['trigger']
}

export function makeRun(spec: RunSpec, random: () => number, id: MakeId): Run {
  const { workflow, status, createdAt } = spec
  const open = status === 'running' || status === 'waiting' || status === 'queued'
  const known = workflow.agent !== 'echo' && workflow.agent !== null
  const good =
    status === 'succeeded'
      ? workflow.steps.length
      : status === 'queued'
        ? 0
        : Math.min(workflow.steps.length - 1, Math.floor(random() * workflow.steps.length))
  let at = createdAt + 400
  const steps: RunStep[] = workflow.steps.map((step, index) => {
    const mine =
      index < good
        ? 'succeeded'
        : index === good && status !== 'queued'
          ? status
          : open || index === good
            ? 'pending'
            : 'skipped'
    const started = index <= good && status !== 'queued' ? at : null
    const length = workflow.agent === 'echo' ? 700 + random() * 2_500 : 20_000 + random() * 6 * MINUTE
    const ended = started === null || (index === good && open) ? null : started + Math.round(length)
    if (ended !== null) at = ended + 250
    const usage = ended === null ? null : usageOf(random, known)
    return {
      index,
      stepId: step.id,
      title: step.text.split('\n')[0]?.slice(0, 60) ?? '',
      prompt: step.text,
      agent: workflow.agent ?? 'echo',
      provider: known ? 'openrouter' : null,
      model: step.model ?? workflow.model ?? (known ? 'anthropic/claude-sonnet-4.5' : null),
      mode: step.mode ?? 'plan',
      session: step.session ?? 'shared',
      mcpServerIds: step.mcpServerIds ?? [],
      isReused: false,
      status: mine,
      attempts:
        started === null
          ? []
          : [
              {
                number: 1,
                turnId: id('turn'),
                provider: known ? 'openrouter' : null,
                model: step.model ?? workflow.model ?? (known ? 'anthropic/claude-sonnet-4.5' : null),
                status: mine === 'pending' || mine === 'skipped' ? 'cancelled' : mine,
                executed: 'yes',
                error: index === good ? (spec.error ?? null) : null,
                usage,
                startedAt: started,
                endedAt: ended,
              },
            ],
      output: mine === 'succeeded' ? (answers[(index + workflow.steps.length) % answers.length] ?? '') : null,
      error: index === good && status !== 'succeeded' ? (spec.error ?? null) : null,
      usage,
      startedAt: started,
      endedAt: ended,
    }
  })
  const used = steps.flatMap((step) => (step.usage === null ? [] : [step.usage]))
  const sum = (pick: (usage: Usage) => number | null) =>
    known && used.length > 0 ? used.reduce((total, usage) => total + (pick(usage) ?? 0), 0) : null
  return {
    id: id('run'),
    workflowId: workflow.id,
    workflowName: workflow.name,
    status,
    trigger: spec.trigger ?? 'manual',
    parentRunId: null,
    startedBy: { kind: 'browser', sessionId: 'mock' },
    stepCount: steps.length,
    stepsDone: good,
    agents: [...new Set(steps.map((step) => step.agent))],
    createdAt,
    startedAt: status === 'queued' ? null : createdAt + 400,
    endedAt: open ? null : at,
    stopRequestedAt: null,
    waitingFor:
      status === 'waiting'
        ? 'Step 2 was cut off by a crash. It may have changed files: look, then resume or stop.'
        : null,
    error: spec.error ?? null,
    usage:
      used.length === 0
        ? null
        : {
            inputTokens: sum((usage) => usage.inputTokens),
            outputTokens: sum((usage) => usage.outputTokens),
            cacheReadTokens: null,
            cacheWriteTokens: null,
            costUsd: sum((usage) => usage.costUsd),
          },
    steps,
    lastSeq: 0,
    rerunOf: null,
    rerunFromStep: null,
    triggeredRunIds: [],
    maxCostUsd: workflow.maxCostUsd ?? null,
    maxTokens: workflow.maxTokens ?? null,
  }
}

/** Newest first. The first few are the ones to look at; the rest fill a month. */
export function makeRuns(workflows: readonly Workflow[], now: number, random: () => number, id: MakeId): Run[] {
  const [hello, review, triage, notes, flaky, report] = workflows as [
    Workflow,
    Workflow,
    Workflow,
    Workflow,
    Workflow,
    Workflow,
  ]
  const make = (spec: RunSpec) => makeRun(spec, random, id)
  const runs = [
    make({ workflow: triage, status: 'running', createdAt: now - 95_000 }),
    make({ workflow: notes, status: 'running', createdAt: now - 14 * MINUTE }),
    make({ workflow: hello, status: 'succeeded', createdAt: now - 6 * MINUTE, trigger: 'sample' }),
    make({ workflow: flaky, status: 'waiting', createdAt: now - 48 * MINUTE }),
    make({ workflow: review, status: 'failed', createdAt: now - 3 * HOUR, error: failures[0]?.[1] ?? null }),
    make({ workflow: report, status: 'cancelled', createdAt: now - 5 * HOUR }),
  ]
  for (let at = now - 80 * MINUTE; at > now - 31 * DAY; at -= 20 * MINUTE + random() * 3.2 * HOUR) {
    const workflow = workflows[Math.floor(random() * workflows.length)] ?? hello
    const [status, error] =
      random() < 0.8 || workflow === hello
        ? (['succeeded', null] as const)
        : (failures[Math.floor(random() * failures.length)] ?? (['succeeded', null] as const))
    runs.push(make({ workflow, status, createdAt: Math.round(at), error, trigger: random() < 0.3 ? 'cli' : 'manual' }))
  }
  return runs.sort((a, b) => b.createdAt - a.createdAt)
}

export const agents = (): AgentInfo[] => [
  {
    id: 'echo',
    title: 'Echo',
    installed: true,
    path: '/opt/maestro/src/agents/echo.ts',
    version: 'built in',
    ready: true,
    problems: [],
    modes: ['plan'],
    needsModel: false,
  },
  {
    id: 'goose',
    title: 'Goose',
    installed: true,
    path: '/home/me/.local/share/maestro/agents/goose/node_modules/.bin/goose',
    version: '1.9.3',
    ready: false,
    problems: [{ message: 'No provider has a key.', hint: 'Store one under Models, for example OPENROUTER_API_KEY.' }],
    modes: ['plan', 'edit', 'full'],
    needsModel: true,
  },
  {
    id: 'claude',
    title: 'Claude Code',
    installed: false,
    path: null,
    version: null,
    ready: false,
    problems: [
      { message: 'Claude Code is not installed.', hint: 'Install it here, or with maestro agents install claude.' },
    ],
    modes: ['plan', 'edit', 'full'],
    needsModel: false,
  },
  {
    id: 'codex',
    title: 'Codex',
    installed: false,
    path: null,
    version: null,
    ready: false,
    problems: [],
    modes: ['plan', 'edit', 'full'],
    needsModel: false,
  },
]

export { answers, failures }
