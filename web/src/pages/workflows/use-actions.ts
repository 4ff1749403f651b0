// What can be done to workflows and folders, each with its words afterwards, and Undo where it can be undone.

import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Workflow, WorkflowSummary } from '#src/workflows/contract.ts'
import { client } from '../../api/api.ts'
import { askLibraryAgain, library } from '../../api/library.ts'
import { route } from '../../api/paths.ts'
import { useStartRun } from '../../api/queries.ts'
import { plural } from '../../lib/format.ts'
import { fileName, saveFile } from '../../lib/save-file.ts'
import { useToasts } from '../../ui/toast.tsx'
import { inputOf } from '../editor/draft.ts'
import { joinPath, nameOf, parentOf, whyNot, type Thing } from './tree.ts'

export function useActions(workflows: readonly WorkflowSummary[]) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const toasts = useToasts()
  const start = useStartRun()
  const find = (id: string) => workflows.find((each) => each.id === id)

  /** Does it, shows what is there now, and tells what went wrong. */
  async function act<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (thrown) {
      toasts.fail(thrown)
      return undefined
    } finally {
      await askLibraryAgain(queries)
    }
  }

  const placeOf = (thing: Thing): string =>
    thing.kind === 'folder' ? parentOf(thing.path) : (find(thing.id)?.path ?? '')
  const titleOf = (thing: Thing): string =>
    thing.kind === 'folder' ? nameOf(thing.path) : (find(thing.id)?.name ?? thing.id)

  /** Puts one thing there; what it is called afterwards. */
  async function put(thing: Thing, to: string): Promise<Thing> {
    if (thing.kind === 'workflow') await library.move(thing.id, to)
    else return { kind: 'folder', path: (await library.moveFolder(thing.path, joinPath(to, nameOf(thing.path)))).path }
    return thing
  }

  async function move(things: readonly Thing[], to: string) {
    const wanted = things.filter((thing) => whyNot(thing, placeOf(thing), to) === undefined)
    const [first] = wanted
    if (first === undefined) {
      const why = things[0] === undefined ? undefined : whyNot(things[0], placeOf(things[0]), to)
      if (why !== undefined) toasts.say(why)
      return
    }
    const back: { thing: Thing; to: string }[] = []
    await act(async () => {
      for (const thing of wanted) {
        const at = placeOf(thing)
        back.push({ thing: await put(thing, to), to: at })
      }
    })
    if (back.length === 0) return
    const what = back.length === 1 ? `"${titleOf(first)}"` : plural(back.length, 'item')
    toasts.say(`Moved ${what} to "${nameOf(to)}"`, {
      label: 'Undo',
      run: () =>
        void act(async () => {
          for (const each of back) await put(each.thing, each.to)
        }),
    })
  }

  async function remove(ids: readonly string[]) {
    const gone: Workflow[] = []
    await act(async () => {
      for (const id of ids) gone.push(await library.delete(id))
    })
    const [first] = gone
    if (first === undefined) return
    toasts.say(`Deleted ${gone.length === 1 ? `"${first.name}"` : plural(gone.length, 'workflow')}`, {
      label: 'Undo',
      run: () => void act(() => library.putBack(gone)),
    })
  }

  async function removeFolder(path: string) {
    const done = await act(() => library.deleteFolder(path))
    if (done !== undefined)
      toasts.say(
        `Deleted the folder "${nameOf(path)}"${done.moved === 0 ? '' : `; ${plural(done.moved, 'workflow')} moved up`}`,
      )
  }

  async function exportThings(title: string, what: { path?: string; workflowIds?: readonly string[] }) {
    const bundle = await act(() => library.export(what))
    if (bundle === undefined) return
    saveFile(fileName(title, '.maestro.json'), `${JSON.stringify(bundle, null, 2)}\n`)
    const secrets = bundle.requiredSecrets.length
    toasts.say(
      `Exported ${plural(bundle.workflows.length, 'workflow')}${secrets === 0 ? '' : `; ${plural(secrets, 'secret')} must be entered again where it is imported`}`,
    )
  }

  return {
    titleOf,
    placeOf,
    move,
    remove,
    removeFolder,
    exportThings,
    exportOne: (workflow: WorkflowSummary) => exportThings(workflow.name, { workflowIds: [workflow.id] }),
    run: (id: string) =>
      start.mutate(id, {
        onSuccess: (run) => void navigate({ to: route.run, params: { id: run.id } }),
        onError: (thrown) => toasts.fail(thrown),
      }),
    open: (id: string) => void navigate({ to: route.workflow, params: { id } }),
    async duplicate(id: string) {
      const copy = await act(() => library.duplicate(id))
      if (copy !== undefined)
        toasts.say(`Made "${copy.name}"`, {
          label: 'Open',
          run: () => void navigate({ to: route.workflow, params: { id: copy.id } }),
        })
    },
    rename: (id: string, name: string) =>
      act(async () => {
        const stored = await client.workflow(id)
        return client.saveWorkflow(id, { ...inputOf(stored), name }, stored.version)
      }),
    renameFolder: (path: string, name: string) => act(() => library.moveFolder(path, joinPath(parentOf(path), name))),
    createFolder: (path: string) => act(() => library.createFolder(path)),
  }
}

export type Actions = ReturnType<typeof useActions>
