// The command line as a whole: its help and its groups. Only commander is loaded for this; a verb loads its own code.

import { Command } from 'commander'
import type { Cli } from './cli.ts'
import { capital, type Group, leafBelow, named, shared } from './leaf.ts'
import { addVerbs } from './verbs.ts'

export function buildProgram(cli: Cli, onDone: (exitCode: number) => void): Command {
  const program = named(new Command('maestro'), cli)
    .description('Maestro conducts AI agents: workflows of prompts, run by agents, watched live, recorded for ever.')
    .version(cli.about.version, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Example:
  $ maestro serve                      start it and print the sign-in link
  $ maestro run sample --follow        run a workflow and watch it

Exit codes:
  0 ok   1 failed   2 wrong usage or input   3 cancelled   4 out of time or budget   5 nothing to do

Commands talk to the Maestro that owns the data folder and start one when none runs. To use one on another
machine, set MAESTRO_URL and MAESTRO_TOKEN. MAESTRO_DEBUG=1 shows where an error came from.`,
    )
  shared(program)
  const group: Group = (name, summary, example) => {
    const command = named(new Command(name), cli)
      .summary(summary)
      .description(`${capital(summary)}.`)
      .helpCommand(false)
      .addHelpText('after', `\nExample:\n  $ ${example}`)
    shared(command)
    program.addCommand(command)
    return leafBelow(cli, command, onDone)
  }
  addVerbs(leafBelow(cli, program, onDone), group)
  return program
}
