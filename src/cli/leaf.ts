// How a verb becomes a command: options that all have, help with an example, code loaded when it runs.

import { Command, type Option } from 'commander'
import type { Cli, GlobalOptions } from './cli.ts'

type Run<O> = (cli: Cli, options: GlobalOptions & O, ...args: string[]) => Promise<number>
export type Leaf = <O extends object>(spec: LeafSpec, load: () => Promise<Run<O>>) => Command

export interface LeafSpec {
  /** With its arguments: `show <run>`. */
  readonly usage: string
  readonly summary: string
  readonly details?: string
  readonly example: string
  readonly options?: readonly Option[]
}

/** Makes verbs below `parent`; each hands its exit code to `onDone`. */
export function leafBelow(cli: Cli, parent: Command, onDone: (exitCode: number) => void): Leaf {
  return (spec, load) => {
    const command = named(new Command(spec.usage.split(' ')[0]), cli)
      .summary(spec.summary)
      .description(
        spec.details === undefined ? `${capital(spec.summary)}.` : `${capital(spec.summary)}. ${spec.details}`,
      )
      .addHelpText('after', `\nExample:\n  $ ${spec.example}`)
    for (const argument of spec.usage.split(' ').slice(1)) command.argument(argument)
    for (const option of spec.options ?? []) command.addOption(option)
    shared(command)
    command.action(async (...given: unknown[]) => {
      const args = given.slice(0, -2).filter((arg) => typeof arg === 'string')
      const run = await load()
      onDone(await run(cli, command.optsWithGlobals(), ...args))
    })
    parent.addCommand(command)
    return command
  }
}

/** Before or after the verb: both are what people type. */
export function shared(command: Command): void {
  command
    .option('--data-dir <folder>', 'the data folder to use (default: MAESTRO_DATA_DIR, else as configured)')
    .option('--json', 'print JSON')
}

export function named(command: Command, cli: Cli): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .configureHelp({
      sortSubcommands: false,
      subcommandTerm: (sub) => `${sub.name()}${sub.registeredArguments.map((arg) => ` <${arg.name()}>`).join('')}`,
    })
    .configureOutput({
      writeOut: (text) => cli.io.out(text),
      writeErr: (text) => cli.io.err(text),
      // Printed once, in our own words, by reportFailure.
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(cli.io.columns, 110),
      getErrHelpWidth: () => Math.min(cli.io.columns, 110),
    })
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
