// What Maestro adds to a workflow step: the time of whole steps in a real server, less what the same agent
// process takes when it is started bare, both in one run.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeAdapter } from '#src/agents/index.ts'
import { root, startServer, steps } from '#test/harness/server.ts'

const stepCount = 40

export async function run(): Promise<Record<string, number>> {
  await using server = await startServer()
  const prompt = 'A step of the bench.'
  await server.run({ name: 'Warm up', agent: 'fake', model: 'm', steps: steps(prompt, prompt) })
  const played = await server.run({
    name: 'Bench',
    agent: 'fake',
    model: 'm',
    steps: steps(...Array.from({ length: stepCount }, () => prompt)),
  })
  if (played.status !== 'succeeded') throw new Error(JSON.stringify(played.error))
  const whole = played.steps.map((step) => (step.endedAt ?? 0) - (step.startedAt ?? 0))
  // From one step's end to the next one's start: the engine's own time between steps.
  const between = played.steps
    .slice(1)
    .map((step, index) => (step.startedAt ?? 0) - (played.steps[index]?.endedAt ?? 0))
  const bare: number[] = []
  for (let i = 0; i < 20; i++) bare.push(await bareAgent(prompt))
  return {
    steps: stepCount,
    stepP50Ms: percentile(whole, 0.5),
    stepP95Ms: percentile(whole, 0.95),
    betweenStepsP50Ms: percentile(between, 0.5),
    bareAgentP50Ms: percentile(bare, 0.5),
    overheadP50Ms: percentile(whole, 0.5) + percentile(between, 0.5) - percentile(bare, 0.5),
    targetOverheadP50Ms: 30,
  }
}

/** The agent as it would be started without Maestro: same argv, environment and stdin. */
async function bareAgent(prompt: string): Promise<number> {
  const rootDir = await mkdtemp(join(tmpdir(), 'maestro-bench-agent-'))
  const scriptPath = join(root, 'src/agents/fake/fake-agent.mjs')
  const adapter = createFakeAdapter({
    nodePath: process.execPath,
    scriptPath,
    baseEnv: { PATH: process.env['PATH'] ?? '' },
  })
  const plan = adapter.plan(
    {
      id: 'turn_00000000000000000000000000',
      prompt,
      model: { provider: 'p', api: 'openai', model: 'm', baseUrl: null, apiKey: null },
      mode: 'plan',
      cwd: rootDir,
      mcpServers: [],
      maxTurns: 10,
      systemPrompt: null,
      checkpoint: null,
      rootDir,
    },
    process.execPath,
  )
  const at = performance.now()
  const child = spawn(plan.argv[0], plan.argv.slice(1), {
    env: plan.env,
    cwd: rootDir,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.end(plan.stdin)
  await once(child, 'close')
  const took = performance.now() - at
  await rm(rootDir, { recursive: true, force: true })
  return took
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return Math.round(value * 10) / 10
}
