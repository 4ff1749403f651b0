// What the runner costs, beside the floor (a bare child_process.spawn) in the same run. Times in milliseconds.

import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#src/core/clock.ts'
import { newId } from '#src/core/ids.ts'
import { silentLog } from '#src/core/log.ts'
import { createLocalDriver } from '#src/fleet/index.ts'
import type { LocalDriver } from '#src/fleet/index.ts'
import type { LaunchSpec } from '#src/tasks/ports.ts'

const rounds = 40
const idleJobs = 4
const idleMs = 20_000

export async function run(): Promise<Record<string, number>> {
  const dir = await mkdtemp(join(tmpdir(), 'maestro-bench-'))
  const driver = createLocalDriver({ runsDir: join(dir, 'runs'), nodeId: 'bench', log: silentLog, clock: systemClock })
  try {
    const [start, firstByte, end, floorFirstByte, floorEnd]: [number[], number[], number[], number[], number[]] = [
      [],
      [],
      [],
      [],
      [],
    ]
    for (let i = 0; i < rounds + 5; i++) {
      const ours = await timeJob(driver, dir)
      const floor = await timeFloor()
      // The first rounds warm up the code and the caches.
      if (i < 5) continue
      start.push(ours.startMs)
      firstByte.push(ours.firstByteMs)
      end.push(ours.endMs)
      floorFirstByte.push(floor.firstByteMs)
      floorEnd.push(floor.endMs)
    }
    return {
      startP50Ms: percentile(start, 50),
      startP95Ms: percentile(start, 95),
      firstByteP50Ms: percentile(firstByte, 50),
      firstByteP95Ms: percentile(firstByte, 95),
      endNoticedP50Ms: percentile(end, 50),
      endNoticedP95Ms: percentile(end, 95),
      floorFirstByteP50Ms: percentile(floorFirstByte, 50),
      floorFirstByteP95Ms: percentile(floorFirstByte, 95),
      floorEndNoticedP50Ms: percentile(floorEnd, 50),
      cpuPercentPerIdleJob: await idleCpu(driver, dir),
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Says the nanoseconds of its clock as its last act: the end is noticed that long after. */
const script = 'date +%s%N'
const env = { PATH: '/usr/bin:/bin' }

function specOf(dir: string, argv: LaunchSpec['argv']): LaunchSpec {
  const limits = { wallMs: 600_000, idleMs: 600_000, outputBytes: 1_000_000 }
  return {
    id: newId('turn'),
    fence: 1,
    argv,
    env,
    cwd: dir,
    stdin: '',
    files: [],
    limits,
    stop: { signal: 'KILL', graceMs: 0 },
    promoted: true,
  }
}

async function timeJob(driver: LocalDriver, dir: string) {
  const spec = specOf(dir, ['sh', '-c', script])
  const begunAt = performance.now()
  await driver.start(spec)
  const startMs = performance.now() - begunAt
  let firstByteMs = 0
  let said = ''
  for await (const chunk of driver.observe(spec.id, { out: 0, err: 0 }, AbortSignal.timeout(30_000))) {
    if (said === '') firstByteMs = performance.now() - begunAt
    said += Buffer.from(chunk.bytes).toString()
  }
  return { startMs, firstByteMs, endMs: sinceNanos(said) }
}

function timeFloor(): Promise<{ firstByteMs: number; endMs: number }> {
  return new Promise((resolve, reject) => {
    const begunAt = performance.now()
    const child = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    let firstByteMs = 0
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      if (said === '') firstByteMs = performance.now() - begunAt
      said += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', () => resolve({ firstByteMs, endMs: sinceNanos(said) }))
  })
}

const sinceNanos = (said: string): number =>
  performance.timeOrigin + performance.now() - Number(BigInt(said.trim()) / 1_000n) / 1_000

/** Share of one core that a running, silent job costs: everything in the session of its supervisor. */
async function idleCpu(driver: LocalDriver, dir: string): Promise<number> {
  const specs = Array.from({ length: idleJobs }, () => specOf(dir, ['sleep', '600']))
  for (const spec of specs) await driver.start(spec)
  const sessions = specs.map(
    (spec) => readFileSync(join(dir, 'runs', spec.id, 'g1', 'claim'), 'utf8').split(' ')[1] ?? '',
  )
  await systemClock.sleep(1_000)
  const before = sessionTicks(sessions)
  await systemClock.sleep(idleMs)
  const ticks = sessionTicks(sessions) - before
  for (const spec of specs) await driver.stop(spec.id, 1, spec.stop, 'asked')
  // USER_HZ is 100 on every Linux: a tick is 10 ms.
  return round((ticks * 10 * 100) / idleMs / idleJobs)
}

/** Processor ticks of the sessions' processes and of the children they collected (their sleeps). */
function sessionTicks(sessions: readonly string[]): number {
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statFields(pid)
    // From the state on: session is field 6, utime to cstime are 14 to 17.
    if (sessions.includes(fields[3] ?? '')) for (const field of fields.slice(11, 15)) ticks += Number(field)
  }
  return ticks
}

function statFields(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
  } catch {
    return []
  }
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0)
}

const round = (value: number): number => Math.round(value * 100) / 100
