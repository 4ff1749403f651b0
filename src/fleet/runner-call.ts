// Calls the runner on this machine: one place that knows its verbs, its exit codes and how it is started.

import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { MaestroError } from '#src/core/index.ts'
import type { Probe, RunnerStop, StopPlan } from '#src/tasks/index.ts'
import { fenced, parseEnd } from './run-folder.ts'
import { shortExec } from './short-exec.ts'

const runnerFile = fileURLToPath(new URL('runner/runner.sh', import.meta.url))

/** The runner's exit codes; its head comment is the source. */
const exitCodes = { noFolder: 66, cannotWrite: 74, refused: 75, claimed: 76, survived: 77 } as const

/** Acknowledged within this, or the start is in doubt. */
const startTimeoutMs = 15_000
const probeTimeoutMs = 30_000
/** Beyond the grace: the hard part of a stop and its bounded waits. */
const stopMarginMs = 30_000

export interface Runner {
  /** Starts a detached supervisor. @returns the lifeline, or 'claimed' when another supervisor has the job. */
  start(folder: string, fence: number, isPromoted: boolean): Promise<{ lifeline: Writable | null } | 'claimed'>
  /** @param fence null: look only, seal nothing. @throws `conflict` for a lower fence */
  probe(run: string, fence: number | null): Promise<Probe>
  stop(run: string, fence: number, plan: StopPlan, reason: RunnerStop): Promise<void>
  /** Kills everything that carries the id's marker; how many signals that took. */
  sweep(id: string): Promise<number>
}

/** @param shell words before the script: `['/bin/sh']`. @param path where the runner finds cat, grep, ln, mkfifo. */
export function createRunner(shell: readonly [string, ...string[]], path: string): Runner {
  const call = async (run: string, fence: number, timeoutMs: number, ...args: string[]): Promise<string> => {
    const result = await shortExec({ argv: [...shell, runnerFile, ...args], env: { PATH: path }, timeoutMs })
    const said = result.stdout.trim()
    if (result.exitCode === 0) return said
    const why = `${said} ${result.stderr.trim()}`.trim()
    if (result.timedOut)
      throw new MaestroError('timed_out', `the runner did not answer ${args[0]} for ${run} in ${timeoutMs} ms`)
    throw failure(result.exitCode, run, fence, why)
  }
  return {
    start: (folder, fence, isPromoted) => startSupervisor(shell, path, folder, fence, isPromoted),
    probe: async (run, fence) =>
      parseProbe(await call(run, fence ?? 0, probeTimeoutMs, 'probe', run, fence === null ? '-' : String(fence)), run),
    stop: async (run, fence, plan, reason) => {
      const args = ['stop', run, String(fence), plan.signal, String(plan.graceMs), reason]
      await call(run, fence, plan.graceMs + stopMarginMs, ...args)
    },
    sweep: async (id) => Number(await call(id, 0, probeTimeoutMs, 'sweep', id)),
  }
}

function startSupervisor(
  shell: readonly [string, ...string[]],
  path: string,
  folder: string,
  fence: number,
  isPromoted: boolean,
) {
  return new Promise<{ lifeline: Writable | null } | 'claimed'>((resolve, reject) => {
    const [program, ...words] = shell
    // A session of its own: it must survive this process, its terminal and its group.
    const child = spawn(program, [...words, runnerFile, 'start', folder], {
      detached: true,
      cwd: '/',
      env: { PATH: path },
      stdio: [isPromoted ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    })
    let said = ''
    const settle = (act: () => void) => {
      clearTimeout(timer)
      child.stdout?.removeAllListeners('data').destroy()
      child.unref()
      act()
    }
    const timer = setTimeout(() => {
      settle(() =>
        reject(
          new MaestroError(
            'timed_out',
            `the runner of ${folder} did not acknowledge its start in ${startTimeoutMs} ms`,
            {
              hint: 'probe it: it may have started',
            },
          ),
        ),
      )
    }, startTimeoutMs)
    child.once('error', (error) => {
      settle(() =>
        reject(new MaestroError('unavailable', `the runner could not be started: ${error.message}`, { cause: error })),
      )
    })
    child.stdin?.on('error', () => undefined)
    // Whatever the supervisor left reading it ends with it.
    child.once('exit', () => child.stdin?.destroy())
    child.stdout?.on('error', () => undefined)
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (/^started$/m.test(said)) settle(() => resolve({ lifeline: child.stdin }))
    })
    child.once('close', (code) => {
      if (code === exitCodes.claimed) settle(() => resolve('claimed'))
      else settle(() => reject(failure(code, folder, fence, said.trim())))
    })
  })
}

function failure(code: number | null, run: string, fence: number, why: string): MaestroError {
  switch (code) {
    case exitCodes.refused:
      return fenced(run, fence, null)
    case exitCodes.cannotWrite:
      return new MaestroError('storage_full', `the runner could not write in ${run}: ${why}`, {
        hint: 'free some space',
      })
    case exitCodes.survived:
      return new MaestroError('unavailable', `a process of ${run} could not be ended: ${why}`, {
        hint: 'it may be stuck in the kernel; try again',
      })
    case exitCodes.noFolder:
      return new MaestroError('corrupt_data', `the run folder ${run} is missing or incomplete: ${why}`)
    default:
      return new MaestroError('internal', `the runner ended with ${code} for ${run}: ${why}`)
  }
}

function parseProbe(said: string, run: string): Probe {
  const [state, exit, reason] = said.split(' ')
  if (state === 'absent' || state === 'running' || state === 'lost') return { state }
  const end = parseEnd(`${exit} ${reason} 0 0 end`)
  if (state !== 'ended' || end === undefined)
    throw new MaestroError('corrupt_data', `the runner said "${said}" of ${run}`)
  return { state, end: { exitCode: end.exitCode, stoppedBy: end.stoppedBy } }
}
