// What one command is asked to be, checked before there is a task: everything that can be refused is refused here.

import { type Ctx, MaestroError, type Redactor, SECOND } from '#src/core/index.ts'
import type { Host, Hosts } from '../host.ts'
import { isFolder } from '../run-folder.ts'
import { checkEnvironment } from './environment.ts'
import { planLaunch, type Work } from './launch.ts'
import type { Limits } from './outcome.ts'
import { type CommandSpec, maxStoredText } from './spec.ts'

export interface CommandRequest {
  /** The tool that was called: it answers for the task later on, too. */
  readonly tool: string
  /** Default: this machine. */
  readonly host?: string | undefined
  readonly work: Work
  /** Default: the caller's folder, when it is on this machine, else the host's home. */
  readonly cwd?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly stdin?: string | Uint8Array | undefined
  readonly sudo?: boolean | undefined
  readonly timeoutS?: number | undefined
  readonly idleTimeoutS?: number | undefined
  readonly outputLimitMb?: number | undefined
  readonly maxOutputBytes?: number | undefined
  /**
   * How long the answer may wait for the end, before it says `running` and the command goes on by itself. 0: it is on
   * its own from the start. Infinity: for as long as it takes. Default: what the caller's surface allows.
   */
  readonly waitS?: number | undefined
}

export const commandDefaults = { timeoutS: 300, outputLimitMb: 64, maxOutputBytes: 16 * 1024 } as const
/** Each is a handful of processes. */
const maxAtOnce = 200

export interface Prepared {
  readonly host: Host
  readonly spec: CommandSpec
  readonly plan: (taskId: string) => ReturnType<typeof planLaunch>
  readonly stdin: string | Uint8Array
  readonly title: string
}

/** @param running commands of this node in work. @throws what `Commands.run` says is refused, with `executed: 'no'` */
export async function prepare(
  deps: { readonly hosts: Hosts; readonly redactor: Redactor },
  ctx: Ctx,
  request: CommandRequest,
  running: number,
): Promise<Prepared> {
  const host = deps.hosts.find(request.host)
  const env = request.env ?? {}
  checkEnvironment(env)
  const base = host.isLocal && ctx.cwd !== undefined ? ctx.cwd : host.defaultCwd
  const cwd = request.cwd === undefined ? base : await host.expand(request.cwd, base)
  if (host.isLocal && !(await isFolder(cwd))) {
    throw new MaestroError('invalid_input', `the working folder ${cwd} does not exist on ${host.name}`, {
      hint: 'make it first, or choose another with cwd',
      issues: [{ path: 'cwd', message: 'is no folder' }],
      details: { executed: 'no' },
    })
  }
  if (running >= maxAtOnce) {
    throw new MaestroError('limit_exceeded', `${running} commands run at once, as many as may`, {
      hint: 'wait for some to end, or cancel some',
      details: { kind: 'CAPACITY', executed: 'no' },
    })
  }
  const { work, timeoutS = commandDefaults.timeoutS } = request
  const text = deps.redactor.text(work.kind === 'command' ? work.command : work.script)
  const spec: CommandSpec = {
    tool: request.tool,
    host: host.name,
    command: text.slice(0, maxStoredText).toWellFormed(),
    interpreter: work.kind === 'script' ? work.interpreter : null,
    cwd,
    timeoutS,
    idleTimeoutS: request.idleTimeoutS ?? null,
    outputLimitMb: request.outputLimitMb ?? commandDefaults.outputLimitMb,
    maxOutputBytes: request.maxOutputBytes ?? commandDefaults.maxOutputBytes,
  }
  // Once for its checks, which know no task: what no process can be given is refused before it is recorded.
  const plan = (taskId: string) => planLaunch(host, taskId, work, { env, sudo: request.sudo ?? false })
  plan('command_check')
  return { host, spec, plan, stdin: request.stdin ?? '', title: titleOf(text) }
}

export function limitsOf(limits: Limits) {
  const wallMs = Math.ceil(limits.timeoutS * SECOND)
  return {
    wallMs,
    // The runner knows no command without this limit; at the length of the other it never fires first.
    idleMs: limits.idleTimeoutS === null ? wallMs + SECOND : Math.ceil(limits.idleTimeoutS * SECOND),
    outputBytes: limits.outputLimitMb * 1024 * 1024,
  }
}

/** The first line that says something, for lists. */
function titleOf(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '' && !one.startsWith('#!')) ?? ''
  return line.trim().slice(0, 200).toWellFormed() || '(empty)'
}
