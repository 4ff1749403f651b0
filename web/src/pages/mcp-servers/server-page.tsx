// One MCP server: its fields, a test of them before and after they are stored, and who uses it.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ChevronLeft, Copy, Ellipsis, Plug, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { McpServer } from '#src/agents/contract.ts'
import { mcpServerQuery } from '../../api/mcp-servers.ts'
import { newServer, route } from '../../api/paths.ts'
import { Page } from '../../app/page.tsx'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DeleteServer } from './delete-server.tsx'
import { defaultStartTimeoutSec, inputOf } from './draft.ts'
import { LastTestLine } from './last-test-line.tsx'
import { keepTest } from './last-tests.ts'
import { ServerForm } from './server-form.tsx'
import { TestView } from './test-view.tsx'
import { UsedBy } from './used-by.tsx'
import { useServerDraft } from './use-server-draft.ts'
import { useServerTest } from './use-server-test.ts'

const crumb = (
  <Link
    to={route.mcpServers}
    aria-label="MCP Servers"
    title="MCP Servers"
    className={`${buttonClass('quiet')} -ml-2 !size-8 !px-0`}
  >
    <ChevronLeft className="size-4" />
  </Link>
)

export function ServerPage() {
  const { id } = useParams({ from: route.mcpServer })
  const { from } = useSearch({ from: route.mcpServer })
  const wanted = id === newServer ? from : id
  const server = useQuery({
    ...mcpServerQuery(wanted ?? ''),
    enabled: wanted !== undefined,
    refetchOnWindowFocus: false,
  })
  if (wanted === undefined) return <ServerEditor key="new" />
  if (server.data !== undefined)
    return id === newServer ? (
      <ServerEditor key={`copy ${wanted}`} copyOf={server.data} />
    ) : (
      <ServerEditor key={id} stored={server.data} />
    )
  return (
    <Page title="MCP server" crumb={crumb}>
      <div className="mx-auto max-w-3xl px-4 py-6 md:px-6">
        {server.error === null ? (
          <Skeleton rows={6} className="h-14" />
        ) : (
          <ErrorCard thrown={server.error} onRetry={() => void server.refetch()} />
        )}
      </div>
    </Page>
  )
}

function ServerEditor({ stored, copyOf }: { stored?: McpServer; copyOf?: McpServer }) {
  const edit = useServerDraft(stored, copyOf)
  const test = useServerTest()
  const navigate = useNavigate()
  const toasts = useToasts()
  const tested = useRef('')
  const [deleting, setDeleting] = useState(false)
  const isNew = edit.base.id === undefined
  const isChanged = edit.changes.length > 0

  async function save(over?: McpServer): Promise<boolean> {
    const saved = await edit.store(over)
    if (saved === undefined) {
      showFirstProblem()
      return false
    }
    takeOverTest(saved)
    toasts.say(`Saved ${saved.name}`)
    if (isNew) await navigate({ to: route.mcpServer, params: { id: saved.id }, replace: true, ignoreBlocker: true })
    return true
  }

  /** A test of exactly what is stored now counts for it. */
  function takeOverTest(saved: McpServer) {
    if (test.state.at === 'done' && tested.current === JSON.stringify(inputOf(edit.draft)))
      keepTest(saved.id, saved.version, test.state.test, test.state.endedAt)
  }

  /** What the form says; of a stored server without changes the stored form. */
  function startTest() {
    edit.touch()
    if (edit.problems.some((problem) => problem.path !== 'name')) {
      showFirstProblem()
      return
    }
    const { id, version } = edit.base
    const input = inputOf({ ...edit.draft, name: edit.draft.name.trim() === '' ? 'New server' : edit.draft.name })
    tested.current = JSON.stringify(inputOf(edit.draft))
    if (id !== undefined && !isChanged) test.start({ launch: input, what: { id }, version })
    else test.start({ launch: input, what: { id, input } })
  }

  // Where the window is narrow the test lies below the form.
  const aside = useRef<HTMLElement>(null)
  const testIsAt = test.state.at
  useEffect(() => {
    if (testIsAt === 'running') aside.current?.scrollIntoView({ block: 'nearest' })
  }, [testIsAt])

  const latest = useRef(save)
  latest.current = save
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return
      event.preventDefault()
      if (document.querySelector('[role="dialog"]') === null) void latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <Page
      crumb={crumb}
      title={isNew ? (copyOf === undefined ? 'New MCP server' : `Copy of ${copyOf.name}`) : edit.base.draft.name}
      actions={
        <>
          <span role="status" className={`text-sm max-sm:sr-only ${isChanged ? 'text-waiting' : 'text-faint'}`}>
            {isChanged ? 'Not saved' : isNew ? '' : 'Saved'}
          </span>
          {stored !== undefined && (
            <Menu
              trigger={
                <IconButton label="More">
                  <Ellipsis />
                </IconButton>
              }
              items={[
                {
                  label: 'Duplicate',
                  icon: <Copy />,
                  onSelect: () =>
                    void navigate({ to: route.mcpServer, params: { id: newServer }, search: { from: stored.id } }),
                },
                { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => setDeleting(true) },
              ]}
            />
          )}
          <Button icon={<Plug className="size-4" />} disabled={test.state.at === 'running'} onClick={startTest}>
            Test
          </Button>
          <Button look="primary" disabled={edit.saving || (!isChanged && !isNew)} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] items-start gap-x-10 gap-y-6 px-4 py-5 md:px-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,420px)]">
        <ServerForm edit={edit} />
        <aside ref={aside} aria-label="Test" className="flex flex-col gap-4 lg:sticky lg:top-5">
          <section className="panel flex flex-col gap-3 px-5 py-4">
            <h2 className="text-sm font-semibold text-soft">Test</h2>
            {test.state.at === 'rest' || test.state.at === 'asking' ? (
              <p className="text-soft">
                {edit.draft.transport === 'http'
                  ? 'Asks the address for its tools, as a prompt would, within '
                  : 'Starts the program, greets it, asks for its tools and ends it, within '}
                {edit.draft.startTimeoutSec ?? defaultStartTimeoutSec} s. It works before saving too.
              </p>
            ) : null}
            {stored !== undefined && !isChanged && test.state.at === 'rest' && (
              <div className="text-sm">
                <LastTestLine server={stored} />
              </div>
            )}
            <TestView test={test} />
          </section>
          {stored !== undefined && (
            <p className="px-1 text-sm">
              <UsedBy serverId={stored.id} most={8} />
            </p>
          )}
        </aside>
      </div>
      <LeaveGuard changes={edit.changes} saving={edit.saving} onSave={() => save()} />
      <ConflictDialog edit={edit} onSaveOver={(current) => void save(current)} />
      {deleting && stored !== undefined && (
        <DeleteServer
          server={stored}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate({ to: route.mcpServers, ignoreBlocker: true })}
        />
      )}
    </Page>
  )
}

/** After the form has shown what is wrong. */
function showFirstProblem() {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('main [aria-invalid="true"]')
    field?.focus()
    field?.scrollIntoView({ block: 'center' })
  })
}
