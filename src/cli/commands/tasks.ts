// `maestro tasks`: commands that run or ran on hosts.

import { CommandRecord } from '#src/fleet/contract.ts'
import { Task } from '#src/tasks/contract.ts'
import { TaskPage } from '../answers.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { createOutputPrinter, followOutput } from '../command-output.ts'
import { exit } from '../exit-codes.ts'
import { ago, duration, moment, paintStatus, shortId, statusWord, table } from '../format.ts'
import { resolveCommandId } from '../resolve.ts'
import { clip, safe } from '../style.ts'
import { exitCodeOfCommand, resultOf } from './exec.ts'

interface ListOptions extends GlobalOptions {
  readonly status?: readonly string[]
  readonly limit: number
}

export function list(cli: Cli, options: ListOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const query = new URLSearchParams({ kind: 'command', limit: String(options.limit) })
    for (const status of options.status ?? []) query.append('status', status)
    const { items } = await api.call('GET', `/tasks?${query.toString()}`, TaskPage)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no commands: run one with maestro exec -- <command>\n')
    else {
      const now = cli.io.now()
      const rows = items.map((task) => [
        { text: shortId(task.id), paint: cli.style.cyan },
        { text: statusWord(task.status), paint: (text: string) => paintStatus(cli.style, task.status, text) },
        (task.subject ?? '').replace(/^host:/, ''),
        clip(task.title, 50),
        task.startedAt === null ? '' : duration((task.endedAt ?? now) - task.startedAt),
        ago(task.createdAt, now),
      ])
      cli.io.out(table(cli.style, ['TASK', 'STATUS', 'HOST', 'COMMAND', 'TOOK', 'STARTED'], rows))
    }
    return exit.ok
  })
}

export function show(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { task, record } = await read(api, typed)
    if (options.json === true) {
      printJson(cli, { ...task, command: record })
      return exit.ok
    }
    const { style } = cli
    const took = task.startedAt === null ? '' : duration((task.endedAt ?? cli.io.now()) - task.startedAt)
    const ended =
      record.exit_code === null
        ? ''
        : `  exit code ${record.exit_code}${record.signal === null ? '' : ` (${record.signal})`}`
    const lines = [
      `${style.bold(task.id)}  ${paintStatus(style, task.status, statusWord(task.status))}${ended}`,
      `host      ${record.host}${record.cwd === null ? '' : `:${safe(record.cwd)}`}`,
      `started   ${moment(task.createdAt)}  ${took}`,
      `printed   ${record.bytes.stdout} bytes on stdout, ${record.bytes.stderr} on stderr`,
      ...(record.interpreter === null ? [] : [`script    ${safe(record.interpreter)}`]),
      ...(task.error === null ? [] : [style.red(`error     ${safe(task.error.message)}`)]),
      '',
      safe(record.command),
    ]
    cli.io.out(`${lines.join('\n')}\n`)
    if (record.bytes.stdout + record.bytes.stderr > 0) cli.io.err(`Its output:  maestro tasks output ${task.id}\n`)
    return exit.ok
  })
}

export function output(cli: Cli, options: GlobalOptions & { follow?: boolean }, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const taskId = await resolveCommandId(api, typed)
    if (options.follow !== true) {
      await createOutputPrinter(cli, api, taskId, false).print()
      return exit.ok
    }
    const stop = new AbortController()
    using _interrupt = cli.io.onSignal('SIGINT', () => stop.abort())
    if ((await followOutput(cli, api, { taskId, signal: stop.signal, isTrusted: false })) === 'stopped') {
      cli.io.err(`\nNo longer following; it goes on.\n  End it:  maestro tasks cancel ${taskId}\n`)
      return exit.interrupted
    }
    return exitCodeOfCommand(await resultOf(api, taskId))
  })
}

export function cancel(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { task: before } = await read(api, typed)
    if (before.endedAt !== null) {
      if (options.json === true) printJson(cli, before)
      else cli.io.err(`${before.id} had ended already: ${statusWord(before.status)}\n`)
      return exit.nothing
    }
    const task = await api.call('POST', `/tasks/${before.id}/cancel`, Task)
    if (options.json === true) printJson(cli, task)
    else cli.io.out(`Stopping ${task.id}: it ends with everything it has started.\n`)
    return exit.ok
  })
}

async function read(api: Api, typed: string): Promise<{ task: Task; record: CommandRecord }> {
  const taskId = await resolveCommandId(api, typed)
  return {
    task: await api.call('GET', `/tasks/${taskId}`, Task),
    record: await api.call('GET', `/tasks/${taskId}/command`, CommandRecord),
  }
}
