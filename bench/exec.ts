// What a command costs as a durable task, through `calls`, beside a bare spawn of the same shell in the same run: alone,
// and fifty callers at once. Times in milliseconds; memory while a gigabyte is printed.

import { spawn } from 'node:child_process'
import { callsMigrations } from '#src/calls/index.ts'
import { testCalls } from '#src/calls/testing/index.ts'
import { createRedactor } from '#src/core/index.ts'
import { createHosts, execTools } from '#src/fleet/index.ts'
import { openCommandRoom } from '#src/fleet/testing/command-room.ts'
import type { CommandResult } from '#src/fleet/contract.ts'

const warmUp = 20

export async function run(options: { rounds?: number }): Promise<Record<string, number>> {
  const rounds = options.rounds ?? 150
  await using room = await openCommandRoom({ migrations: [callsMigrations] })
  const { calls } = testCalls(
    room.store,
    execTools({
      commands: room.commands,
      hosts: createHosts([room.host]),
      redactor: createRedactor(() => []),
    }),
  )
  const exec = async (input: object) => (await calls.call(room.ctx(), 'maestro_exec', input)) as CommandResult

  const ours: number[] = []
  const floor: number[] = []
  for (let i = 0; i < rounds + warmUp; i++) {
    const one = await timed(() => exec({ command: 'echo hi' }))
    const other = await timed(() => bareSpawn(room.host.env(), room.dir))
    if (i < warmUp) continue
    ours.push(one)
    floor.push(other)
  }
  const parallelMs = await timed(async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => exec({ command: 'echo hi' })))
    if (results.some(({ exit_code }) => exit_code !== 0)) throw new Error('a parallel command failed')
  })

  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let peak = before
  const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
  let bytes = 0
  const bigMs = await timed(async () => {
    const result = await exec({
      command: 'head -c 1073741824 /dev/zero | tr "\\0" x',
      output_limit_mb: 2_048,
      timeout_s: 600,
    })
    bytes = result.bytes.stdout
  })
  clearInterval(watching)
  return {
    execP50Ms: percentile(ours, 50),
    execP95Ms: percentile(ours, 95),
    spawnP50Ms: percentile(floor, 50),
    spawnP95Ms: percentile(floor, 95),
    fiftyAtOnceMs: Math.round(parallelMs),
    gigabyteMs: Math.round(bigMs),
    gigabyteBytes: bytes,
    gigabyteRssGrowthMb: Math.round((peak - before) / 1024 / 1024),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The least that gives the same answer: output and exit code, and nothing is kept. */
function bareSpawn(env: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', 'echo hi'], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('error', reject)
    child.once('close', () => resolve(said))
  })
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0) * 100) / 100
}
