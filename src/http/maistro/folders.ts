// Maistro's folders. Its clients send a folder's path in the URL, slashes encoded.

import { z } from 'zod'
import { listOf, parseOrThrow } from '#src/core/index.ts'
import { Folder } from '#src/workflows/contract.ts'
import { readJsonBody } from '../input.ts'
import type { Route } from '../route.ts'
import { type MaistroDeps, maistroRoute, placeholder } from './maistro-route.ts'
import { FolderRow, Success } from './shapes.ts'

const PathText = z.string().trim().min(1, 'a folder, as a/b').max(500)
const Params = z.object({ path: PathText.describe('URL-encoded: a%2Fb') })

const sample: FolderRow = { name: 'daily', path: 'reports/daily', parentPath: 'reports', isFolder: true }

function toRow({ name, path, parentPath }: Folder): FolderRow {
  return { name, path, parentPath, isFolder: true }
}

export function folderRoutes(deps: MaistroDeps): Route[] {
  return [
    maistroRoute(deps, {
      method: 'get',
      path: '/api/folders',
      id: 'maistro_folders',
      summary: 'List folders',
      description: 'Every folder, also empty ones.',
      success: z.array(FolderRow),
      example: { input: {}, output: [sample] },
      answer: async (ask) => (await ask('folder_list', {}, listOf(Folder))).items.map(toRow),
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/folders',
      id: 'maistro_folder_create',
      summary: 'Make a folder',
      description: 'With its parents. It stays, also when it is empty.',
      body: { schema: z.object({ path: PathText }), isRequired: true },
      success: Success.extend({ folder: FolderRow }),
      example: { input: { path: 'reports/daily' }, output: { success: true, folder: sample } },
      async answer(ask, context) {
        const body = await readJsonBody(context.env.incoming)
        const { path } = parseOrThrow(z.object({ path: PathText }), body, 'the request')
        return { success: true, folder: toRow(await ask('folder_create', { path }, Folder)) }
      },
    }),
    maistroRoute(deps, {
      method: 'put',
      path: '/api/folders/{path}',
      id: 'maistro_folder_move',
      summary: 'Rename or move a folder',
      description: 'With everything in it.',
      params: Params,
      body: { schema: z.object({ newPath: PathText }), isRequired: true },
      success: Success,
      example: { input: { path: 'reports/daily', newPath: 'reports/every-day' }, output: { success: true } },
      async answer(ask, context) {
        const body = await readJsonBody(context.env.incoming)
        const { newPath } = parseOrThrow(z.object({ newPath: PathText }), body, 'the request')
        await ask('folder_move', { path: placeholder(context, 'path'), newPath }, z.unknown())
        return { success: true }
      },
    }),
    maistroRoute(deps, {
      method: 'delete',
      path: '/api/folders/{path}',
      id: 'maistro_folder_delete',
      summary: 'Remove a folder',
      description: 'What is in it moves up to its parent; no configuration is deleted.',
      params: Params,
      success: Success,
      example: { input: { path: 'reports/daily' }, output: { success: true } },
      async answer(ask, context) {
        await ask('folder_delete', { path: placeholder(context, 'path') }, z.unknown())
        return { success: true }
      },
    }),
  ]
}
