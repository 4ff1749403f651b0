// `maestro exec`: a command on a host, as if it ran here.

import { MaestroError } from '#src/core/index.ts'
import { CommandResult } from '#src/fleet/contract.ts'
import { Task } from '#src/tasks/contract.ts'
import { type Api, remoteUrl, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { followOutput } from '../command-output.ts'
import { TaskAnswer } from '../answers.ts'
import { exit, exitCodeOfStatus } from '../exit-codes.ts'
import type { Rest } from '../leaf.ts'
import { readStdin } from '../read-input.ts'

interface ExecOptions extends GlobalOptions, Rest {
  readonly cwd?: string
  readonly timeout: number
  readonly stdin?: boolean
  readonly sudo?: boolean
  readonly detach?: boolean
}

/** What one request may carry. */
const maxStdinBytes = 3 * 1024 * 1024

export function exec(cli: Cli, options: ExecOptions, host?: string): Promise<number> {
  const command = commandOf(options.rest)
  return withApi(cli, options, async (api) => {
    const cwd = options.cwd ?? (host === undefined && remoteUrl(cli, options) === undefined ? cli.io.cwd : undefined)
    // Before it is asked for: who presses Ctrl-C meanwhile must not leave it running.
    using interrupt = catchInterrupts(cli)
    const started = await api.call('POST', '/tools/maestro_exec', CommandResult, {
      command,
      timeout_s: options.timeout,
      // Its own from the start: it is this side that follows it, and asks it to stop.
      wait_s: 0,
      ...(host === undefined ? {} : { host }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(options.sudo === true ? { sudo: true } : {}),
      ...(options.stdin === true ? { stdin: await readStdin(cli.io, maxStdinBytes) } : {}),
    })
    const taskId = started.task_id
    if (options.detach === true && interrupt.count() === 0) {
      if (options.json === true) printJson(cli, started)
      else cli.io.out(`${taskId}\n`)
      if (options.json !== true)
        cli.io.err(`Follow it:  maestro tasks output -f ${taskId}\nEnd it:     maestro tasks cancel ${taskId}\n`)
      return exit.ok
    }
    return await follow(cli, api, taskId, options, interrupt)
  })
}

interface Interrupts extends Disposable {
  count(): number
  /** Called at the first one, at once when it has come already. */
  onFirst(act: () => void): void
}

/** Ctrl-C pressed twice ends this side at once. */
function catchInterrupts({ io }: Cli): Interrupts {
  let count = 0
  let act: (() => void) | undefined
  const caught = io.onSignal('SIGINT', () => {
    count += 1
    if (count > 1) io.exit(exit.interrupted)
    else act?.()
  })
  return {
    count: () => count,
    onFirst(given) {
      act = given
      if (count > 0) given()
    },
    [Symbol.dispose]: () => caught[Symbol.dispose](),
  }
}

async function follow(
  cli: Cli,
  api: Api,
  taskId: string,
  options: ExecOptions,
  interrupt: Interrupts,
): Promise<number> {
  const { io } = cli
  const stop = new AbortController()
  interrupt.onFirst(() => {
    // What it still prints is shown: following goes on until it has ended.
    api.call('POST', `/tasks/${taskId}/cancel`, Task).catch(() => stop.abort())
  })
  if (options.json === true) await untilEnd(api, taskId)
  else if ((await followOutput(cli, api, { taskId, signal: stop.signal, isTrusted: true })) === 'stopped') {
    io.err(`\nIt could not be asked to stop.  Try again:  maestro tasks cancel ${taskId}\n`)
    return exit.interrupted
  }
  const result = await resultOf(api, taskId)
  if (options.json === true) printJson(cli, result)
  else if (result.error !== null) {
    io.err(`error: ${result.error.message}\n${result.error.hint === undefined ? '' : `hint: ${result.error.hint}\n`}`)
  }
  return interrupt.count() > 0 ? exit.interrupted : exitCodeOfCommand(result)
}

/** Of a command that ended by itself its own; else what its status means. */
export function exitCodeOfCommand({ status, exit_code }: Pick<CommandResult, 'status' | 'exit_code'>): number {
  return (status === 'succeeded' || status === 'failed') && exit_code !== null ? exit_code : exitCodeOfStatus(status)
}

export async function resultOf(api: Api, taskId: string): Promise<CommandResult> {
  const { result } = await api.call('POST', '/tools/task', TaskAnswer, { action: 'get', task_id: taskId })
  return result
}

async function untilEnd(api: Api, taskId: string): Promise<void> {
  for (;;) {
    const { result } = await api.call('POST', '/tools/task', TaskAnswer, {
      action: 'wait',
      task_id: taskId,
      wait_s: 30,
    })
    if (result.status !== 'running' && result.status !== 'queued') return
  }
}

/** One word is a line for the shell; several are a program and its arguments, each as it is. */
function commandOf(words: readonly string[]): string {
  const [first, ...others] = words
  if (first === undefined) {
    throw new MaestroError('invalid_input', 'there is no command', {
      hint: "it stands after --, as in: maestro exec -- 'ls -l | head'",
    })
  }
  return others.length === 0 ? first : words.map(quoted).join(' ')
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
