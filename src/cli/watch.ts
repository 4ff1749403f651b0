// Shows a run until it ends: the events, then the outcome. Ctrl-C stops the watching, never the run.

import { Run } from '#src/workflows/contract.ts'
import type { Api } from './api.ts'
import type { Cli } from './cli.ts'
import { exit, exitCodeOfStatus } from './exit-codes.ts'
import { followRun } from './follow.ts'
import { createEventRenderer, rawText } from './render-events.ts'
import { renderOutcome } from './render-run.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'

export interface WatchOptions {
  readonly json?: boolean
  readonly raw?: boolean
}

/** How each event is printed: JSON lines, the raw log, or for people. */
export function eventPrinter(cli: Cli, run: Run, options: WatchOptions): (event: TaskEvent) => string {
  if (options.json === true) return (event) => `${JSON.stringify(event)}\n`
  if (options.raw === true) return (event) => rawText(event, cli.io.outIsTty)
  return createEventRenderer({ style: cli.style, columns: cli.io.columns, rootId: run.id, stepCount: run.stepCount })
}

/** The exit code is that of the run, or 130 after Ctrl-C. */
export async function watchRun(cli: Cli, api: Api, run: Run, options: WatchOptions): Promise<number> {
  const { io } = cli
  const print = eventPrinter(cli, run, options)
  const stop = new AbortController()
  let interrupts = 0
  using _interrupt = io.onSignal('SIGINT', () => {
    interrupts += 1
    if (interrupts > 1) io.exit(exit.interrupted)
    stop.abort()
  })
  const end = await followRun(api, {
    runId: run.id,
    signal: stop.signal,
    sleep: io.sleep,
    onEvent: (event) => io.out(print(event)),
    onLost: () => io.err('the connection was lost; waiting for Maestro to come back\n'),
  })
  if (end === 'stopped') {
    io.err(
      `\nNo longer following; the run goes on.\n  Stop it:          maestro cancel ${run.id}\n  Follow it again:  maestro logs -f ${run.id}\n`,
    )
    return exit.interrupted
  }
  const ended = await api.call('GET', `/runs/${run.id}`, Run)
  if (options.json !== true && options.raw !== true) io.out(`\n${renderOutcome(cli.style, ended)}`)
  return exitCodeOfStatus(ended.status)
}
