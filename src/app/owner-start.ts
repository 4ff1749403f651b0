// Starts an owner for a data folder in the background and waits until its socket answers. Many clients may
// want one at the same moment: one of them starts it, under a lock that dies with its process; who owns the
// data folder is still decided by the owner lock alone.

import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { folderError, MaestroError, SECOND } from '#src/core/index.ts'
import { type ConnectOptions, connectOwner, type OwnerConnection } from './owner-socket.ts'
import { socketPath, systemRuntimePlace } from './runtime-dir.ts'

export interface StartOptions extends ConnectOptions {
  /** Arguments after the Node binary, without `--data-dir`. */
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly timeoutMs?: number
}

const startTimeoutMs = 20 * SECOND
const retryMs = 150
const killed = 'signal SIGKILL'
/** Times that one which is killed while it starts is started again. */
const maxKills = 3
const maxLogBytes = 5 * 1024 * 1024

/**
 * An answering owner: the one that runs, or one started now. Bounded by `timeoutMs` (20 s).
 * @throws `unavailable` when it does not come up, with the last lines of its log; what `connectOwner` throws.
 */
export async function startOwner(options: StartOptions): Promise<OwnerConnection> {
  makeLogsFolder(options.dataDir)
  using changes = watchFolder(options.dataDir)
  using turn = startersTurn(`${socketPath(options.dataDir, options.place ?? systemRuntimePlace())}.start`)
  const log = prepareLog(join(options.dataDir, 'logs', 'owner.log'))
  const giveUpAt = Date.now() + (options.timeoutMs ?? startTimeoutMs)
  let child: StartedChild | undefined
  let kills = 0
  for (;;) {
    const connection = await connectOwner(options)
    if (connection !== undefined) return connection
    const ended = child?.ended()
    if (ended === killed && kills < maxKills) {
      // Nothing of its own doing: a person, or the system in need of memory.
      kills++
      child = undefined
    } else if (ended !== undefined && ended !== 0) throw failedStart(`it ended with ${ended}`, log)
    if (Date.now() > giveUpAt) throw failedStart('it did not answer in time', log)
    if (ended === 0) {
      // It found the data folder owned: by an owner that is starting, or by one just leaving, after which
      // somebody must start one again.
      child = undefined
      await changes.next(4 * retryMs)
    } else {
      if (child === undefined && turn.take()) child = launch(options, log.path, changes.poke)
      await changes.next(retryMs)
    }
  }
}

function makeLogsFolder(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw folderError(dataDir, error)
  }
}

interface StartedChild {
  /** Undefined while it runs; 0; or how it ended. */
  ended(): number | string | undefined
}

function launch(options: StartOptions, logPath: string, onEnd: () => void): StartedChild {
  const output = openSync(logPath, 'a', 0o600)
  let end: number | string | undefined
  try {
    const child = spawn(process.execPath, [...options.command, '--data-dir', options.dataDir], {
      detached: true,
      stdio: ['ignore', output, output],
      // Not the caller's folder: the owner would keep it busy.
      cwd: options.dataDir,
      env: ownerEnv(options.env),
    })
    child.on('error', (error) => {
      end = error.message
      onEnd()
    })
    child.on('exit', (code, signal) => {
      end = code === 0 ? 0 : signal === null ? `exit code ${code}` : `signal ${signal}`
      onEnd()
    })
    child.unref()
  } finally {
    closeSync(output)
  }
  return { ended: () => end }
}

/**
 * Without what addresses another node, and without the marker of a task: when an agent's command starts the
 * owner, the sweep after that agent's turn must not end it.
 */
function ownerEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { MAESTRO_URL: _url, MAESTRO_TOKEN: _token, MAESTRO_RUN_ID: _marker, ...rest } = env
  return rest
}

interface LogMark {
  readonly path: string
  /** What lies before it belongs to earlier starts. */
  readonly from: number
}

function prepareLog(path: string): LogMark {
  const size = existsSync(path) ? statSync(path).size : 0
  if (size <= maxLogBytes) return { path, from: size }
  renameSync(path, `${path}.1`)
  return { path, from: 0 }
}

function failedStart(how: string, log: LogMark): MaestroError {
  const written = existsSync(log.path) ? readFileSync(log.path).subarray(log.from).toString('utf8').trim() : ''
  const last = written === '' ? 'it wrote nothing' : `its last lines:\n${written.split('\n').slice(-8).join('\n')}`
  return new MaestroError('unavailable', `Maestro could not be started in the background: ${how}; ${last}`, {
    hint: `the whole log is ${log.path}; \`maestro serve\` starts it in the foreground`,
  })
}

/** The right to start, held until disposed. SQLite drops its lock when the process ends, however it ends. */
function startersTurn(path: string): Disposable & { take(): boolean } {
  const database = new DatabaseSync(path, { timeout: 0 })
  let mine = false
  return {
    take() {
      if (mine) return true
      try {
        database.exec('begin exclusive')
        mine = true
      } catch {
        // Someone else starts one: its socket is what we wait for.
      }
      return mine
    },
    [Symbol.dispose]: () => database.close(),
  }
}

interface FolderChanges extends Disposable {
  /** Resolves at the next change, or after `ms`. */
  next(ms: number): Promise<void>
  readonly poke: () => void
}

/** The owner writes its socket's path into the data folder as its last act of starting. */
function watchFolder(dir: string): FolderChanges {
  let wake: () => void = () => undefined
  const watcher = watch(dir, { persistent: false }, () => wake())
  // Watching may fail (no inotify watches left): then the retries alone find it.
  watcher.on('error', () => undefined)
  return {
    next: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    poke: () => wake(),
    [Symbol.dispose]: () => watcher.close(),
  }
}
