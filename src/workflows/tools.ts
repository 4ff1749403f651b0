// Workflows, folders, versions and runs as tools: what REST, the CLI, MCP and steps of other workflows can call.

import type { AnyTool } from '#src/core/index.ts'
import type { Definitions } from './definitions/index.ts'
import type { Runs } from './runs.ts'
import { definitionTools } from './tools/definition-tools.ts'
import { folderTools } from './tools/folder-tools.ts'
import { runTools } from './tools/run-tools.ts'
import { transferTools } from './tools/transfer-tools.ts'
import { versionTools } from './tools/version-tools.ts'
import type { Transfer } from './transfer/transfer.ts'
import type { Versions } from './versions/versions.ts'

export interface WorkflowToolsDeps {
  readonly definitions: Definitions
  readonly versions: Versions
  readonly transfer: Transfer
  readonly runs: Runs
}

export function workflowTools({ definitions, versions, transfer, runs }: WorkflowToolsDeps): AnyTool[] {
  return [
    ...definitionTools(definitions, runs),
    ...folderTools(definitions),
    ...versionTools(versions),
    ...transferTools(transfer),
    ...runTools(definitions, runs),
  ]
}
