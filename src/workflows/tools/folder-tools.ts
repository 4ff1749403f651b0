// Folders of workflows as tools.

import { type AnyTool, defineTool, listOf } from '#src/core/index.ts'
import { z } from 'zod'
import { Folder, FolderPath } from '../contract.ts'
import type { Definitions } from '../definitions/index.ts'

export function folderTools(definitions: Definitions): AnyTool[] {
  return [
    defineTool({
      name: 'folder_list',
      title: 'List folders',
      description: 'Every folder of workflows, empty ones too, parents before what is in them.',
      effect: 'read',
      scope: 'workflows:read',
      input: z.object({}),
      output: listOf(Folder),
      http: { method: 'get', path: '/folders' },
      subject: () => [],
      run: async () => ({ items: await definitions.folders() }),
    }),
    defineTool({
      name: 'folder_create',
      title: 'Create a folder',
      description: 'Makes a folder such as `reports/daily`, and its parents. One that is there is left as it is.',
      effect: 'write',
      scope: 'workflows:write',
      input: z.object({ path: FolderPath }),
      output: Folder,
      http: { method: 'post', path: '/folders', status: 201 },
      subject: ({ path }) => [`folder:${path}`],
      run: async (_ctx, { path }) => definitions.createFolder(path),
    }),
    defineTool({
      name: 'folder_move',
      title: 'Rename or move a folder',
      description: 'Gives a folder another path; everything in it goes along.',
      effect: 'write',
      scope: 'workflows:write',
      input: z.object({ path: FolderPath, newPath: FolderPath }),
      output: Folder,
      http: { method: 'post', path: '/folders/move' },
      subject: ({ path, newPath }) => [`folder:${path}`, `folder:${newPath}`],
      run: async (ctx, { path, newPath }) => definitions.moveFolder(path, newPath, ctx.actor),
    }),
    defineTool({
      name: 'folder_delete',
      title: 'Delete a folder',
      description: 'Removes a folder. What is in it moves up to its parent: no workflow is deleted.',
      effect: 'write',
      scope: 'workflows:write',
      input: z.object({ path: FolderPath }),
      output: z.object({ moved: z.int().describe('workflows that went up') }),
      http: { method: 'delete', path: '/folders' },
      subject: ({ path }) => [`folder:${path}`],
      run: async (ctx, { path }) => definitions.deleteFolder(path, ctx.actor),
    }),
  ]
}
