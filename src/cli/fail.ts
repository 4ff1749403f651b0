// Errors as a person at a terminal reads them: what failed, then the next thing to do. Never a stack trace
// unless MAESTRO_DEBUG=1.

import { CommanderError } from 'commander'
import type { MaestroError } from '#src/core/index.ts'
import { exit, exitCodeOf } from './exit-codes.ts'
import type { Io } from './io.ts'
import { createStyle, safe } from './style.ts'

/** Prints the error; returns the exit code. */
export async function reportFailure(io: Io, thrown: unknown): Promise<number> {
  if (thrown instanceof CommanderError) return reportUsage(io, thrown)
  const { toMaestroError } = await import('#src/core/index.ts')
  const error = toMaestroError(thrown)
  write(io, error.message, error.hint, error.issues)
  if (io.env['MAESTRO_DEBUG'] === '1') io.err(`${stackOf(error)}\n`)
  return exitCodeOf(error.code)
}

function write(io: Io, message: string, hint: string | undefined, issues?: MaestroError['issues']): void {
  const style = createStyle(io.errIsTty, io.env)
  io.err(`${style.red('error:')} ${safe(message)}\n`)
  // A message from parseOrThrow names them already.
  for (const issue of issues ?? []) {
    if (!message.includes(issue.message))
      io.err(`  ${safe(issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)}\n`)
  }
  if (hint !== undefined) io.err(`${style.cyan('hint:')} ${safe(hint)}\n`)
}

/** Help and version are no failures; everything else that commander throws is wrong usage. */
function reportUsage(io: Io, error: CommanderError): number {
  if (error.exitCode === 0) return exit.ok
  // A group without its verb: commander has shown the group's help.
  if (error.code === 'commander.help') return exit.usage
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const meant = /\(Did you mean (?:one of )?(.*?)\??\)$/.exec(suggestion ?? '')?.[1]
  write(io, first, meant === undefined ? helpFor(error) : `did you mean ${meant}?`)
  return exit.usage
}

/** The command that was used wrongly is told by leaf.ts. */
function helpFor(error: CommanderError): string {
  const command = 'usedCommand' in error && typeof error.usedCommand === 'string' ? error.usedCommand : 'maestro'
  return command === 'maestro' ? 'maestro --help shows every command' : `${command} --help shows what it takes`
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}
