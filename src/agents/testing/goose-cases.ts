// The ways a Goose turn can end: how each is provoked with the stub, and what must come of it. record.ts
// plays them on the real Goose and writes fixtures; the golden test reads those; the contract test
// plays them again.

import type { OutcomeKind } from '../contract.ts'
import type { LaunchPlan, TurnInput } from '../adapter.ts'
import type { RunOptions } from './goose-harness.ts'
import { stdioServer } from './servers.ts'

export interface GooseCase {
  readonly name: string
  readonly prompt: string
  readonly changes?: Partial<TurnInput>
  readonly options?: RunOptions
  readonly expected:
    | { readonly ok: true; readonly text: string }
    | {
        readonly ok: false
        readonly kind: OutcomeKind
        readonly httpStatus: number | null
        readonly retryable: boolean
      }
}

const fails = (kind: OutcomeKind, httpStatus: number | null = null, retryable = false): GooseCase['expected'] => ({
  ok: false,
  kind,
  httpStatus,
  retryable,
})

const fast = { provider: 'openrouter', api: 'openrouter' as const, model: 'stub/echo', apiKey: 'sk-or-stub-key' }

/** Sends a signal once the answer is coming. */
const killedBy = (signal: NodeJS.Signals): RunOptions => ({
  whileRunning: async (pid) => {
    await new Promise((resolve) => setTimeout(resolve, 700))
    process.kill(pid, signal)
  },
})

/** As Goose behaves without its state machine: exit 0 whatever happened. */
const classic: RunOptions = {
  changePlan: (plan) => {
    const { GOOSE_STATE_MACHINE: _, ...env } = plan.env
    return { ...plan, env }
  },
}

const withoutKey: RunOptions = { changePlan: (plan) => ({ ...plan, files: plan.files.slice(1) }) }

const withArguments = (from: string, to: readonly string[]): RunOptions => ({
  changePlan: (plan) => ({ ...plan, argv: replaceArgument(plan.argv, from, to) }),
})

function replaceArgument(argv: LaunchPlan['argv'], from: string, to: readonly string[]): LaunchPlan['argv'] {
  const [program, ...rest] = argv
  return [program, ...rest.flatMap((argument) => (argument === from ? to : [argument]))]
}

const resumingUnknown: RunOptions = {
  changePlan: (plan) => {
    const [program, ...rest] = plan.argv
    const name = rest.indexOf('--name')
    return { ...plan, argv: [program, ...rest.toSpliced(name, 2, '--resume', '--session-id', '20200101_9')] }
  },
}

const shell = '{"command":"echo from the shell"}'
const brokenServer = stdioServer({ name: 'broken', command: '/nonexistent/server' })

