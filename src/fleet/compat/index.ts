// The names of Maestro MCP's earlier generations, joined.

import type { AnyTool } from '#src/core/index.ts'
import { type CompatDeps, compatCommandTools } from './command-tools.ts'
import { compatFileTools } from './file-tools.ts'

/** @param today the tools whose names they are */
export const compatTools = (deps: CompatDeps & { readonly today: readonly AnyTool[] }): AnyTool[] => [
  ...compatCommandTools(deps),
  ...compatFileTools(deps.today),
]
