// The library of workflows: folders, finding, moving, versions, import and export. The writes ask again for
// the lists they touch.

import { keepPreviousData, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { listOf } from '#src/core/contract.ts'
import {
  Bundle,
  Folder,
  ImportReport,
  Remark,
  Workflow,
  WorkflowDiff,
  WorkflowVersion,
  type WorkflowInput,
} from '#src/workflows/contract.ts'
import { ask } from './api.ts'
import { WorkflowList } from './contract.ts'
import { api } from './paths.ts'
import { keys } from './queries.ts'

const FolderList = listOf(Folder)
const VersionList = listOf(WorkflowVersion)
const Remarks = z.object({ remarks: z.array(Remark) })
const Recipe = z.object({ yaml: z.string(), warnings: z.array(z.string()) })
const Moved = z.object({ moved: z.int() })

export interface ImportAsk {
  content: string
  path: string
  onConflict: 'copy' | 'replace' | 'skip'
  dryRun: boolean
}

export const library = {
  move: (id: string, path: string) => ask(Workflow, 'POST', api.workflowDo(id, 'move'), { path }),
  duplicate: (id: string) => ask(Workflow, 'POST', api.workflowDo(id, 'duplicate'), {}),
  createFolder: (path: string) => ask(Folder, 'POST', api.folders, { path }),
  moveFolder: (path: string, newPath: string) => ask(Folder, 'POST', api.moveFolder, { path, newPath }),
  deleteFolder: (path: string) => ask(Moved, 'DELETE', api.folder(path)),
  validate: async (definition: WorkflowInput, workflowId: string | undefined, signal?: AbortSignal) =>
    (
      await ask(
        Remarks,
        'POST',
        api.validate,
        workflowId === undefined ? { definition } : { definition, workflowId },
        signal,
      )
    ).remarks,
  restore: (id: string, version: string, ifVersion: string) =>
    ask(Workflow, 'POST', api.restore(id, version), { ifVersion }),
  /** Everything when nothing is named. */
  export: (what: { path?: string; workflowIds?: readonly string[] }) => ask(Bundle, 'GET', api.export(what)),
  recipe: (id: string, step: number) => ask(Recipe, 'GET', api.recipe(id, step)),
  import: (input: ImportAsk) => ask(ImportReport, 'POST', api.import, input),
  delete: (id: string) => ask(Workflow, 'DELETE', api.workflow(id)),
  /** What was deleted comes back as it was, under the ids it had. */
  putBack: (workflows: readonly Workflow[]) => {
    const bundle: Bundle = {
      maestroBundle: 1,
      exportedAt: Date.now(),
      workflows: workflows.map(({ version: _version, updatedAt: _updatedAt, ...workflow }) => workflow),
      mcpServers: [],
      models: [],
      requiredSecrets: [],
    }
    return library.import({ content: JSON.stringify(bundle), path: '', onConflict: 'skip', dryRun: false })
  },
}

const libraryKeys = {
  folders: ['folders'],
  versions: (id: string) => ['workflow', id, 'versions'],
  diff: (id: string, from: string, to: string | undefined) => ['workflow', id, 'diff', from, to],
} as const

export const foldersQuery = queryOptions({
  queryKey: libraryKeys.folders,
  queryFn: async ({ signal }) => (await ask(FolderList, 'GET', api.folders, undefined, signal)).items,
})

/** Ids of the workflows whose name, description, tags or prompts hold the text. */
export const foundQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.workflows, 'found', q],
    queryFn: async ({ signal }) =>
      new Set((await ask(WorkflowList, 'GET', api.findWorkflows(q), undefined, signal)).items.map(({ id }) => id)),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: libraryKeys.versions(id),
    queryFn: async ({ signal }) => (await ask(VersionList, 'GET', api.versions(id), undefined, signal)).items,
  })

/** `to` absent: against what is stored now. */
export const diffQuery = (id: string, from: string, to?: string) =>
  queryOptions({
    queryKey: libraryKeys.diff(id, from, to),
    queryFn: ({ signal }) => ask(WorkflowDiff, 'GET', api.diff(id, from, to), undefined, signal),
  })

export const askLibraryAgain = (queries: QueryClient) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: keys.workflows }),
    queries.invalidateQueries({ queryKey: libraryKeys.folders }),
    queries.invalidateQueries({ queryKey: ['workflow'] }),
  ])

/** Any write to the library, after which its lists are asked for again. */
export function useLibraryWrite<In, Out>(write: (value: In) => Promise<Out>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: write, onSettled: () => askLibraryAgain(queries) })
}