export const gooseCases: readonly GooseCase[] = [
  { name: 'text', prompt: 'hello', expected: { ok: true, text: 'model=stub/echo turns=1: hello' } },
  {
    name: 'tool',
    prompt: `[[tool shell ${shell}]] [[say done]]`,
    changes: { mode: 'full' },
    expected: { ok: true, text: 'done' },
  },
  {
    name: 'tool-refused',
    prompt: `[[tool shell ${shell}]] [[say done]]`,
    expected: { ok: true, text: 'done' },
  },
  { name: 'status-400', prompt: '[[status 400]]', expected: fails('bad_request', 400) },
  { name: 'status-401', prompt: '[[status 401]]', expected: fails('auth', 401) },
  { name: 'status-402', prompt: '[[status 402]]', expected: fails('credits', 402) },
  { name: 'status-403', prompt: '[[status 403]]', expected: fails('auth', 403) },
  { name: 'status-404', prompt: '[[status 404]]', expected: fails('model_not_found', 404) },
  { name: 'status-429', prompt: '[[status 429]]', expected: fails('rate_limited', 429, true) },
  { name: 'status-500', prompt: '[[status 500]]', expected: fails('provider_error', 500, true) },
  { name: 'status-503', prompt: '[[status 503]]', expected: fails('provider_error', 503, true) },
  {
    name: 'refused',
    prompt: 'hello',
    changes: { model: { ...fast, baseUrl: 'http://127.0.0.1:9' } },
    expected: fails('network', null, true),
  },
  { name: 'cut', prompt: '[[cut]]', expected: fails('network', null, true) },
  { name: 'empty', prompt: '[[empty]]', expected: fails('empty_response', null, true) },
  {
    name: 'max-turns',
    prompt: `[[loop-tool shell ${shell}]]`,
    changes: { mode: 'full', maxTurns: 3 },
    expected: fails('max_turns'),
  },
  { name: 'sigint', prompt: '[[stream 50 100]]', options: killedBy('SIGINT'), expected: fails('killed') },
  { name: 'sigterm', prompt: '[[stream 50 100]]', options: killedBy('SIGTERM'), expected: fails('killed') },
  { name: 'sigkill', prompt: '[[stream 50 100]]', options: killedBy('SIGKILL'), expected: fails('killed') },
  { name: 'no-key', prompt: 'hello', options: withoutKey, expected: fails('auth') },
  {
    name: 'unknown-provider',
    prompt: 'hello',
    options: withArguments('openrouter', ['nosuch']),
    expected: fails('bad_usage'),
  },
  {
    name: 'unknown-session',
    prompt: 'hello',
    options: resumingUnknown,
    expected: fails('session_not_found'),
  },
  {
    name: 'bad-flag',
    prompt: 'hello',
    options: withArguments('--quiet', ['--nonsense']),
    expected: fails('bad_usage'),
  },
  {
    name: 'mcp-required-down',
    prompt: 'hello',
    changes: { mcpServers: [{ ...brokenServer, required: true }] },
    expected: fails('mcp_unavailable'),
  },
  {
    name: 'mcp-optional-down',
    prompt: '[[say went on]]',
    changes: { mcpServers: [{ ...brokenServer, required: false }] },
    expected: { ok: true, text: 'went on' },
  },
  { name: 'slash-command', prompt: '/clear', expected: { ok: true, text: 'model=stub/echo turns=1: /clear' } },
  {
    name: 'imitated-error',
    prompt: '[[say Ran into this error: Rate limit exceeded: no, I only quote it]]',
    expected: { ok: true, text: 'Ran into this error: Rate limit exceeded: no, I only quote it' },
  },
  { name: 'classic-status-400', prompt: '[[status 400]]', options: classic, expected: fails('bad_request', 400) },
  { name: 'classic-status-401', prompt: '[[status 401]]', options: classic, expected: fails('auth', 401) },
  { name: 'classic-status-402', prompt: '[[status 402]]', options: classic, expected: fails('credits', 402) },
  { name: 'classic-status-404', prompt: '[[status 404]]', options: classic, expected: fails('model_not_found', 404) },
  {
    name: 'classic-status-429',
    prompt: '[[status 429]]',
    options: classic,
    expected: fails('rate_limited', 429, true),
  },
  {
    name: 'classic-status-500',
    prompt: '[[status 500]]',
    options: classic,
    expected: fails('provider_error', 500, true),
  },
  { name: 'classic-cut', prompt: '[[cut]]', options: classic, expected: fails('network', null, true) },
  { name: 'classic-empty', prompt: '[[empty]]', options: classic, expected: fails('empty_response', null, true) },
  {
    name: 'classic-sigint',
    prompt: '[[stream 50 100]]',
    options: { ...classic, ...killedBy('SIGINT') },
    expected: fails('killed'),
  },
]

/** What the golden tests give the interpreter: the case's input without a place. */
export function goldenInput(one: GooseCase): TurnInput {
  return {
    id: 'turn',
    prompt: one.prompt,
    model: { ...fast, baseUrl: null },
    mode: 'plan',
    cwd: '/',
    mcpServers: [],
    maxTurns: 10,
    systemPrompt: null,
    checkpoint: null,
    rootDir: '/',
    ...one.changes,
  }
}
