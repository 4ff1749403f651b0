// Workflows, folders and runs as tools: what REST, the CLI, MCP and steps of other workflows can call.

import type { AnyTool } from '#src/core/index.ts'
import type { Definitions } from './definitions/index.ts'
import type { Runs } from './runs.ts'
import { definitionTools } from './tools/definition-tools.ts'
import { folderTools } from './tools/folder-tools.ts'
import { runTools } from './tools/run-tools.ts'

export function workflowTools(definitions: Definitions, runs: Runs): AnyTool[] {
  return [...definitionTools(definitions, runs), ...folderTools(definitions), ...runTools(definitions, runs)]
}
