// What a file brings, whatever its format: the shape that every reader gives and the import works from.

import type { ImportReport, WorkflowInput } from '../contract.ts'
import type { ServerEntry } from './server-entry.ts'

export interface Brought {
  readonly format: ImportReport['format']
  /** `id`: as the file has it; triggers and the like refer to it. */
  readonly workflows: readonly (WorkflowInput & { readonly id: string })[]
  readonly mcpServers: readonly ServerEntry[]
  readonly models: readonly { readonly provider: string; readonly id: string }[]
  /** What could not be read as it was. */
  readonly warnings: readonly string[]
}
