// Export and import as tools.

import { type AnyTool, defineTool, Slug } from '#src/core/index.ts'
import { z } from 'zod'
import { Bundle, FolderPath, ImportReport } from '../contract.ts'
import { maxContentChars } from '../transfer/content.ts'
import type { Transfer } from '../transfer/transfer.ts'

export function transferTools(transfer: Transfer): AnyTool[] {
  return [
    defineTool({
      name: 'workflow_export',
      title: 'Export a workflow',
      description:
        'A workflow as a bundle, with the MCP servers and models it names. Values of secrets are never part of it, only ' +
        'the names of those that are needed.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ workflowId: Slug }),
      output: Bundle,
      http: { method: 'get', path: '/workflows/{workflowId}/export' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (_ctx, { workflowId }) => transfer.exportBundle({ workflowIds: [workflowId] }),
    }),
    defineTool({
      name: 'workflows_export',
      title: 'Export workflows',
      description:
        'A bundle of the named workflows and of those in a folder and below it; of all when nothing is named.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ path: FolderPath.optional(), workflowId: z.array(Slug).max(1_000).optional() }),
      output: Bundle,
      http: { method: 'get', path: '/export' },
      subject: ({ workflowId = [] }) => workflowId.map((id) => `workflow:${id}`),
      run: async (_ctx, { path, workflowId }) =>
        transfer.exportBundle({
          ...(path === undefined ? {} : { path }),
          ...(workflowId === undefined ? {} : { workflowIds: workflowId }),
        }),
    }),
    defineTool({
      name: 'workflow_recipe',
      title: 'Export a prompt as a Goose recipe',
      description: 'One prompt (`step`, 0-based) as a recipe in YAML, and what a recipe cannot hold of it.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({ workflowId: Slug, step: z.int().min(0).max(199).default(0) }),
      output: z.object({ yaml: z.string(), warnings: z.array(z.string()) }),
      http: { method: 'get', path: '/workflows/{workflowId}/recipe' },
      subject: ({ workflowId }) => [`workflow:${workflowId}`],
      run: async (_ctx, { workflowId, step }) => transfer.exportRecipe(workflowId, step),
    }),
    defineTool({
      name: 'workflows_import',
      title: 'Import workflows',
      description:
        'Takes in a Maestro bundle, the content of a Maistro configs.json, or a Goose recipe (YAML or JSON). With `dryRun` ' +
        'nothing is written, and the answer tells all that would be: look at `commands`, the programs that running it would ' +
        'start. Schedules come switched off.',
      effect: 'write',
      scope: 'workflows:write',
      input: z.object({
        content: z.string().min(1).max(maxContentChars),
        path: FolderPath.optional().describe('the folder to put them in'),
        onConflict: z
          .enum(['copy', 'replace', 'skip'])
          .default('copy')
          .describe('what becomes of a workflow whose id is there already'),
        dryRun: z.boolean().default(false),
      }),
      output: ImportReport,
      http: { method: 'post', path: '/import' },
      subject: ({ path }) => [`folder:${path ?? ''}`],
      run: async (ctx, { content, ...options }) => transfer.importContent(content, options, ctx.actor),
    }),
  ]
}
