// A driver for tests: real processes of this machine, their output kept in memory, no run folder. It
// keeps the promises of `Driver` that a test can see, but nothing survives this process.

import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { MaestroError } from '#src/core/index.ts'
import type {
  Driver,
  LaunchSpec,
  OutputChunk,
  ProcessEnd,
  RunnerStop,
  ShortCommand,
  ShortResult,
} from '#src/tasks/index.ts'

interface Job {
  readonly child: ChildProcess
  readonly chunks: OutputChunk[]
  readonly size: { out: number; err: number }
  end: ProcessEnd | null
  stoppedBy: RunnerStop | null
  changed: () => void
  readonly waiters: Set<() => void>
}

export interface ProcessDriver extends Driver, AsyncDisposable {
  readonly started: readonly LaunchSpec[]
  /** As a crash does: the process is killed and its exit status forgotten. */
  lose(id: string): void
  pidOf(id: string): number | undefined
}

export function createProcessDriver(): ProcessDriver {
  const jobs = new Map<string, Job>()
  const lost = new Set<string>()
  const started: LaunchSpec[] = []

  async function start(spec: LaunchSpec): Promise<void> {
    if (jobs.has(spec.id)) return
    const folder = await stat(spec.cwd).catch(() => null)
    if (folder?.isDirectory() !== true) {
      throw new MaestroError('invalid_input', `the working folder "${spec.cwd}" is not there`, {
        hint: 'create it, or choose another',
      })
    }
    for (const file of spec.files) {
      await mkdir(path.dirname(file.path), { recursive: true, mode: 0o700 })
      await writeFile(file.path, file.content, { mode: 0o600 })
    }
    started.push(spec)
    const child = spawn(spec.argv[0], spec.argv.slice(1), {
      cwd: spec.cwd,
      env: { ...spec.env, MAESTRO_RUN_ID: spec.id },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', () => reject(new MaestroError('not_found', `there is no program "${spec.argv[0]}"`)))
    })
    jobs.set(spec.id, follow(child, spec))
  }

  function follow(child: ChildProcess, spec: LaunchSpec): Job {
    const waiters = new Set<() => void>()
    const changed = (): void => {
      for (const waiter of waiters) waiter()
      waiters.clear()
    }
    const job: Job = { child, chunks: [], size: { out: 0, err: 0 }, end: null, stoppedBy: null, waiters, changed }
    const wall = setTimeout(() => void stopJob(spec.id, job, 'wall'), spec.limits.wallMs)
    let idle = setTimeout(() => void stopJob(spec.id, job, 'idle'), spec.limits.idleMs)
    const onBytes = (stream: 'out' | 'err') => (bytes: Buffer) => {
      job.chunks.push({ stream, offset: job.size[stream], bytes })
      job.size[stream] += bytes.length
      clearTimeout(idle)
      idle = setTimeout(() => void stopJob(spec.id, job, 'idle'), spec.limits.idleMs)
      if (job.size.out + job.size.err > spec.limits.outputBytes) void stopJob(spec.id, job, 'output')
      changed()
    }
    child.stdout?.on('data', onBytes('out'))
    child.stderr?.on('data', onBytes('err'))
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(spec.stdin)
    child.once('close', (code, signal) => {
      clearTimeout(wall)
      clearTimeout(idle)
      job.end = { exitCode: code ?? 128 + signalNumber(signal), stoppedBy: job.stoppedBy }
      changed()
    })
    return job
  }

  async function* observe(
    id: string,
    _from: { readonly out: number; readonly err: number },
    signal: AbortSignal,
  ): AsyncGenerator<OutputChunk, ProcessEnd | 'lost', void> {
    const job = jobs.get(id)
    if (job === undefined) return 'lost'
    let next = 0
    for (;;) {
      signal.throwIfAborted()
      const chunk = job.chunks[next]
      if (chunk !== undefined) {
        next += 1
        yield chunk
      } else if (job.end !== null) return lost.has(id) ? 'lost' : job.end
      else await changeOf(job, signal)
    }
  }

  return {
    place: 'node:test',
    started,
    start,
    observe,
    probe: async (id) => {
      const job = jobs.get(id)
      if (job === undefined) return { state: 'absent' }
      if (lost.has(id)) return { state: 'lost' }
      return job.end === null ? { state: 'running' } : { state: 'ended', end: job.end }
    },
    stop: async (id, _fence, plan, reason) => {
      const job = jobs.get(id)
      if (job !== undefined) await stopJob(id, job, reason, plan.signal, plan.graceMs)
    },
    remove: async (id) => void jobs.delete(id),
    exec,
    lose(id) {
      lost.add(id)
      signalGroup(jobs.get(id)?.child, 'SIGKILL')
    },
    pidOf: (id) => jobs.get(id)?.child.pid,
    async [Symbol.asyncDispose]() {
      await Promise.all([...jobs].map(([id, job]) => stopJob(id, job, 'asked', 'KILL', 0)))
    },
  }
}

async function stopJob(
  id: string,
  job: Job,
  by: RunnerStop,
  signal: 'INT' | 'TERM' | 'KILL' = 'TERM',
  graceMs = 200,
): Promise<void> {
  if (job.end === null) {
    job.stoppedBy ??= by
    signalGroup(job.child, `SIG${signal}`)
    const killing = setTimeout(() => sweep(id, job.child), graceMs)
    await hasEnded(job)
    clearTimeout(killing)
  }
  // A killed process is still listed for a moment, and one may have been born meanwhile.
  for (let round = 0; round < 200; round++) {
    sweep(id, job.child)
    if (processesOf(id).length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function hasEnded(job: Job): Promise<void> {
  while (job.end === null) await changeOf(job)
}

function changeOf(job: Job, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    job.waiters.add(resolve)
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** The group, then everything that carries the marker. */
function sweep(id: string, child: ChildProcess): void {
  signalGroup(child, 'SIGKILL')
  for (const pid of processesOf(id)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It was gone before.
    }
  }
}

/** Processes that carry the marker of a task. */
export function processesOf(id: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MAESTRO_RUN_ID=${id}`)
      } catch {
        return false
      }
    })
    .map(Number)
}

function signalGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group was gone before.
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal as string] ?? 0
}

/** Runs a short command to its end. */
function exec(command: ShortCommand): Promise<ShortResult> {
  return new Promise((resolve) => {
    const [program, ...args] = command.argv
    const child = spawn(program, args, { env: command.env, ...(command.cwd === undefined ? {} : { cwd: command.cwd }) })
    const out: Buffer[] = []
    const err: Buffer[] = []
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, command.timeoutMs)
    const done = (exitCode: number | null): void => {
      clearTimeout(timer)
      resolve({ exitCode, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), timedOut })
    }
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
    child.stdin.on('error', () => undefined)
    child.stdin.end(command.stdin ?? '')
    child.once('error', () => done(127))
    child.once('close', done)
  })
}
