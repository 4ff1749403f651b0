// Runs one command line to its exit code. Leaves out what the verbs do.

import type { About, Cli } from './cli.ts'
import { type Deps, systemDeps } from './deps.ts'
import { reportFailure } from './fail.ts'
import type { Io } from './io.ts'
import { buildProgram } from './program.ts'
import { createStyle } from './style.ts'

export interface MainOptions {
  readonly io: Io
  readonly about: About
  /** Only tests pass others. */
  readonly deps?: Deps
}

/** Never throws; the exit code. `argv` is without the program's name. */
export async function main(argv: readonly string[], options: MainOptions): Promise<number> {
  const { io, about } = options
  const cli: Cli = { io, about, deps: options.deps ?? systemDeps, style: createStyle(io.outIsTty, io.env) }
  let code = 0
  const program = buildProgram(cli, (result) => {
    code = result
  })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (thrown) {
    return reportFailure(io, thrown)
  }
}
