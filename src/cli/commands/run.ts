// `maestro run` and `maestro rerun`: start a run and, when asked, stay with it to its end.

import { randomUUID } from 'node:crypto'
import { Run } from '#src/workflows/contract.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit, exitCodeOfStatus } from '../exit-codes.ts'
import { hasEnded, renderOutcome } from '../render-run.ts'
import { findWorkflow, resolveRunId } from '../resolve.ts'
import { clip } from '../style.ts'
import { watchRun } from '../watch.ts'

interface RunOptions extends GlobalOptions {
  readonly follow?: boolean
  readonly wait?: number
}

/** One request waits this long at most, so that a dead connection is noticed. */
const longestWaitSec = 30

export function run(cli: Cli, options: RunOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const workflow = await findWorkflow(api, typed)
    const started = await api.call('POST', `/workflows/${workflow.id}/runs`, Run, {
      trigger: 'cli',
      idempotencyKey: randomUUID(),
    })
    return stayWith(cli, api, options, started)
  })
}

export function rerun(cli: Cli, options: RunOptions & { fromStep?: number }, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { fromStep } = options
    const id = await resolveRunId(api, typed)
    // People count prompts from 1, the API from 0.
    const started = await api.call(
      'POST',
      `/runs/${id}/rerun`,
      Run,
      fromStep === undefined ? {} : { fromStep: fromStep - 1 },
    )
    return stayWith(cli, api, options, started)
  })
}

async function stayWith(cli: Cli, api: Api, options: RunOptions, started: Run): Promise<number> {
  const name = clip(started.workflowName, 100)
  if (options.follow === true) {
    if (options.json !== true) cli.io.out(`${cli.style.bold(name)}  ${cli.style.dim(started.id)}\n`)
    return watchRun(cli, api, started, options)
  }
  const current = options.wait === undefined ? started : await waitFor(cli, api, started, options.wait)
  if (options.json === true) printJson(cli, current)
  else if (options.wait === undefined) {
    cli.io.out(`Started ${current.id} of "${name}".\n`)
    cli.io.err(`Follow it:  maestro logs -f ${current.id}\nStop it:    maestro cancel ${current.id}\n`)
  } else {
    cli.io.out(`${cli.style.dim(current.id)}\n${renderOutcome(cli.style, current)}`)
    if (!hasEnded(current))
      cli.io.err(`Not ended after ${options.wait} s; it goes on.  Follow it: maestro logs -f ${current.id}\n`)
  }
  return options.wait === undefined ? exit.ok : exitCodeOfStatus(current.status)
}

async function waitFor(cli: Cli, api: Api, started: Run, seconds: number): Promise<Run> {
  const until = cli.io.now() + seconds * 1_000
  let current = started
  while (!hasEnded(current) && cli.io.now() < until) {
    const leftSec = Math.ceil((until - cli.io.now()) / 1_000)
    current = await api.call('GET', `/runs/${started.id}?waitSec=${Math.min(leftSec, longestWaitSec)}`, Run)
  }
  return current
}
