// Commands on this machine with all their parts: a database in memory, the task log, the real runner. What `app` joins,
// in small; several in turn on one folder are a server that restarts.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Actor,
  createByteRedactor,
  createRedactor,
  type Ctx,
  randomIds,
  silentLog,
  systemClock,
} from '#src/core/index.ts'
import type { RoomMigrations, Store } from '#src/store/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createTasks, createTaskView, tasksMigrations, type TasksRoom, type TaskView } from '#src/tasks/index.ts'
import { type Commands, createCommands } from '../commands/commands.ts'
import { createOutputStore, type OutputStore } from '../commands/output-store.ts'
import { createHosts, type Host } from '../host.ts'
import { createLocalDriver, type LocalDriver } from '../local-driver.ts'
import { createLocalHost } from '../local-host.ts'

export interface CommandRoom extends AsyncDisposable {
  readonly dir: string
  readonly store: Store
  readonly driver: LocalDriver
  readonly host: Host
  readonly tasks: TasksRoom
  readonly view: TaskView
  readonly commands: Commands
  readonly outputs: OutputStore
  ctx(options?: Partial<Ctx>): Ctx
  /** Ends what would end with the process and opens the same folder again, as a restarted server. */
  restart(): Promise<CommandRoom>
}

export interface CommandRoomOptions {
  /** Beside those of tasks. */
  readonly migrations?: readonly RoomMigrations[]
  readonly secrets?: readonly string[]
  /** Added to the host's inherited environment. */
  readonly env?: Readonly<Record<string, string>>
  /** What the local host is said to be otherwise. */
  readonly host?: Partial<Host>
}

export const owner: Actor = { kind: 'owner', via: 'socket' }

export async function openCommandRoom(options: CommandRoomOptions = {}): Promise<CommandRoom> {
  const dir = await mkdtemp(join(tmpdir(), 'maestro-commands-'))
  return open(dir, await openTestStore([tasksMigrations, ...(options.migrations ?? [])]), options)
}

async function open(dir: string, store: Store, options: CommandRoomOptions): Promise<CommandRoom> {
  const clock = systemClock
  const log = silentLog
  const runsDir = join(dir, 'spool')
  const driver = createLocalDriver({ runsDir, nodeId: 'node-a', log, clock })
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: dir, ...options.env }
  const host: Host = { ...createLocalHost({ driver, runsDir, env }), ...options.host }
  const tasks = createTasks({
    store,
    clock,
    ids: randomIds,
    log,
    nodeId: 'node-a',
    nodeName: 'node-a',
    leaseMs: 10_000,
    maxRunning: 2,
  })
  const view = createTaskView({ tasks, isLimited: async (actor) => actor.kind === 'token' && actor.name === 'limited' })
  const outputs = createOutputStore({ dir: join(dir, 'outputs'), clock, log })
  const secrets = options.secrets ?? []
  const commands = createCommands({
    tasks,
    view,
    hosts: createHosts([host]),
    outputs,
    redactor: createRedactor(() => secrets),
    byteRedactor: createByteRedactor(() => secrets),
    clock,
    log,
  })
  tasks.handle('command', commands.adopt)
  await tasks.start()

  return {
    dir,
    store,
    driver,
    host,
    tasks,
    view,
    commands,
    outputs,
    ctx: (changes = {}) => ({
      actor: owner,
      signal: new AbortController().signal,
      traceId: 'req_test',
      log,
      ...changes,
    }),
    async restart() {
      driver.release()
      await tasks[Symbol.asyncDispose]()
      return open(dir, store, options)
    },
    async [Symbol.asyncDispose]() {
      await tasks[Symbol.asyncDispose]()
      driver.release()
      await store[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
