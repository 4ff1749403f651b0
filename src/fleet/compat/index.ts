// The names of Maestro MCP's earlier generations, joined.

import type { AnyTool } from '#src/core/index.ts'
import type { FileDeps } from '../files/files.ts'
import { type CompatDeps, compatCommandTools } from './command-tools.ts'
import { compatFileTools, compatStatus } from './file-tools.ts'

/** @param today the tools whose names they are */
export function compatTools(
  deps: CompatDeps & { readonly files: FileDeps; readonly today: readonly AnyTool[] },
): AnyTool[] {
  return [...compatCommandTools(deps), ...compatFileTools(deps), ...compatStatus(deps.today)]
}
