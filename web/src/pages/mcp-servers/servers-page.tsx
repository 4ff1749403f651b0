// The MCP servers that prompts can be given: what each is, who uses it, and how its last test went.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ClipboardPaste, Copy, Ellipsis, Pencil, Plug, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { McpServer } from '#src/agents/contract.ts'
import { mcpServersQuery } from '../../api/mcp-servers.ts'
import { newServer, route } from '../../api/paths.ts'
import { Page } from '../../app/page.tsx'
import { Chip, Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { DeleteServer } from './delete-server.tsx'
import { launchLine } from './draft.ts'
import { ImportDialog } from './import-dialog.tsx'
import { LastTestLine } from './last-test-line.tsx'
import { TestView } from './test-view.tsx'
import { UsedBy } from './used-by.tsx'
import { useServerTest } from './use-server-test.ts'

export function ServersPage() {
  const servers = useQuery(mcpServersQuery)
  const navigate = useNavigate()
  const { paste } = useSearch({ from: route.mcpServers })
  const openPaste = (isOpen: boolean) =>
    void navigate({ to: '.', search: (old) => ({ ...old, paste: isOpen ? true : undefined }), replace: true })

  return (
    <Page
      title="MCP Servers"
      actions={
        <>
          <Button icon={<ClipboardPaste className="size-4" />} onClick={() => openPaste(true)}>
            Paste<span className="max-sm:sr-only"> a server</span>
          </Button>
          <Link to={route.mcpServer} params={{ id: newServer }} className={buttonClass('primary')}>
            <Plus className="size-4" aria-hidden="true" />
            <span className="sr-only">+ </span>New MCP Server
          </Link>
        </>
      }
    >
      <div className="mx-auto max-w-6xl px-4 py-5 md:px-6">
        {servers.error !== null && servers.data === undefined && (
          <ErrorCard thrown={servers.error} onRetry={() => void servers.refetch()} />
        )}
        {servers.isPending && <Skeleton rows={3} className="h-36" />}
        {servers.data?.length === 0 && <NoServers onPaste={() => openPaste(true)} />}
        {servers.data !== undefined && servers.data.length > 0 && (
          <>
            <p className="mb-4 max-w-2xl text-soft">
              Programs and addresses that give agents tools. A prompt has exactly those that are chosen for it.
            </p>
            <ul aria-label="MCP servers" className="grid items-start gap-4 md:grid-cols-2">
              {servers.data.map((server) => (
                <ServerCard key={server.id} server={server} />
              ))}
            </ul>
          </>
        )}
      </div>
      {paste === true && (
        <ImportDialog
          taken={servers.data?.map((server) => server.name) ?? []}
          onClose={() => openPaste(false)}
          onAdded={([id, ...more]) => {
            if (id === undefined || more.length > 0) openPaste(false)
            else void navigate({ to: route.mcpServer, params: { id } })
          }}
        />
      )}
    </Page>
  )
}

function NoServers({ onPaste }: { onPaste: () => void }) {
  return (
    <Empty
      title="No MCP servers yet"
      action={
        <>
          <Button look="primary" icon={<ClipboardPaste className="size-4" />} onClick={onPaste}>
            Paste from another tool
          </Button>
          <Link to={route.mcpServer} params={{ id: newServer }} className={buttonClass('plain')}>
            Fill in a form
          </Link>
        </>
      }
    >
      <p>
        An MCP server gives an agent tools: files, a database, a ticket system. Add one, test it, then choose it in a
        prompt.
      </p>
      <p className="mt-2">
        Have one set up elsewhere already? Its <code className="font-mono text-xs">mcpServers</code> block, or the
        command that starts it, can be pasted as it is.
      </p>
    </Empty>
  )
}

function ServerCard({ server }: { server: McpServer }) {
  const test = useServerTest()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const line = launchLine(server)
  const missing = [...server.env, ...server.headers].filter((row) => !row.isSet)
  const open = () => void navigate({ to: route.mcpServer, params: { id: server.id } })
  const shows = test.state.at === 'running' || test.state.at === 'done' || test.state.at === 'failed'

  return (
    <li aria-label={server.name} className="panel flex min-w-0 flex-col gap-3 px-5 py-4">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">
            <Link to={route.mcpServer} params={{ id: server.id }} className="hover:underline wrap-anywhere">
              {server.name}
            </Link>
          </h2>
          {server.description !== '' && <p className="mt-0.5 line-clamp-2 text-soft">{server.description}</p>}
        </div>
        <Menu
          trigger={
            <IconButton label={`More about ${server.name}`} className="-mr-2 -mt-1">
              <Ellipsis />
            </IconButton>
          }
          items={[
            { label: 'Edit', icon: <Pencil />, onSelect: open },
            {
              label: 'Duplicate',
              icon: <Copy />,
              onSelect: () =>
                void navigate({ to: route.mcpServer, params: { id: newServer }, search: { from: server.id } }),
            },
            { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => setDeleting(true) },
          ]}
        />
      </div>
      <p className="rounded-lg bg-sunken px-3 py-1.5" title={line}>
        <span className="line-clamp-2 font-mono text-xs leading-5 text-soft wrap-anywhere">{line}</span>
      </p>
      <div className="flex flex-wrap gap-1">
        <Chip>{server.transport === 'http' ? 'HTTP' : 'stdio'}</Chip>
        {server.defaultEnabled && <Chip title="New prompts have it switched on">on by default</Chip>}
        {!server.required && <Chip title="A prompt goes on without it when it does not start">not required</Chip>}
        {missing.length > 0 && (
          <span className="inline-flex h-5.5 items-center gap-1 rounded-md bg-waiting-wash px-1.5 text-xs font-medium text-waiting">
            {missing.map((row) => row.name).join(', ')} has no value
          </span>
        )}
      </div>
      {test.state.at !== 'rest' && <TestView test={test} folded />}
      <div className="mt-auto flex flex-wrap items-end justify-between gap-x-4 gap-y-2 pt-1 text-sm">
        <div className="min-w-0 flex-1 basis-48">
          {!shows && <LastTestLine server={server} />}
          <p>
            <UsedBy serverId={server.id} />
          </p>
        </div>
        <Button
          small
          icon={<Plug className="size-4" />}
          aria-label={`Test ${server.name}`}
          disabled={test.state.at === 'running'}
          onClick={() => test.start({ launch: server, what: { id: server.id }, version: server.version })}
        >
          Test
        </Button>
      </div>
      {deleting && <DeleteServer server={server} onClose={() => setDeleting(false)} />}
    </li>
  )
}
