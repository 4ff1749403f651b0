// The machine itself as a host.

import { accessSync, constants } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { MaestroError } from '#src/core/index.ts'
import { createLocalFiles } from './files/index.ts'
import type { CommandDriver, Host, HostShell } from './host.ts'

export const localHostName = 'local'

export interface LocalHostDeps {
  readonly driver: CommandDriver
  /** Where the driver keeps its run folders. */
  readonly runsDir: string
  /** This process's environment: commands get an allow-list of it. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where file tools may read and write; absent: wherever the user may. `~` is the home. */
  readonly roots?: { readonly read?: readonly string[] | undefined; readonly write?: readonly string[] | undefined }
  /** Folders that are closed to file tools: Maestro's own. */
  readonly closed?: readonly string[]
}

/**
 * What a command may inherit. Everything else of the server may be a secret (keys, database addresses, proxies with
 * passwords) or change how programs behave.
 */
const inherited = ['PATH', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'] as const

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export function createLocalHost(deps: LocalHostDeps): Host {
  const home = homeOf(deps.env)
  const env = commandEnvironment(deps.env, home)
  const shell = findShell()
  const roots = { read: deps.roots?.read ?? null, write: deps.roots?.write ?? null }
  return {
    name: localHostName,
    isLocal: true,
    isRoot: process.getuid?.() === 0,
    driver: deps.driver,
    shell,
    env: () => env,
    defaultCwd: home,
    roots,
    closed: deps.closed ?? [],
    files: createLocalFiles(home, env),
    info: () => ({
      name: localHostName,
      description: 'The machine that Maestro runs on',
      tags: [],
      os: process.platform,
      shell,
      is_local: true,
      status: 'connected',
      rtt_ms: 0,
      last_error: null,
      checked_at: null,
      default_cwd: home,
      roots: { read: roots.read && [...roots.read], write: roots.write && [...roots.write] },
    }),
    async expand(path, from = home) {
      if (path.includes('\0')) {
        throw new MaestroError('invalid_input', 'a path holds a NUL character, which no file name can have')
      }
      if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1))
      if (path.startsWith('~')) {
        throw new MaestroError(
          'invalid_input',
          `"${path.slice(0, 200)}" means another user's home, which is not looked up`,
          {
            hint: 'give the absolute path; for a file whose name begins with ~ write ./~name',
          },
        )
      }
      return resolve(from, path)
    },
    scratch: (taskId) => join(deps.runsDir, taskId),
  }
}

function commandEnvironment(env: LocalHostDeps['env'], home: string): Record<string, string> {
  const user = userName(env)
  const picked = inherited.flatMap((name) => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return {
    PATH: systemPath,
    ...Object.fromEntries(picked),
    HOME: home,
    ...(user === undefined ? {} : { USER: user, LOGNAME: user }),
    // Nobody looks at the output on a terminal: no colours, no pagers, no questions.
    TERM: 'dumb',
  }
}

function homeOf(env: LocalHostDeps['env']): string {
  const home = env['HOME']
  return home !== undefined && home.startsWith('/') ? home : homedir()
}

function userName(env: LocalHostDeps['env']): string | undefined {
  try {
    return userInfo().username
  } catch {
    // A user id without a name, as containers have.
    return env['USER']
  }
}

function findShell(): HostShell {
  for (const path of ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash']) {
    try {
      accessSync(path, constants.X_OK)
      return 'bash'
    } catch {
      continue
    }
  }
  return 'sh'
}
