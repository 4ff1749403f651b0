// `maestro pause`, `maestro unpause`, and `maestro stop --all`: holding everything back.

import { Brakes, type BrakesChange, StopAll } from '#src/calls/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { moment, plural } from '../format.ts'
import { callerOf } from './approvals.ts'

interface PauseOptions extends GlobalOptions {
  readonly readOnly?: boolean
}

export const pause = (cli: Cli, options: PauseOptions): Promise<number> => set(cli, options, true)
export const unpause = (cli: Cli, options: PauseOptions): Promise<number> => set(cli, options, false)

function set(cli: Cli, options: PauseOptions, isOn: boolean): Promise<number> {
  const change: BrakesChange = options.readOnly === true ? { readOnly: isOn } : { paused: isOn }
  return withApi(cli, options, async (api) => {
    const brakes = await api.call('PUT', '/brakes', Brakes, change)
    if (options.json === true) printJson(cli, brakes)
    else cli.io.out(`${brakesInWords(brakes)}\n`)
    return exit.ok
  })
}

export function stopAll(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const stopped = await api.call('POST', '/brakes/stop-all', StopAll)
    if (options.json === true) printJson(cli, stopped)
    else {
      const { runs, commands } = stopped.asked
      const what =
        runs + commands === 0
          ? 'Nothing was under way'
          : `Stopping ${plural(runs, 'run')} and ${plural(commands, 'command')}`
      cli.io.out(`${what}. Maestro is paused: nothing new starts. The server goes on.\n`)
      cli.io.err('Let it go on:  maestro unpause\n')
    }
    return exit.ok
  })
}

/** What holds now, as a sentence. */
export function brakesInWords({ paused, readOnly, since, by }: Brakes): string {
  const states = [
    ...(paused ? ['paused: queued runs wait, no command starts, agents change nothing'] : []),
    ...(readOnly ? ['read-only for agents: they may look, not change anything'] : []),
  ]
  if (states.length === 0) return 'Nothing is held back.'
  const who = since === null || by === null ? '' : ` (since ${moment(since)}, by ${callerOf(by)})`
  return `Maestro is ${states.join('; and ')}${who}.`
}
