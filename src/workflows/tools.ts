// Workflows, folders, versions and runs as tools: what REST, the CLI, MCP and steps of other workflows can call.

import type { AnyTool } from '#src/core/index.ts'
import { type CheckDeps, checkDefinition } from './check-definition.ts'
import type { Definitions } from './definitions/index.ts'
import type { Runs } from './runs.ts'
import { definitionTools } from './tools/definition-tools.ts'
import { folderTools } from './tools/folder-tools.ts'
import { runTools } from './tools/run-tools.ts'
import { transferTools } from './tools/transfer-tools.ts'
import { versionTools } from './tools/version-tools.ts'
import type { Transfer } from './transfer/transfer.ts'
import type { Versions } from './versions/versions.ts'

export interface WorkflowToolsDeps extends Omit<CheckDeps, 'definitions'> {
  readonly definitions: Definitions
  readonly versions: Versions
  readonly transfer: Transfer
  readonly runs: Runs
}

export function workflowTools(deps: WorkflowToolsDeps): AnyTool[] {
  const { definitions, versions, transfer, runs } = deps
  return [
    ...definitionTools(definitions, runs, (definition, workflowId) => checkDefinition(deps, definition, workflowId)),
    ...folderTools(definitions),
    ...versionTools(versions),
    ...transferTools(transfer),
    ...runTools(definitions, runs),
  ]
}
