// Ctrl/Cmd K: every page, workflow and recent run by name, and what can be done with them.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Keyboard, ListMusic, Moon, Pencil, Play, Plus, Sun, SunMoon } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import { newWorkflow, route } from '../api/paths.ts'
import { runsQuery, useStartRun, workflowsQuery } from '../api/queries.ts'
import { chooseTheme } from '../theme/theme.ts'
import { Glyph } from '../ui/glyph.tsx'
import { states } from '../ui/status.ts'
import { Ago } from '../ui/bits.tsx'
import { useToasts } from '../ui/toast.tsx'
import { entries } from './rail.tsx'

interface PaletteProps {
  open: boolean
  onClose: () => void
  onKeys: () => void
}

export function Palette({ open, onClose, onKeys }: PaletteProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="shade fixed inset-0 z-40" aria-hidden="true" />
        <Radix.Content
          aria-describedby={undefined}
          className="enter panel fixed left-1/2 top-[10vh] z-50 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 overflow-hidden shadow-float"
        >
          <Radix.Title className="sr-only">Find anything</Radix.Title>
          <PaletteList onClose={onClose} onKeys={onKeys} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function PaletteList({ onClose, onKeys }: Omit<PaletteProps, 'open'>) {
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const toasts = useToasts()
  const workflows = useQuery(workflowsQuery)
  const runs = useInfiniteQuery(runsQuery({}))
  const start = useStartRun()
  const recent = runs.data?.pages.flatMap((page) => page.items).slice(0, 40) ?? []

  /** Closes first, so that focus does not come back after a new page took it. */
  const then = (act: () => unknown) => () => {
    onClose()
    act()
  }
  const runNow = (id: string) =>
    start.mutate(id, {
      onSuccess: (run) => void navigate({ to: route.run, params: { id: run.id } }),
      onError: (thrown) => toasts.fail(thrown),
    })

  return (
    <Command label="Find anything" loop>
      <Command.Input
        autoFocus
        value={text}
        onValueChange={setText}
        placeholder="Find a page, workflow or run, or do something"
        className="h-12 w-full border-b border-line bg-transparent px-4 text-[15px] outline-none placeholder:text-faint"
      />
      <Command.List className="max-h-[56vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint">
        <Command.Empty className="px-3 py-8 text-center text-soft">Nothing is called "{text}".</Command.Empty>
        <Command.Group heading="Go to">
          {entries.map((entry) => (
            <Item
              key={entry.to}
              value={`go ${entry.label}`}
              icon={<entry.Icon />}
              keys={entry.keys}
              onSelect={then(() => navigate({ to: entry.to }))}
            >
              {entry.label}
            </Item>
          ))}
        </Command.Group>
        <Command.Group heading="Do">
          <Item
            value="do new workflow create"
            icon={<Plus />}
            onSelect={then(() => navigate({ to: route.workflow, params: { id: newWorkflow } }))}
          >
            New workflow
          </Item>
          {workflows.data?.map((workflow) => (
            <Item
              key={workflow.id}
              value={`run ${workflow.name} ${workflow.id}`}
              icon={<Play />}
              onSelect={then(() => runNow(workflow.id))}
            >
              Run {workflow.name}
            </Item>
          ))}
          <Item value="do keys help shortcuts" icon={<Keyboard />} keys="?" onSelect={then(onKeys)}>
            Show the keys
          </Item>
          <Item value="do theme light" icon={<Sun />} onSelect={then(() => chooseTheme('light'))}>
            Light theme
          </Item>
          <Item value="do theme dark" icon={<Moon />} onSelect={then(() => chooseTheme('dark'))}>
            Dark theme
          </Item>
          <Item value="do theme system" icon={<SunMoon />} onSelect={then(() => chooseTheme('system'))}>
            Theme as the system
          </Item>
        </Command.Group>
        {workflows.data !== undefined && workflows.data.length > 0 && (
          <Command.Group heading="Workflows">
            {workflows.data.map((workflow) => (
              <Item
                key={workflow.id}
                value={`open workflow ${workflow.name} ${workflow.id}`}
                icon={text === '' ? <ListMusic /> : <Pencil />}
                onSelect={then(() => navigate({ to: route.workflow, params: { id: workflow.id } }))}
              >
                {workflow.name}
              </Item>
            ))}
          </Command.Group>
        )}
        {recent.length > 0 && (
          <Command.Group heading="Recent runs">
            {recent.map((run) => (
              <Item
                key={run.id}
                value={`run page ${run.workflowName} ${states[run.status].word} ${run.id}`}
                icon={<Glyph status={run.status} />}
                aside={<Ago at={run.createdAt} />}
                onSelect={then(() => navigate({ to: route.run, params: { id: run.id } }))}
              >
                {run.workflowName} <span className="text-faint">{states[run.status].word.toLowerCase()}</span>
              </Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  )
}

interface ItemProps {
  value: string
  icon: ReactNode
  keys?: string
  aside?: ReactNode
  onSelect: () => void
  children: ReactNode
}

function Item({ value, icon, keys, aside, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover touch:h-11 [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside !== undefined && <span className="text-xs text-faint">{aside}</span>}
      {keys !== undefined && <span className="font-mono text-2xs text-faint">{keys}</span>}
    </Command.Item>
  )
}
