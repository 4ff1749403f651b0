// From what was asked to what a process is started with. The text of a command or script goes through a private file,
// so that neither it nor its environment shows in a list of processes, and so that its length does not matter. Pure.

import { MaestroError } from '#src/core/index.ts'
import type { LaunchSpec } from '#src/tasks/index.ts'
import type { Host } from '../host.ts'
import { exportPosix } from '../quote.ts'

/** A command line of the host's shell, or a script of some interpreter. */
export type Work =
  | { readonly kind: 'command'; readonly command: string }
  | {
      readonly kind: 'script'
      readonly script: string
      readonly interpreter: string
      readonly args: readonly string[]
      /** Shells: end at the first command that fails, at unset variables and at failures within a pipe. */
      readonly strict: boolean
    }

export type Launch = Pick<LaunchSpec, 'argv' | 'env' | 'files'>

/**
 * Reads the whole file and evaluates it, so that `$0` and messages are those of `bash -c`. The variable is gone before
 * the first word of the text runs.
 */
const evaluate = 'IFS= read -rd "" _m <"$1" || :; shift; eval "unset -v _m; $_m"'
/** The same where `read` has no `-d`. */
const evaluatePosix = '_m=$(cat -- "$1"; printf x) || exit 126; shift; eval "unset -v _m; ${_m%x}"'

/** File endings that an interpreter or its tools care about. */
const endings: Readonly<Record<string, string>> = {
  node: '.js',
  deno: '.ts',
  bun: '.ts',
  python: '.py',
  python3: '.py',
  perl: '.pl',
  ruby: '.rb',
  php: '.php',
  pwsh: '.ps1',
}

/** What interpreters need before the file. */
const openings: Readonly<Record<string, readonly string[]>> = {
  deno: ['run', '-A'],
  pwsh: ['-NoProfile', '-NonInteractive', '-File'],
}

export function planLaunch(
  host: Host,
  taskId: string,
  work: Work,
  options: { readonly env: Readonly<Record<string, string>>; readonly sudo: boolean },
): Launch {
  checkText(work)
  // sudo clears the environment and with it the marker: the text brings both along.
  const isElevated = options.sudo && !host.isRoot
  const carried = isElevated
    ? Object.entries({ ...options.env, MAESTRO_RUN_ID: taskId }).map(([name, value]) => exportPosix(name, value))
    : []
  const { words, files } = wordsOf(host, host.scratch(taskId), work, carried)
  return {
    argv: isElevated ? ['sudo', '-n', '--', ...words] : words,
    env: { ...host.env(), ...options.env },
    files,
  }
}

interface Words {
  readonly words: readonly [string, ...string[]]
  readonly files: Launch['files']
}

function wordsOf(host: Host, folder: string, work: Work, carried: readonly string[]): Words {
  if (work.kind === 'command') {
    const file = { path: `${folder}/command`, content: [...carried, work.command].join('; ') }
    const text = host.shell === 'bash' ? evaluate : evaluatePosix
    return { words: [host.shell, '-c', text, host.shell, file.path], files: [file] }
  }
  const { interpreter, args, script } = work
  const name = nameOf(interpreter)
  const shell = shellOf(name)
  if (shell !== undefined) {
    const file = { path: `${folder}/script`, content: [...carried, script].join('; ') }
    const strict = shell === 'posix' ? ['-eu'] : ['-euo', 'pipefail']
    const text = shell === 'posix' ? evaluatePosix : evaluate
    return {
      words: [interpreter, ...(work.strict ? strict : []), '-c', text, name, file.path, ...args],
      files: [file],
    }
  }
  const file = { path: `${folder}/script${endings[name] ?? ''}`, content: script }
  const words = [interpreter, ...(openings[name] ?? []), file.path, ...args] as const
  if (carried.length === 0) return { words, files: [file] }
  const environment = { path: `${folder}/environment`, content: carried.join('\n') }
  return { words: ['sh', '-c', '. "$0"; exec "$@"', environment.path, ...words], files: [file, environment] }
}

const nameOf = (interpreter: string): string => interpreter.slice(interpreter.lastIndexOf('/') + 1)

function shellOf(name: string): 'bash' | 'posix' | undefined {
  switch (name) {
    case 'bash':
    case 'zsh':
    case 'ksh':
      return 'bash'
    case 'sh':
    case 'dash':
    case 'ash':
      return 'posix'
    default:
      return undefined
  }
}

/** @throws `invalid_input` for what no process can be given */
function checkText(work: Work): void {
  const texts =
    work.kind === 'command'
      ? [{ path: 'command', text: work.command }]
      : [
          { path: 'script', text: work.script },
          { path: 'interpreter', text: work.interpreter },
          ...work.args.map((text, index) => ({ path: `args.${index}`, text })),
        ]
  const issues = texts.flatMap(({ path, text }) =>
    text.includes('\0')
      ? [{ path, message: 'holds a NUL character, which no process can be given' }]
      : text.isWellFormed()
        ? []
        : [{ path, message: 'holds half of a surrogate pair, which is no character' }],
  )
  if (issues.length === 0) return
  throw new MaestroError('invalid_input', issues.map(({ path, message }) => `${path} ${message}`).join('; '), {
    issues,
    details: { executed: 'no' },
  })
}
