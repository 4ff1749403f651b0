// What the verbs of files share.

import type { Masks } from './masks.ts'
import type { PathLocks } from './path-locks.ts'
import type { FileHosts } from './ports.ts'

export interface FileDeps {
  readonly hosts: FileHosts
  readonly masks: Masks
  readonly locks: PathLocks
}
