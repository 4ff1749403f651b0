// Short helper commands, outside any task: no folder, no lifeline, bounded in time and output. Whatever they
// leave running is ended with them.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import type { ShortCommand, ShortResult } from '#src/tasks/index.ts'
import { findProgram } from './find-program.ts'
import { isFolder } from './run-folder.ts'

const defaultMaxBytes = 1024 * 1024
/** How long output may still arrive after the process has ended and its group was killed. */
const drainMs = 250

/**
 * Runs the command in its own process group and returns when it ended or was ended. Output beyond `maxBytes`
 * is read and dropped. `exitCode` is 128 + n for signal n, and null after a timeout.
 * @throws `not_found` for a missing program, `invalid_input` for a missing folder or text no process can be given.
 */
export async function shortExec(command: ShortCommand): Promise<ShortResult> {
  const cwd = command.cwd ?? '/'
  if (!(await isFolder(cwd))) throw new MaestroError('invalid_input', `the folder ${cwd} does not exist`)
  const [name, ...args] = command.argv
  const program = await findProgram(name, cwd, command.env['PATH'])
  const maxBytes = command.maxBytes ?? defaultMaxBytes

  return new Promise((resolve, reject) => {
    const child = spawnOrThrow(program, args, { cwd, env: { ...command.env } })
    const stdout = bounded(maxBytes)
    const stderr = bounded(maxBytes)
    let timedOut = false
    let exitCode: number | null = null
    const killGroup = () => signalGroup(child.pid)
    const timer = setTimeout(() => {
      timedOut = true
      killGroup()
    }, command.timeoutMs)
    let drain: NodeJS.Timeout | undefined

    child.stdout.on('data', stdout.push)
    child.stderr.on('data', stderr.push)
    // It may end without reading its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(command.stdin ?? '')
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(startError(error, program))
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      exitCode = code ?? (signal === null ? null : 128 + constants.signals[signal])
      killGroup()
      // A grandchild in a session of its own may hold the pipes for ever.
      drain = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, drainMs)
    })
    child.once('close', () => {
      clearTimeout(drain)
      resolve({ exitCode: timedOut ? null : exitCode, stdout: stdout.text(), stderr: stderr.text(), timedOut })
    })
  })
}

function spawnOrThrow(program: string, args: readonly string[], options: { cwd: string; env: Record<string, string> }) {
  try {
    return spawn(program, args, { ...options, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (thrown) {
    throw startError(thrown, program)
  }
}

function startError(thrown: unknown, program: string): MaestroError {
  const code = isNodeError(thrown) ? thrown.code : undefined
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  const ours =
    code === 'ERR_INVALID_ARG_VALUE' || code === 'E2BIG'
      ? 'invalid_input'
      : code === 'EAGAIN' || code === 'ENOMEM'
        ? 'unavailable'
        : 'internal'
  return new MaestroError(ours, `${program} could not be started: ${reason}`, { cause: thrown })
}

/** SIGKILL to the whole group of `pid`; its being gone already is fine. */
function signalGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (thrown) {
    // EPERM is how macOS answers for a group of zombies.
    if (!isNodeError(thrown) || (thrown.code !== 'ESRCH' && thrown.code !== 'EPERM')) throw thrown
  }
}

function bounded(maxBytes: number) {
  const kept: Buffer[] = []
  let left = maxBytes
  return {
    push: (chunk: Buffer) => {
      if (left <= 0) return
      const part = chunk.subarray(0, left)
      left -= part.length
      kept.push(part)
    },
    text: () => Buffer.concat(kept).toString('utf8'),
  }
}
