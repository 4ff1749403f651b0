// Which MCP servers a prompt may use: exactly those that are ticked, nothing of what other prompts have.

import { useQuery } from '@tanstack/react-query'
import { Plug } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import type { McpServer } from '#src/agents/contract.ts'
import { plural, tokens } from '../../lib/format.ts'
import { Chip, Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ImportDialog } from '../mcp-servers/import-dialog.tsx'
import { useLastTest } from '../mcp-servers/last-tests.ts'
import { mcpServersQuery } from '../../api/mcp-servers.ts'

interface ServersButtonProps {
  /** `step 2` */
  name: string
  value: readonly string[]
  problem: string | undefined
  onChange: (ids: string[]) => void
}

export function ServersButton({ name, value, problem, onChange }: ServersButtonProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        data-invalid={problem !== undefined}
        onClick={() => setOpen(true)}
        className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-sm hover:bg-hover data-[invalid=true]:border-failed touch:h-11"
      >
        <Plug className="size-3.5 text-faint" />
        MCP Servers
        <span className="text-soft">
          {value.length}
          <span className="sr-only"> chosen for {name}</span>
        </span>
      </button>
      {open && (
        <ServersDialog
          name={name}
          value={value}
          onClose={() => setOpen(false)}
          onApply={(ids) => {
            onChange(ids)
            setOpen(false)
          }}
        />
      )}
    </>
  )
}

interface ServersDialogProps {
  name: string
  value: readonly string[]
  onApply: (ids: string[]) => void
  onClose: () => void
}

function ServersDialog({ name, value, onApply, onClose }: ServersDialogProps) {
  const servers = useQuery(mcpServersQuery)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(value))
  const [adding, setAdding] = useState(false)
  const known = servers.data ?? []
  const gone = value.filter((id) => servers.data !== undefined && !known.some((server) => server.id === id))
  const toggle = (id: string) =>
    setTicked((old) => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })
  // In the order of the list, so that ticking twice leaves no trace; what is gone keeps its place at the end.
  const chosen = [...known.map((server) => server.id), ...gone].filter((id) => ticked.has(id))
  const hasUnknownOrder = servers.data === undefined

  // In its place, not over it: what is ticked stays, and nothing of the workflow is left behind.
  if (adding) {
    return (
      <ImportDialog
        taken={known.map((server) => server.name)}
        onClose={() => setAdding(false)}
        onAdded={(ids) => {
          setTicked((old) => new Set([...old, ...ids]))
          setAdding(false)
        }}
      />
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`MCP servers of ${name}`}
      description="The prompt gets exactly these. Each costs context in every request, so choose what it needs."
      footer={
        <>
          <Button look="quiet" className="mr-auto" onClick={() => setAdding(true)}>
            Add a server
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={hasUnknownOrder} onClick={() => onApply(chosen)}>
            Apply
          </Button>
        </>
      }
    >
      {servers.isPending && <Skeleton rows={3} className="h-11" />}
      {servers.error !== null && <ErrorCard thrown={servers.error} onRetry={() => void servers.refetch()} />}
      {known.length === 0 && servers.data !== undefined && gone.length === 0 && (
        <Empty title="No MCP server yet">An MCP server gives a prompt tools, such as a browser or a database.</Empty>
      )}
      <ul className="flex flex-col gap-0.5">
        {known.map((server) => (
          <Choice
            key={server.id}
            name={server.name}
            on={ticked.has(server.id)}
            onToggle={() => toggle(server.id)}
            mark={
              <>
                {server.defaultEnabled && <Chip>on by default</Chip>}
                <ContextCost server={server} />
              </>
            }
          >
            {server.description !== '' ? (
              server.description
            ) : (
              <code className="font-mono text-xs">
                {server.transport === 'http' ? server.url : [server.command, ...server.args].join(' ')}
              </code>
            )}
          </Choice>
        ))}
        {gone.map((id) => (
          <Choice key={id} name={id} on={ticked.has(id)} onToggle={() => toggle(id)}>
            <span className="text-failed">There is no such server any more.</span>
          </Choice>
        ))}
      </ul>
      <p role="status" className="mt-3 text-sm text-faint">
        {plural(chosen.length, 'server')} chosen
      </p>
    </Dialog>
  )
}

/** What its tools add to every request, where its last test told. */
function ContextCost({ server }: { server: McpServer }) {
  const last = useLastTest(server.id, server.version)
  if (last === undefined || !last.ok) return null
  return (
    <span className="text-xs text-faint">
      {plural(last.tools, 'tool')}, {tokens(last.tokens)} tokens
    </span>
  )
}

interface ChoiceProps {
  name: string
  on: boolean
  mark?: ReactNode
  onToggle: () => void
  children: ReactNode
}

function Choice({ name, on, mark, onToggle, children }: ChoiceProps) {
  const id = useId()
  return (
    <li className="relative flex min-h-11 items-start gap-2 rounded-md px-1 py-1.5 hover:bg-hover">
      <input
        id={id}
        type="checkbox"
        className="tick relative z-1"
        checked={on}
        onChange={onToggle}
        aria-describedby={`${id}-more`}
      />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2">
          <label htmlFor={id} className="cursor-pointer font-medium wrap-anywhere after:absolute after:inset-0">
            {name}
          </label>
          {mark}
        </div>
        <div id={`${id}-more`} className="truncate text-sm text-soft">
          {children}
        </div>
      </div>
    </li>
  )
}
