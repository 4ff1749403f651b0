// How a verb becomes a command: options that all have, help with an example, code loaded when it runs.

import { type Argument, Command, type Option } from 'commander'
import type { Cli, GlobalOptions } from './cli.ts'

type Run<O> = (cli: Cli, options: GlobalOptions & O, ...args: string[]) => Promise<number>
export type Leaf = <O extends object>(spec: LeafSpec, load: () => Promise<Run<O>>) => Command

/** What a verb with `takesRest` is given. */
export interface Rest {
  readonly rest: readonly string[]
}

/** A noun with verbs of its own below it. */
export type Group = (name: string, summary: string, example: string) => Leaf

export interface LeafSpec {
  /** With its arguments: `show <run>`. */
  readonly usage: string
  readonly summary: string
  readonly details?: string
  readonly example: string
  readonly options?: readonly Option[]
  /** The words after `--` are not its own: they arrive as `rest` among the options. */
  readonly takesRest?: boolean
  /** What its group does when it is named alone. */
  readonly isDefault?: boolean
}

/** Makes verbs below `parent`; each hands its exit code to `onDone`. */
export function leafBelow(cli: Cli, parent: Command, onDone: (exitCode: number) => void): Leaf {
  return (spec, load) => {
    const command = named(new Command(spec.usage.split(' ')[0]), cli)
      .summary(spec.isDefault === true ? `${spec.summary}; also without a verb` : spec.summary)
      .description(
        spec.details === undefined ? `${capital(spec.summary)}.` : `${capital(spec.summary)}. ${spec.details}`,
      )
      .addHelpText('after', `\nExample:\n  $ ${spec.example}`)
    for (const argument of spec.usage.split(' ').slice(1)) command.argument(argument)
    if (spec.takesRest === true)
      command.allowExcessArguments(true).usage(`[options] ${spec.usage.split(' ').slice(1).join(' ')} -- <command...>`)
    for (const option of spec.options ?? []) command.addOption(option)
    shared(command)
    command.action(async (...given: unknown[]) => {
      const args = given
        .slice(0, -2)
        .flat()
        .filter((arg) => typeof arg === 'string')
      if (spec.isDefault === true && command.args.length > args.length)
        await refuseUnknown(parent, command.args[0] ?? '')
      const run = await load()
      const own = spec.takesRest === true ? takeRest(command) : args
      onDone(await run(cli, command.optsWithGlobals(), ...own))
    })
    parent.addCommand(command, { isDefault: spec.isDefault === true })
    // Whoever mistypes a verb of the group ends here: the group says which verbs there are.
    if (spec.isDefault === true) command.allowExcessArguments(true)
    return command
  }
}

/** Sets `rest` among the options; returns the words before the dashes. */
function takeRest(command: Command): string[] {
  let root = command
  while (root.parent !== null) root = root.parent
  // Commander keeps what it was given, and takes the dashes out of what it hands on.
  const { rawArgs } = root as Command & { readonly rawArgs: readonly string[] }
  const dashes = rawArgs.indexOf('--')
  const rest = dashes === -1 ? [] : rawArgs.slice(dashes + 1)
  const own = command.args.slice(0, command.args.length - rest.length)
  if (own.length > command.registeredArguments.length) {
    command.error(`error: the command stands after --, not before: ${own.join(' ')}`, {
      code: 'commander.excessArguments',
      exitCode: 1,
    })
  }
  command.setOptionValue('rest', rest)
  return own
}

async function refuseUnknown(group: Command, typed: string): Promise<never> {
  const { editDistance } = await import('#src/core/index.ts')
  const near = group.commands
    .map((command) => ({ name: command.name(), far: editDistance(typed, command.name()) }))
    .filter(({ name, far }) => far <= 2 && far < name.length - 1)
    .sort((a, b) => a.far - b.far)[0]
  const meant = near === undefined ? '' : `\n(Did you mean ${near.name}?)`
  return group.error(`error: unknown command '${typed}'${meant}`, { code: 'commander.unknownCommand', exitCode: 1 })
}

/** Before or after the verb: both are what people type. */
export function shared(command: Command): void {
  command
    .option('--data-dir <folder>', 'the data folder to use (default: MAESTRO_DATA_DIR, else as configured)')
    .option('--json', 'print JSON')
}

export function named(command: Command, cli: Cli): Command {
  return command
    .exitOverride((error) => {
      throw Object.assign(error, { usedCommand: wholeName(command) })
    })
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .configureHelp({
      sortSubcommands: false,
      subcommandTerm: (sub) => `${sub.name()}${sub.registeredArguments.map(argumentTerm).join('')}`,
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

/** As it is typed: `maestro workflows edit`. */
function wholeName(command: Command): string {
  return command.parent === null ? command.name() : `${wholeName(command.parent)} ${command.name()}`
}

function argumentTerm(arg: Argument): string {
  const name = `${arg.name()}${arg.variadic ? '...' : ''}`
  return arg.required ? ` <${name}>` : ` [${name}]`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
