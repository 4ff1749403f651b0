// What every verb is given.

import type { Deps } from './deps.ts'
import type { Io } from './io.ts'
import type { Style } from './style.ts'

export interface About {
  readonly version: string
  /** The folder that holds package.json. */
  readonly cloneRoot: string
}

export interface Cli {
  readonly io: Io
  readonly deps: Deps
  readonly about: About
  /** For stdout. */
  readonly style: Style
}

/** Options of every verb. */
export interface GlobalOptions {
  readonly dataDir?: string
  readonly json?: boolean
}

export function printJson(cli: Cli, value: unknown): void {
  cli.io.out(`${JSON.stringify(value, null, 2)}\n`)
}
