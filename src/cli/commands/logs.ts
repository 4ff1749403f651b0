// `maestro logs`: the event log of a run, as far as it goes or until the run ends.

import { Run } from '#src/workflows/contract.ts'
import { EventPage } from '#src/tasks/contract.ts'
import { withApi } from '../api.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { renderOutcome } from '../render-run.ts'
import { resolveRunId } from '../resolve.ts'
import { eventPrinter, watchRun } from '../watch.ts'

interface LogsOptions extends GlobalOptions {
  readonly follow?: boolean
  readonly raw?: boolean
}

const pageSize = 1_000

export function logs(cli: Cli, options: LogsOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const run = await api.call('GET', `/runs/${await resolveRunId(api, typed)}`, Run)
    if (options.follow === true) return watchRun(cli, api, run, options)
    const print = eventPrinter(cli, run, options)
    let after = 0
    // Up to where the log stood when we asked: a busy run does not keep us here.
    while (after < run.lastSeq) {
      const page = await api.call('GET', `/runs/${run.id}/events?after=${after}&limit=${pageSize}`, EventPage)
      for (const event of page.items) cli.io.out(print(event))
      if (page.lastSeq <= after) break
      after = page.lastSeq
    }
    if (options.json !== true && options.raw !== true) cli.io.out(`\n${renderOutcome(cli.style, run)}`)
    return exit.ok
  })
}
