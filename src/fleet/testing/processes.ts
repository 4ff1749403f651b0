// What tests of real processes share: a driver on a temporary folder that cleans up after itself, specs, and
// looks at the process table. Linux only where it reads /proc.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { newId, silentLog, systemClock } from '#src/core/index.ts'
import type { Driver, LaunchSpec, ProcessEnd } from '#src/tasks/index.ts'
import { createLocalDriver } from '../local-driver.ts'
import type { LocalDriver, LocalDriverOptions } from '../local-driver.ts'

export interface Bench {
  readonly dir: string
  readonly runsDir: string
  readonly driver: LocalDriver
  /** Another driver on the same folder, as a second node or a later server would have. */
  another(options?: Partial<LocalDriverOptions>): LocalDriver
  /** A promoted job with generous limits, unless told otherwise. */
  spec(argv: readonly [string, ...string[]], overrides?: Partial<LaunchSpec>): LaunchSpec
}

export async function openBench(t: TestContext, options: Partial<LocalDriverOptions> = {}): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'maestro-fleet-'))
  const runsDir = join(dir, 'runs')
  const ids: string[] = []
  const another = (more: Partial<LocalDriverOptions> = {}) =>
    createLocalDriver({ runsDir, nodeId: 'test', log: silentLog, clock: systemClock, ...options, ...more })
  const driver = another()
  t.after(async () => {
    for (const id of ids) await driver.stop(id, Number.MAX_SAFE_INTEGER, { signal: 'KILL', graceMs: 0 }, 'asked')
    await rm(dir, { recursive: true, force: true })
  })
  return {
    dir,
    runsDir,
    driver,
    another,
    spec(argv, overrides = {}) {
      const id = newId('turn')
      ids.push(id)
      return {
        id,
        fence: 1,
        argv,
        env: { PATH: '/usr/bin:/bin' },
        cwd: dir,
        stdin: '',
        files: [],
        limits: { wallMs: 60_000, idleMs: 60_000, outputBytes: 64 * 1024 * 1024 },
        stop: { signal: 'TERM', graceMs: 1_000 },
        promoted: true,
        ...overrides,
      }
    },
  }
}

export interface Observed {
  readonly out: string
  readonly err: string
  readonly end: ProcessEnd | 'lost'
}

/** Everything a process wrote from the offsets on, and its end. */
export async function observeAll(driver: Driver, id: string, from = { out: 0, err: 0 }): Promise<Observed> {
  const kept: { out: Uint8Array[]; err: Uint8Array[] } = { out: [], err: [] }
  const following = driver.observe(id, from, AbortSignal.timeout(20_000))
  for (;;) {
    const next = await following.next()
    if (next.done === true) {
      return { out: Buffer.concat(kept.out).toString(), err: Buffer.concat(kept.err).toString(), end: next.value }
    }
    kept[next.value.stream].push(next.value.bytes)
  }
}

/** Reads until stdout contains `text`, then lets go. */
export async function untilSaid(driver: Driver, id: string, text: string): Promise<string> {
  let said = ''
  for await (const chunk of driver.observe(id, { out: 0, err: 0 }, AbortSignal.timeout(10_000))) {
    if (chunk.stream === 'out') said += Buffer.from(chunk.bytes).toString()
    if (said.includes(text)) return said
  }
  throw new Error(`the process ended without saying ${JSON.stringify(text)}; it said ${JSON.stringify(said)}`)
}

/** A server in small that starts the job, says so, and stays or ends. */
export function startServer(bench: Bench, spec: LaunchSpec, stay: boolean) {
  const argument = JSON.stringify({ runsDir: bench.runsDir, spec, stay })
  return spawn(process.execPath, [fileURLToPath(new URL('start-job.ts', import.meta.url)), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

export async function until(what: string, isTrue: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`)
    await systemClock.sleep(10)
  }
}

/** Ids of live processes whose environment holds the marker of `id`. */
export function carriersOf(id: string): number[] {
  return processIds().filter((pid) => readProc(pid, 'environ').includes(`MAESTRO_RUN_ID=${id}\0`))
}

/** Command lines of all processes, NUL shown as a blank. */
export function commandLines(): string[] {
  return processIds().map((pid) => readProc(pid, 'cmdline').replaceAll('\0', ' '))
}

/** Process id of the supervisor: it is in the claim. */
export function supervisorOf(bench: Bench, id: string): number {
  return Number(readFileSync(join(bench.runsDir, id, 'g1', 'claim'), 'utf8').split(' ')[1])
}

/** True when the kernel holds no living process of this number (a zombie has died). */
export function hasDied(pid: number): boolean {
  const stat = readProc(pid, 'stat')
  return stat === '' || /^[ZX]/.test(stat.slice(stat.lastIndexOf(') ') + 2))
}

/** True while any process of the runner (supervisor, watchdog, copier) works in the run's folder. */
export function hasRunner(bench: Bench, id: string): boolean {
  return commandLines().some((line) => line.includes(join(bench.runsDir, id)))
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
