// `maestro status` and `maestro stop`: what must work whatever version runs. Neither starts anything.

import { Brakes } from '#src/calls/contract.ts'
import { MaestroError } from '#src/core/index.ts'
import { Anything } from '../answers.ts'
import { type Api, configInput, remoteUrl, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { safe } from '../style.ts'
import { brakesInWords } from './brakes.ts'

const anyOwner = { ensure: 'must-run', anyVersion: true } as const
/** Longer than the server takes to give its work back. */
const stopWithinMs = 30_000

export async function status(cli: Cli, options: GlobalOptions): Promise<number> {
  const url = remoteUrl(cli, options)
  const { dataDir } = url === undefined ? await cli.deps.readConfig(configInput(cli, options)) : { dataDir: null }
  const found = await whenRunning(cli, options, async (api) => {
    await api.call('GET', '/health', Anything)
    const brakes = await readBrakes(api)
    const facts = {
      running: true,
      url: url ?? api.owner?.url ?? null,
      pid: api.owner?.pid ?? null,
      version: api.owner?.version ?? null,
      dataDir,
      paused: brakes?.paused ?? false,
      readOnly: brakes?.readOnly ?? false,
    }
    if (options.json === true) printJson(cli, facts)
    else {
      const rows: [string, string | null][] = [
        ['Address', facts.url],
        ['Version', facts.version],
        ['Process', facts.pid === null ? null : String(facts.pid)],
        ['Data', facts.dataDir],
      ]
      cli.io.out(`${cli.style.green('✓')} Maestro is running\n`)
      for (const [name, value] of rows)
        if (value !== null) cli.io.out(`  ${cli.style.dim(name.padEnd(8))} ${safe(value)}\n`)
      if (brakes !== undefined && (brakes.paused || brakes.readOnly)) {
        cli.io.out(`${cli.style.yellow('‖')} ${brakesInWords(brakes)}\n`)
      }
      if (facts.version !== null && facts.version !== cli.about.version) {
        cli.io.err(
          `This command is version ${cli.about.version}. Restart Maestro to use it: maestro stop, then maestro serve\n`,
        )
      }
    }
    return exit.ok
  })
  if (found !== undefined) return found
  if (options.json === true) printJson(cli, { running: false, url: null, pid: null, version: null, dataDir })
  else cli.io.out(`Maestro does not run for ${safe(dataDir ?? '')}\n`)
  return exit.nothing
}

/** Of an older server: it has none. */
async function readBrakes(api: Api): Promise<Brakes | undefined> {
  try {
    return await api.call('GET', '/brakes', Brakes)
  } catch {
    return undefined
  }
}

/** The server, or with `--all` everything that is at work in it. */
export async function stop(cli: Cli, options: GlobalOptions & { readonly all?: boolean }): Promise<number> {
  if (options.all === true) return (await import('./brakes.ts')).stopAll(cli, options)
  const stopped = await whenRunning(cli, options, async (api) => {
    await askToStop(api)
    if (api.owner !== undefined) await untilGone(cli, options, api.owner.pid)
    if (options.json === true) printJson(cli, { stopped: true, pid: api.owner?.pid ?? null })
    else cli.io.out('Stopped. Runs that were under way go on at the next start.\n')
    return exit.ok
  })
  if (stopped !== undefined) return stopped
  if (options.json === true) printJson(cli, { stopped: false, pid: null })
  else cli.io.out('Maestro does not run: nothing to stop.\n')
  return exit.nothing
}

/** A connection that breaks is an owner that is leaving already: whether it has gone is seen afterwards. */
async function askToStop(api: Api): Promise<void> {
  try {
    await api.call('POST', '/system/stop', Anything)
  } catch (thrown) {
    const isLeaving = api.owner !== undefined && thrown instanceof MaestroError && thrown.code === 'unavailable'
    if (!isLeaving) throw thrown
  }
}

/** Undefined when no owner runs; a remote node that does not answer is an error. */
async function whenRunning(
  cli: Cli,
  options: GlobalOptions,
  work: (api: Api) => Promise<number>,
): Promise<number | undefined> {
  try {
    return await withApi(cli, options, work, anyOwner)
  } catch (thrown) {
    if (thrown instanceof MaestroError && thrown.details?.['reason'] === 'not_running') return undefined
    throw thrown
  }
}

/** The same process answers no more: its socket goes after everything else has closed. */
async function untilGone(cli: Cli, options: GlobalOptions, pid: number): Promise<void> {
  const giveUpAt = cli.io.now() + stopWithinMs
  while (cli.io.now() < giveUpAt) {
    let answering: number | undefined
    await whenRunning(cli, options, async (api) => {
      answering = api.owner?.pid
      return exit.ok
    })
    if (answering !== pid) return
    await cli.io.sleep(100)
  }
  throw new MaestroError(
    'timed_out',
    `Maestro (pid ${pid}) was asked to stop and still runs after ${stopWithinMs / 1_000} s`,
    {
      hint: `look at logs/owner.log in the data folder, or end it: kill ${pid}`,
    },
  )
}
