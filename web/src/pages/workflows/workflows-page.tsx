// The library: folders at the left (a drawer of its own on phones), what is in the chosen one at the right. The
// address holds folder, search, tag and what is ticked.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowDownToLine, ArrowUpFromLine, Ellipsis, FolderPlus } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { foldersQuery, foundQuery } from '../../api/library.ts'
import { newWorkflow, route } from '../../api/paths.ts'
import { workflowsQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { useLate } from '../../lib/use-late.ts'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { DragArea } from './drag.tsx'
import { LibraryDialogs, type Open } from './library-dialogs.tsx'
import { EmptyLibrary } from './empty-library.tsx'
import { Finder } from './finder.tsx'
import { FoldersAside, FoldersDrawer } from './folders-aside.tsx'
import { LibraryList } from './library-list.tsx'
import type { RowActs } from './rows.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { keyOf, nameOf, shownIn, sortedFolders, tagsOf, thingOf, type Thing } from './tree.ts'
import { useActions } from './use-actions.ts'

const none: readonly WorkflowSummary[] = []

export function WorkflowsPage() {
  const { q = '', folder = '', tag, sel = [] } = useSearch({ from: '/workflows' })
  const navigate = useNavigate()
  const workflowList = useQuery(workflowsQuery)
  const folderList = useQuery(foldersQuery)
  const workflows = workflowList.data ?? none
  const folders = useMemo(() => sortedFolders(folderList.data ?? [], workflows), [folderList.data, workflows])
  const wanted = q.trim().toLowerCase()
  const asked = useLate(wanted, 150)
  const answer = useQuery(foundQuery(asked))
  /** The server has not said yet what stands in prompts: nothing can be said not to be there. */
  const isSearching =
    wanted !== '' && !answer.isError && (asked !== wanted || answer.isPlaceholderData || answer.isPending)
  const found = useMemo(() => {
    if (wanted === '') return undefined
    // What the rows say is found at once; what stands in prompts comes with the server's answer.
    const seen = workflows.filter((each) =>
      `${each.path} ${each.name} ${each.description ?? ''} ${each.tags.join(' ')} ${each.agents.join(' ')}`
        .toLowerCase()
        .includes(wanted),
    )
    return new Set([...seen.map(({ id }) => id), ...(answer.data ?? [])])
  }, [wanted, workflows, answer.data])
  const shown = useMemo(
    () => shownIn(folders, workflows, { folder, tag, found }),
    [folders, workflows, folder, tag, found],
  )
  const tags = useMemo(() => tagsOf(workflows), [workflows])

  const actions = useActions(workflows)
  const [dialog, setDialog] = useState<Open>()
  const scroller = useRef<HTMLDivElement>(null)

  const look = useCallback(
    (part: {
      q?: string | undefined
      folder?: string | undefined
      tag?: string | undefined
      sel?: string[] | undefined
    }) => void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: part.folder === undefined }),
    [navigate],
  )
  const enter = useCallback(
    (path: string) => look({ folder: path === '' ? undefined : path, sel: undefined, q: undefined, tag: undefined }),
    [look],
  )

  // Those ticked that are still there, and on show.
  const onShow = useMemo(
    () =>
      [
        ...shown.folders.map(({ path }): Thing => ({ kind: 'folder', path })),
        ...shown.workflows.map(({ id }): Thing => ({ kind: 'workflow', id })),
      ].map(keyOf),
    [shown],
  )
  const selected = useMemo(() => new Set(sel.filter((key) => onShow.includes(key))), [sel, onShow])
  const lastTicked = useRef<string>(undefined)

  const latest = useRef({ actions, selected, onShow })
  latest.current = { actions, selected, onShow }
  // One object for as long as the page lives: rows are drawn again only for what they show.
  const acts = useMemo<RowActs>(() => {
    const now = () => latest.current
    return {
      open: (thing) => (thing.kind === 'folder' ? enter(thing.path) : now().actions.open(thing.id)),
      run: (id) => now().actions.run(id),
      rename: (thing) => setDialog({ kind: 'rename', thing }),
      duplicate: (id) => void now().actions.duplicate(id),
      move: (thing) => setDialog({ kind: 'move', things: [thing] }),
      export: (thing) =>
        void now().actions.exportThings(
          now().actions.titleOf(thing),
          thing.kind === 'workflow' ? { workflowIds: [thing.id] } : thing.path === '' ? {} : { path: thing.path },
        ),
      remove: (thing) => setDialog({ kind: 'remove', things: [thing] }),
      newFolder: (parent) => setDialog({ kind: 'new-folder', parent }),
      select: (thing, isRange) => {
        const key = keyOf(thing)
        const next = new Set(now().selected)
        const turnsOn = !next.has(key)
        const from = now().onShow.indexOf(lastTicked.current ?? key)
        const to = now().onShow.indexOf(key)
        const range = isRange && from >= 0 ? now().onShow.slice(Math.min(from, to), Math.max(from, to) + 1) : [key]
        for (const each of range)
          if (turnsOn) next.add(each)
          else next.delete(each)
        lastTicked.current = key
        look({ sel: next.size === 0 ? undefined : [...next] })
      },
      placeOf: (thing) => now().actions.placeOf(thing),
      workflowName: (id) => {
        const title = now().actions.titleOf({ kind: 'workflow', id })
        return title === id ? undefined : title
      },
    }
  }, [enter, look])

  const company = (thing: Thing): readonly Thing[] =>
    selected.has(keyOf(thing)) ? [...selected].map(thingOf) : [thing]
  const tree = { folders, total: workflows.length, selected: folder, onSelect: enter, acts }
  const isLooking = wanted !== '' || tag !== undefined
  const isThere = folder === '' || folders.some(({ path }) => path === folder)
  const failed = workflowList.error ?? folderList.error

  return (
    <Page
      fill
      title="Workflows"
      actions={
        <>
          <Button
            look="quiet"
            icon={<ArrowUpFromLine className="size-4" />}
            onClick={() => setDialog({ kind: 'import' })}
            className="max-lg:!hidden"
          >
            Import
          </Button>
          <Button className="max-sm:!hidden" onClick={() => setDialog({ kind: 'new-folder', parent: folder })}>
            + New Folder
          </Button>
          <Link
            to={route.workflow}
            params={{ id: newWorkflow }}
            search={folder === '' ? {} : { folder }}
            className={buttonClass('primary')}
          >
            + New Workflow
          </Link>
          <Menu
            trigger={
              <IconButton label="More for the library">
                <Ellipsis />
              </IconButton>
            }
            items={[
              {
                label: 'New folder…',
                icon: <FolderPlus />,
                onSelect: () => setDialog({ kind: 'new-folder', parent: folder }),
              },
              { label: 'Import…', icon: <ArrowUpFromLine />, onSelect: () => setDialog({ kind: 'import' }) },
              {
                label: folder === '' ? 'Export everything' : `Export "${nameOf(folder)}"`,
                icon: <ArrowDownToLine />,
                disabled: workflows.length === 0,
                onSelect: () => acts.export({ kind: 'folder', path: folder }),
              },
            ]}
          />
        </>
      }
    >
      <DragArea
        company={company}
        titleOf={actions.titleOf}
        placeOf={actions.placeOf}
        onDrop={(things, to) => void actions.move(things, to).then(() => look({ sel: undefined }))}
      >
        <div className="flex min-h-0 flex-1">
          <FoldersAside {...tree} />
          <div ref={scroller} className="min-h-0 min-w-0 flex-1 overflow-y-auto">
            <div className="mx-auto max-w-6xl px-3 pb-16 pt-3 sm:px-4 md:px-6">
              <Finder
                folder={folder}
                q={q}
                tag={tag}
                tags={tags}
                drawer={<FoldersDrawer {...tree} />}
                placeOf={actions.placeOf}
                onLook={look}
                onEnter={enter}
              />
              {failed !== null && (
                <ErrorCard
                  thrown={failed}
                  onRetry={() => {
                    void workflowList.refetch()
                    void folderList.refetch()
                  }}
                />
              )}
              {((workflowList.isPending && failed === null) || (isSearching && onShow.length === 0)) && (
                <Skeleton rows={6} className="h-14" />
              )}
              {selected.size > 0 && (
                <SelectionBar
                  count={selected.size}
                  all={onShow.length}
                  onAll={() => look({ sel: onShow })}
                  onNone={() => look({ sel: undefined })}
                  onMove={() => setDialog({ kind: 'move', things: [...selected].map(thingOf) })}
                  onRemove={() => setDialog({ kind: 'remove', things: [...selected].map(thingOf) })}
                  onExport={() => {
                    const things = [...selected].map(thingOf)
                    const ids = workflows
                      .filter(
                        (each) =>
                          selected.has(`w:${each.id}`) ||
                          things.some(
                            (thing) => thing.kind === 'folder' && `${each.path}/`.startsWith(`${thing.path}/`),
                          ),
                      )
                      .map(({ id }) => id)
                    void actions.exportThings(nameOf(folder), { workflowIds: ids })
                  }}
                />
              )}
              {onShow.length > 0 && (
                <LibraryList shown={shown} selected={selected} showsPath={isLooking} acts={acts} scroller={scroller} />
              )}
              {workflowList.data !== undefined && onShow.length === 0 && !isSearching && (
                <EmptyLibrary
                  what={
                    isLooking ? 'nothing-found' : !isThere ? 'no-folder' : folder === '' ? 'nothing' : 'empty-folder'
                  }
                  folder={folder}
                  q={q}
                  onImport={() => setDialog({ kind: 'import' })}
                  onTop={() => enter('')}
                  onEverywhere={() => look({ q: undefined, tag: undefined })}
                />
              )}
            </div>
          </div>
        </div>
      </DragArea>
      <LibraryDialogs
        open={dialog}
        folder={folder}
        folders={folders}
        workflows={workflows}
        actions={actions}
        onClose={() => setDialog(undefined)}
        onEnter={enter}
        onDone={() => look({ sel: undefined })}
      />
    </Page>
  )
}
