// The one quoter for POSIX shells. Whatever becomes text of a shell script goes through here and nowhere else.

import { MaestroError } from '#src/core/index.ts'

/**
 * `word` as one literal word of a POSIX shell script: nothing in it is expanded, split or run. It may still
 * look like an option: that is for the command it is given to (`--` before paths).
 * @throws `invalid_input` for NUL, which no argument or variable can carry, and for a lone surrogate, which
 *   has no bytes of its own and would arrive as another character.
 */
export function quotePosix(word: string): string {
  if (word.includes('\0'))
    throw new MaestroError('invalid_input', 'text for a command holds a NUL character, which no process can be given')
  if (!word.isWellFormed())
    throw new MaestroError('invalid_input', 'text for a command holds half of a surrogate pair, which is no character')
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/**
 * Names that a shell keeps for itself (read-only, rewritten, or computed when read): a script cannot hand
 * them on exactly. bash(1) "Shell Variables", POSIX.1-2024 XCU 2.5.3.
 */
const shellOwned = new Set([
  '_',
  'BASHOPTS',
  'BASHPID',
  'BASH_ALIASES',
  'BASH_ARGC',
  'BASH_ARGV',
  'BASH_ARGV0',
  'BASH_CMDS',
  'BASH_COMMAND',
  'BASH_LINENO',
  'BASH_REMATCH',
  'BASH_SOURCE',
  'BASH_SUBSHELL',
  'BASH_VERSINFO',
  'BASH_VERSION',
  'DIRSTACK',
  'EPOCHREALTIME',
  'EPOCHSECONDS',
  'EUID',
  'FUNCNAME',
  'GROUPS',
  'HISTCMD',
  'IFS',
  'LINENO',
  'OPTARG',
  'OPTIND',
  'PIPESTATUS',
  'PPID',
  'POSIXLY_CORRECT',
  'RANDOM',
  'SECONDS',
  'SHELLOPTS',
  'SHLVL',
  'SRANDOM',
  'UID',
])

/**
 * One line that sets and exports a variable.
 * @throws `invalid_input` for a name that a shell cannot export exactly, or a value it cannot carry.
 */
export function exportPosix(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new MaestroError(
      'invalid_input',
      `${JSON.stringify(name)} is no name for an environment variable: letters, digits and _, not starting with a digit`,
    )
  }
  if (shellOwned.has(name)) {
    throw new MaestroError(
      'invalid_input',
      `the environment variable ${name} belongs to the shell that starts the process`,
      {
        hint: `leave ${name} out`,
      },
    )
  }
  return `export ${name}=${quotePosix(value)}`
}
