// Writes one workflow. Run Now stays in sight; it saves first what is not saved.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Check, Play } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Workflow } from '#src/workflows/contract.ts'
import { foldersQuery } from '../../api/library.ts'
import { mcpServersQuery } from '../../api/mcp-servers.ts'
import { newWorkflow, route } from '../../api/paths.ts'
import { agentsQuery, useStartRun, workflowQuery, workflowsQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { plural } from '../../lib/format.ts'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { blankInput } from './draft.ts'
import { crumbs } from '../workflows/tree.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import { remarksAt } from './remarks.tsx'
import { Steps } from './steps.tsx'
import { TagsInput } from './tags-input.tsx'
import { useDraft, type Draft } from './use-draft.ts'
import { useRemarks } from './use-remarks.ts'
import { WorkflowPanel } from './workflow-panel.tsx'

export function EditorPage() {
  const { id } = useParams({ from: '/workflows/$id' })
  const isNew = id === newWorkflow
  const workflow = useQuery({ ...workflowQuery(id), enabled: !isNew, refetchOnWindowFocus: false })
  // A workflow just created keeps the editor it was written in, although its address changes.
  const [created, setCreated] = useState<string>()
  // A new prompt begins with the servers that are on by default, so these must be known first.
  const servers = useQuery(mcpServersQuery)
  const serverIds = (servers.data ?? []).filter((server) => server.defaultEnabled).map((server) => server.id)
  const rest = { onCreated: setCreated, defaultServerIds: serverIds }
  if ((isNew && !servers.isPending) || created === id) return <Editor key="new" stored={undefined} {...rest} />
  if (workflow.data !== undefined) return <Editor key={id} stored={workflow.data} {...rest} />
  return (
    <Page title="Workflow">
      <div className="mx-auto max-w-3xl p-6">
        {workflow.error === null ? (
          <Skeleton rows={5} className="h-14" />
        ) : (
          <ErrorCard thrown={workflow.error} onRetry={() => void workflow.refetch()} />
        )}
      </div>
    </Page>
  )
}

interface EditorProps {
  stored: Workflow | undefined
  defaultServerIds: readonly string[]
  onCreated: (id: string) => void
}

function Editor({ stored, defaultServerIds, onCreated }: EditorProps) {
  const { folder = '' } = useSearch({ from: '/workflows/$id' })
  const [blank] = useState(() => blankInput(folder, defaultServerIds))
  const draft = useDraft(stored, blank)
  const agents = useQuery(agentsQuery)
  const workflows = useQuery(workflowsQuery)
  const start = useStartRun()
  const toasts = useToasts()
  const navigate = useNavigate()
  const { input, change, changes, base, problems } = draft
  const dirty = changes.length > 0
  const said = useRemarks(input, base.id)
  // What the form knows itself it says in its own words, and on a new workflow not before the first try to save.
  const remarks = useMemo(
    () => said.filter((remark) => !problems.some((problem) => problem.path === remark.path)),
    [said, problems],
  )
  /** Where our own navigation goes after a save: nothing is lost by it. */
  const goingTo = useRef<string>(undefined)

  async function save(): Promise<Workflow | undefined> {
    const saved = await draft.store()
    if (saved === undefined) {
      showFirstProblem()
      return undefined
    }
    if (base.id === undefined) {
      onCreated(saved.id)
      goingTo.current = `/workflows/${saved.id}`
      await navigate({ to: route.workflow, params: { id: saved.id }, replace: true })
    }
    return saved
  }

  async function run() {
    const saved = dirty || base.id === undefined ? await save() : { id: base.id }
    if (saved === undefined) return
    start.mutate(saved.id, {
      onSuccess: (started) => {
        goingTo.current = `/runs/${started.id}`
        void navigate({ to: route.run, params: { id: started.id } })
      },
      onError: (thrown) => toasts.fail(thrown),
    })
  }

  const folders = useQuery(foldersQuery).data ?? []
  /** The form's own, else the server's. */
  const problemOf = (path: string) =>
    draft.problemAt(path) ?? remarksAt(remarks, path).find((remark) => remark.level === 'error')?.message

  useEditorKeys({ save: () => void save(), run: () => void run() })
  const nothingToSave = !dirty && base.id !== undefined

  return (
    <Page
      title={
        <div className="min-w-0">
          <nav aria-label="Breadcrumb" className="flex items-center gap-1.5 text-xs text-faint">
            {crumbs(input.path ?? '').map(({ path, name }, index) => (
              <span key={path} className="flex min-w-0 items-center gap-1.5">
                {index > 0 && <span aria-hidden="true">/</span>}
                <Link
                  to={route.workflows}
                  search={path === '' ? {} : { folder: path }}
                  className="truncate py-1 hover:text-ink hover:underline"
                >
                  {path === '' ? 'Workflows' : name}
                </Link>
              </span>
            ))}
          </nav>
          <h1 className="truncate text-[20px] leading-7">{input.name.trim() === '' ? 'New workflow' : input.name}</h1>
        </div>
      }
      actions={
        <>
          <span role="status" className="mr-1 text-sm text-faint max-sm:sr-only">
            <SaveState draft={draft} />
          </span>
          <Button
            look="quiet"
            onClick={() =>
              void navigate({ to: route.workflows, search: base.input.path ? { folder: base.input.path } : {} })
            }
          >
            Cancel
          </Button>
          <Button disabled={nothingToSave || draft.saving} onClick={() => void save()} title="Ctrl S">
            Save
          </Button>
          <Button
            look="primary"
            icon={<Play className="size-4" />}
            disabled={start.isPending || draft.saving}
            onClick={() => void run()}
            title={nothingToSave ? 'Ctrl Enter' : 'Saves first, then runs. Ctrl Enter'}
          >
            Run Now
          </Button>
        </>
      }
    >
      <div className="mx-auto grid max-w-6xl gap-x-10 gap-y-8 px-4 py-5 md:px-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="flex min-w-0 flex-col gap-5">
          <div className="flex flex-col gap-3 pl-9 max-sm:pl-0">
            <Field label="Name" problem={problemOf('name')}>
              {(ties) => (
                <input
                  {...ties}
                  className="field !text-[15px] font-medium"
                  autoFocus={stored === undefined}
                  value={input.name}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <Field label="Description" problem={draft.problemAt('description')}>
              {(ties) => (
                <textarea
                  {...ties}
                  rows={2}
                  className="field resize-y"
                  placeholder="What it is for"
                  value={input.description ?? ''}
                  onChange={(event) => change({ description: event.target.value })}
                />
              )}
            </Field>
            <div className="grid gap-3 sm:grid-cols-2">
              <Field
                label="Folder"
                problem={problemOf('path')}
                hint="As in team/reviews; one that is not there is made."
              >
                {(ties) => (
                  <>
                    <input
                      {...ties}
                      className="field"
                      list="folders"
                      placeholder="At the top"
                      value={input.path ?? ''}
                      onChange={(event) => change({ path: event.target.value })}
                    />
                    <datalist id="folders">
                      {folders.map(({ path }) => (
                        <option key={path} value={path}>
                          {path}
                        </option>
                      ))}
                    </datalist>
                  </>
                )}
              </Field>
              <Field label="Tags" problem={problemOf('tags')} hint="To find it by. Enter adds one.">
                {(ties) => <TagsInput {...ties} value={input.tags ?? []} onChange={(tags) => change({ tags })} />}
              </Field>
            </div>
          </div>
          <Steps draft={draft} agents={agents.data ?? []} remarks={remarks} defaultServerIds={defaultServerIds} />
        </div>
        <WorkflowPanel
          draft={draft}
          agents={agents.data ?? []}
          summary={workflows.data?.find((each) => each.id === base.id)}
          remarks={remarks}
        />
      </div>
      <LeaveGuard
        changes={draft.changes}
        saving={draft.saving}
        onSave={async () => (await draft.store()) !== undefined}
        isLeaving={(to) => to !== goingTo.current && to !== location.pathname}
      />
      <ConflictDialog draft={draft} />
    </Page>
  )
}

function SaveState({ draft: { saving, changes, base } }: { draft: Draft }) {
  if (saving) return 'Saving'
  if (changes.length > 0) return <span title={changes.join('\n')}>Unsaved: {plural(changes.length, 'change')}</span>
  if (base.id === undefined) return 'Not saved yet'
  return (
    <span className="inline-flex items-center gap-1">
      <Check className="size-3.5" />
      Saved
    </span>
  )
}

/** After the problems are drawn: brings the first one into sight. */
function showFirstProblem() {
  requestAnimationFrame(() =>
    document
      .querySelector('[aria-invalid="true"], [data-invalid="true"], [role="alert"]')
      ?.scrollIntoView({ block: 'center' }),
  )
}

function useEditorKeys(act: { save: () => void; run: () => void }) {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!event.ctrlKey && !event.metaKey) return
      if (event.key.toLowerCase() === 's') {
        event.preventDefault()
        latest.current.save()
      } else if (event.key === 'Enter') {
        event.preventDefault()
        latest.current.run()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
