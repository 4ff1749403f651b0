// What a host is to whoever runs commands or moves files there: the port that each kind of host fills. Today there is
// one kind, the machine itself. Leaves out how a host is reached and what may be done on it (calls).

import { MaestroError } from '#src/core/index.ts'
import type { Driver } from '#src/tasks/index.ts'
import type { HostInfo } from './contract.ts'
import type { HostFiles } from './files/index.ts'

/** A driver of commands: they begin attached to this server and may be let go. */
export interface CommandDriver extends Driver {
  /** Lets an attached process outlive this server. False when its lifeline is not held here (it ended, or never was attached). */
  promote(id: string): boolean
}

/** The shells a host may have for commands. */
export type HostShell = 'bash' | 'sh'

export interface Host {
  readonly name: string
  readonly isLocal: boolean
  /** Commands run as root anyway: `sudo` asks for nothing more. */
  readonly isRoot: boolean
  readonly driver: CommandDriver
  /** What `command` is run by. */
  readonly shell: HostShell
  /** The environment a command begins with: an allow-list, never a secret. */
  env(): Readonly<Record<string, string>>
  /** Absolute: where commands and relative paths begin. */
  readonly defaultCwd: string
  /** Absolute folders on the host that file tools may use; null: wherever the user may. */
  readonly roots: { readonly read: readonly string[] | null; readonly write: readonly string[] | null }
  /** Never read or written by file tools, whatever the roots say. */
  readonly closed: readonly string[]
  readonly files: HostFiles
  info(): HostInfo
  /**
   * `~` and `~/...` as the host's home, anything relative from `from` (default: `defaultCwd`), without looking at the disk.
   * @throws `invalid_input` for NUL and for the home of somebody else (`~name`)
   */
  expand(path: string, from?: string): Promise<string>
  /** A private folder (0700) on the host that lives as long as the run of this task: for its script. */
  scratch(taskId: string): string
}

export interface Hosts {
  list(): readonly Host[]
  /** By name; without one, the local host. @throws `not_found` (`details.kind: 'HOST_UNKNOWN'`) listing what there is */
  find(name?: string): Host
  readonly local: Host
}

/** @param all at least one, of which exactly one is local. */
export function createHosts(all: readonly [Host, ...Host[]]): Hosts {
  const local = all.find((host) => host.isLocal) ?? all[0]
  return {
    local,
    list: () => all,
    find(name) {
      const found = name === undefined ? local : all.find((host) => host.name === name)
      if (found !== undefined) return found
      const known = all.map((host) => host.name)
      throw new MaestroError(
        'not_found',
        `there is no host "${String(name).slice(0, 100)}"; known: ${known.join(', ')}`,
        {
          hint: `use one of ${known.join(', ')}, or leave host out for this machine`,
          details: { kind: 'HOST_UNKNOWN', known, executed: 'no' },
        },
      )
    },
  }
}
