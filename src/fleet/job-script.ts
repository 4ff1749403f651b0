// The script that becomes the job: environment, folder, then the program in its place. It is a file, so that
// neither environment nor arguments of a shell ever show in a process list. Pure text.

import { exportPosix, quotePosix } from './quote.ts'

/** What every descendant of the job carries in its environment; the sweep looks for it. */
const markerName = 'MAESTRO_RUN_ID'

export interface JobScript {
  readonly id: string
  /** Absolute: what was checked is what runs. */
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * The text that the runner reads in a child that already has its descriptors and its process group.
 * The process gets `env` and the marker, and nothing else.
 * @throws `invalid_input` for text that a process cannot be given.
 */
export function jobScript(job: JobScript): string {
  const env = { ...job.env, [markerName]: job.id }
  const lines = [
    `set -- ${[job.program, ...job.args].map(quotePosix).join(' ')}`,
    // bash adds these two to whatever it starts; env(1) takes them away again, and sees no other value.
    // A program path with "=" would be taken for a setting.
    ...(job.program.includes('=')
      ? []
      : ['[ -z "${BASH_VERSION-}" ] || [ ! -x /usr/bin/env ] || set -- /usr/bin/env -u _ -u SHLVL "$@"']),
    // Before the exports: CDPATH and the like must not bend it.
    `cd -- ${quotePosix(job.cwd)} || exit 126`,
    'unset PATH PWD OLDPWD SHLVL',
    ...Object.entries(env).map(([name, value]) => exportPosix(name, value)),
    'exec "$@"',
  ]
  return `${lines.join('\n')}\n`
}
