// Runs the real Goose against the stub model server, through the adapter and the test driver. Used by
// the contract tests and by record.ts. Finds Goose in GOOSE_BIN or test/.cache/goose (filled by npm).

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProcessEnd, TaskEventBody } from '#src/tasks/index.ts'
import type { AgentAdapter, LaunchPlan, Outcome, TurnInput } from '../adapter.ts'
import { createGooseAdapter } from '../goose/index.ts'
import { goosePackage } from '../goose/package.ts'
import { createProcessDriver, type ProcessDriver } from './process-driver.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** undefined: the tests that need it are skipped by name. */
export function findRealGoose(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const cached = path.join(
    repository,
    'test/.cache/goose',
    goosePackage(process.platform, process.arch)?.binary ?? 'none',
  )
  return [env['GOOSE_BIN'], cached].find((file) => file !== undefined && file !== '' && existsSync(file))
}

const shimPath = fileURLToPath(new URL('../mcp-shim.cjs', import.meta.url))

export interface GooseRun {
  readonly input: TurnInput
  readonly plan: LaunchPlan
  readonly events: readonly TaskEventBody[]
  readonly outcome: Outcome
  readonly out: string
  readonly err: string
  readonly exitCode: number
  readonly ms: number
}

export interface GooseHarness extends AsyncDisposable {
  readonly adapter: AgentAdapter
  readonly binary: string
  readonly driver: ProcessDriver
  /** Private folder of the test. */
  readonly dir: string
  input(changes: Partial<TurnInput>): Promise<TurnInput>
  run(input: TurnInput, options?: RunOptions): Promise<GooseRun>
}

export interface RunOptions {
  readonly whileRunning?: (pid: number) => Promise<void>
  /** For what the adapter itself never does: older modes, missing files. */
  readonly changePlan?: (plan: LaunchPlan) => LaunchPlan
}

export async function createGooseHarness(binary: string, baseUrl: string): Promise<GooseHarness> {
  const dir = await mkdtemp(path.join(tmpdir(), 'maestro-goose-'))
  const driver = createProcessDriver()
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' }
  const adapter = createGooseAdapter({
    baseEnv: env,
    serverEnv: { PATH: env.PATH, HOME: dir },
    nodePath: process.execPath,
    shimPath,
    skipBackoff: true,
    locate: async () => binary,
  })
  let count = 0

  async function input(changes: Partial<TurnInput>): Promise<TurnInput> {
    count += 1
    const rootDir = path.join(dir, `turn-${count}`)
    const cwd = path.join(dir, 'work')
    await mkdir(rootDir, { recursive: true, mode: 0o700 })
    await mkdir(cwd, { recursive: true })
    return {
      id: `turn-${count}`,
      prompt: 'hello',
      model: { provider: 'openrouter', api: 'openrouter', model: 'stub/echo', baseUrl, apiKey: 'sk-or-stub-key' },
      mode: 'plan',
      cwd,
      mcpServers: [],
      maxTurns: 10,
      systemPrompt: null,
      checkpoint: null,
      rootDir,
      ...changes,
    }
  }

  async function run(turn: TurnInput, { whileRunning, changePlan }: RunOptions = {}): Promise<GooseRun> {
    const startedAt = performance.now()
    const planned = adapter.plan(turn, binary)
    const plan = changePlan?.(planned) ?? planned
    const limits = { wallMs: 60_000, idleMs: 60_000, outputBytes: 64 * 1024 * 1024 }
    const argv = await prepared(plan, driver)
    const { env: planEnv, cwd, stdin, files, stop } = plan
    await driver.start({ id: turn.id, fence: 1, argv, env: planEnv, cwd, stdin, files, limits, stop, promoted: false })
    const pid = driver.pidOf(turn.id)
    const meanwhile = pid === undefined ? undefined : whileRunning?.(pid)
    const bytes = { out: [] as Uint8Array[], err: [] as Uint8Array[] }
    const reader = driver.observe(turn.id, { out: 0, err: 0 }, new AbortController().signal)
    let step = await reader.next()
    for (; step.done !== true; step = await reader.next()) bytes[step.value.stream].push(step.value.bytes)
    await meanwhile
    const end = step.value === 'lost' ? null : step.value
    const [out, err] = [Buffer.concat(bytes.out).toString(), Buffer.concat(bytes.err).toString()]
    const { events, outcome } = readStreams(adapter, turn, out, err, end)
    const ms = performance.now() - startedAt
    return { input: turn, plan, events, outcome, out, err, exitCode: end?.exitCode ?? -1, ms }
  }

  return {
    adapter,
    binary,
    driver,
    dir,
    input,
    run,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function prepared(plan: LaunchPlan, driver: ProcessDriver): Promise<LaunchPlan['argv']> {
  if (plan.withSession === null) return plan.argv
  for (const file of plan.files) {
    await mkdir(path.dirname(file.path), { recursive: true })
    await writeFile(file.path, file.content)
  }
  let last = ''
  for (const command of plan.before) last = (await driver.exec(command)).stdout.trim().split('\n').at(-1) ?? ''
  return plan.withSession(last)
}

/** Whole streams through an interpreter, as a running turn does it piece by piece. */
export function readStreams(
  adapter: Pick<AgentAdapter, 'interpreter'>,
  input: TurnInput,
  out: string,
  err: string,
  end: ProcessEnd | null,
): { events: TaskEventBody[]; outcome: Outcome } {
  const interpreter = adapter.interpreter(input)
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')
  const events = [
    ...lines(err).flatMap((line) => interpreter.err(line)),
    ...lines(out).flatMap((line) => interpreter.out(line)),
  ]
  return { events, outcome: interpreter.conclude(end) }
}
