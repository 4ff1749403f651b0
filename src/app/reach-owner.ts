// One connection to the owner of a data folder, which is started when it is wanted and none runs.

import { fileURLToPath } from 'node:url'
import { MaestroError } from '#src/core/index.ts'
import { type ConnectOptions, connectOwner, type OwnerConnection } from './owner-socket.ts'
import { startOwner } from './owner-start.ts'

export interface OwnerClientOptions extends ConnectOptions {
  /** `start` brings up an owner when none runs; `must-run` throws then. */
  readonly ensure: 'must-run' | 'start'
  /** Environment of an owner started now. */
  readonly env?: NodeJS.ProcessEnv
  /** Only tests start something else. */
  readonly command?: readonly string[]
  readonly startTimeoutMs?: number
}

const serveOnDemand = ['--liftoff-only', fileURLToPath(new URL('../main.ts', import.meta.url)), 'serve', '--on-demand']

/**
 * The socket comes back paused.
 * @throws `unavailable` when no owner runs (`must-run`) or none comes up (`start`); what `connectOwner` throws
 */
export async function reachOwner(options: OwnerClientOptions): Promise<OwnerConnection> {
  const running = await connectOwner(options)
  if (running !== undefined) return running
  if (options.ensure === 'must-run') throw notRunning(options.dataDir)
  return startOwner({
    ...options,
    command: options.command ?? serveOnDemand,
    env: options.env ?? process.env,
    ...(options.startTimeoutMs === undefined ? {} : { timeoutMs: options.startTimeoutMs }),
  })
}

export function notRunning(dataDir: string): MaestroError {
  return new MaestroError('unavailable', `no Maestro runs for the data folder "${dataDir}"`, {
    hint: 'start it: maestro serve',
    details: { reason: 'not_running' },
  })
}
