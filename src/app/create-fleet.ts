// Joins what runs commands and keeps files on hosts: who sees which task, what was printed, and the tools for it all.

import { join } from 'node:path'
import {
  type AnyTool,
  type Clock,
  type Config,
  createByteRedactor,
  type Ctx,
  type Log,
  type Redactor,
} from '#src/core/index.ts'
import {
  type Commands,
  commandTaskTools,
  compatTools,
  createCommands,
  createHosts,
  createLocalHost,
  createMasks,
  createOutputStore,
  createPathLocks,
  execTools,
  fileTools,
  type Hosts,
  hostTools,
  type LocalDriver,
  type OutputStore,
} from '#src/fleet/index.ts'
import { createTaskView, type TasksRoom, type TaskView } from '#src/tasks/index.ts'

export interface FleetDeps {
  readonly config: Pick<Config, 'dataDir' | 'readRoots' | 'writeRoots'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly driver: LocalDriver
  readonly runsDir: string
  readonly tasks: TasksRoom
  scopesOf(tokenId: string): Promise<readonly string[] | undefined>
  readonly redactor: Redactor
  secretValues(): readonly string[]
  /** By the tool that cancels, so that rules and the audit log see it. */
  cancel(ctx: Ctx, taskId: string): Promise<void>
  readonly clock: Clock
  readonly log: Log
}

export interface Fleet {
  readonly hosts: Hosts
  readonly taskView: TaskView
  readonly commands: Commands
  readonly outputs: OutputStore
  readonly tools: readonly AnyTool[]
}

export function createFleet(deps: FleetDeps): Fleet {
  const { config, driver, tasks, redactor, clock, log } = deps
  const hosts = createHosts([
    createLocalHost({
      driver,
      runsDir: deps.runsDir,
      env: deps.env,
      roots: { read: config.readRoots, write: config.writeRoots },
      closed: [config.dataDir],
    }),
  ])
  const outputs = createOutputStore({ dir: join(config.dataDir, 'outputs'), clock, log })
  const taskView = createTaskView({
    tasks,
    isLimited: async (actor) => actor.kind === 'token' && (await deps.scopesOf(actor.tokenId))?.length !== 0,
  })
  const commands = createCommands({
    tasks,
    view: taskView,
    hosts,
    outputs,
    redactor,
    byteRedactor: createByteRedactor(() => deps.secretValues()),
    clock,
    log,
  })
  const stateTools = hostTools(hosts)
  return {
    hosts,
    taskView,
    commands,
    outputs,
    tools: [
      ...execTools({ commands, hosts, redactor }),
      ...stateTools,
      ...fileTools({ hosts, masks: createMasks(redactor), locks: createPathLocks() }),
      ...compatTools({ answers: commands, today: stateTools }),
      ...commandTaskTools({ commands, view: taskView, cancel: (ctx, taskId) => deps.cancel(ctx, taskId) }),
    ],
  }
}
