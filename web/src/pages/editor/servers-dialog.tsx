// Which MCP servers a prompt may use: exactly those that are ticked, nothing of what other prompts have.

import { useQuery } from '@tanstack/react-query'
import { Plug } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { plural } from '../../lib/format.ts'
import { Chip, Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
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

  return (
    <Dialog
      open
      onClose={onClose}
      title={`MCP servers of ${name}`}
      description="The prompt gets exactly these. Each costs context in every request, so choose what it needs."
      footer={
        <>
          <a href="/mcp-servers" target="_blank" rel="noopener" className={`${buttonClass('quiet')} mr-auto`}>
            Add a server
          </a>
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
            mark={server.defaultEnabled && <Chip>on by default</Chip>}
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
