// `maestro runs`, `show`, `cancel` and `resume`.

import { Run } from '#src/workflows/contract.ts'
import { RunPage } from '../answers.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, duration, paintStatus, shortId, statusWord, table } from '../format.ts'
import { hasEnded, renderRun } from '../render-run.ts'
import { findWorkflow, resolveRunId } from '../resolve.ts'
import { clip } from '../style.ts'

interface RunsOptions extends GlobalOptions {
  readonly workflow?: string
  readonly status?: readonly string[]
  readonly limit: number
  /** How far back, in milliseconds. */
  readonly since?: number
}

export function runs(cli: Cli, options: RunsOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const query = new URLSearchParams({ limit: String(options.limit) })
    if (options.workflow !== undefined) query.set('workflowId', (await findWorkflow(api, options.workflow)).id)
    if (options.since !== undefined) query.set('since', String(cli.io.now() - options.since))
    for (const status of options.status ?? []) query.append('status', status)
    const { items, next } = await api.call('GET', `/runs?${query.toString()}`, RunPage)
    if (options.json === true) {
      printJson(cli, items)
      return exit.ok
    }
    if (items.length === 0) {
      cli.io.err('no runs: start one with maestro run <workflow>\n')
      return exit.ok
    }
    const now = cli.io.now()
    const rows = items.map((run) => [
      { text: shortId(run.id), paint: cli.style.cyan },
      { text: statusWord(run.status), paint: (text: string) => paintStatus(cli.style, run.status, text) },
      clip(run.workflowName, 40),
      `${run.stepsDone}/${run.stepCount}`,
      run.startedAt === null ? '' : duration((run.endedAt ?? now) - run.startedAt),
      ago(run.createdAt, now),
      run.trigger,
    ])
    cli.io.out(table(cli.style, ['RUN', 'STATUS', 'WORKFLOW', 'STEPS', 'TOOK', 'CREATED', 'BY'], rows))
    if (next !== null && items.length < 500)
      cli.io.err(cli.style.dim(`older ones: maestro runs --limit ${Math.min(500, options.limit * 5)}\n`))
    return exit.ok
  })
}

export function show(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const run = await getRun(api, await resolveRunId(api, typed))
    if (options.json === true) printJson(cli, run)
    else cli.io.out(renderRun(cli.style, run, cli.io.now()))
    return exit.ok
  })
}

export function cancel(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const before = await getRun(api, await resolveRunId(api, typed))
    if (hasEnded(before)) {
      if (options.json === true) printJson(cli, before)
      else cli.io.err(`${before.id} had ended already: ${statusWord(before.status)}\n`)
      return exit.nothing
    }
    const run = await api.call('POST', `/runs/${before.id}/cancel`, Run)
    if (options.json === true) printJson(cli, run)
    else if (run.status === 'cancelled') cli.io.out(`Cancelled ${run.id}.\n`)
    else if (hasEnded(run)) cli.io.out(`${run.id} ended first: ${statusWord(run.status)}.\n`)
    else cli.io.out(`Stopping ${run.id}: it ends as soon as its agent has gone.\n`)
    return exit.ok
  })
}

export function resume(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const run = await api.call('POST', `/runs/${await resolveRunId(api, typed)}/resume`, Run)
    if (options.json === true) printJson(cli, run)
    else cli.io.out(`${run.id} goes on.\n`)
    if (options.json !== true) cli.io.err(`Follow it:  maestro logs -f ${run.id}\n`)
    return exit.ok
  })
}

function getRun(api: Api, id: string): Promise<Run> {
  return api.call('GET', `/runs/${id}`, Run)
}
