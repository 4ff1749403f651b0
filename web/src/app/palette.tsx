// Ctrl/Cmd K: finds everything by its name and does it. What was chosen lately comes first.

import { Command as List } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { browse, rank } from './rank.ts'
import { recentCommands, rememberCommand } from './recent.ts'
import { useCommands, type Command } from './use-commands.tsx'

interface PaletteProps {
  open: boolean
  onClose: () => void
  onKeys: () => void
  onBrakes: () => void
}

const mostFound = 50

export function Palette({ open, onClose, onKeys, onBrakes }: PaletteProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="shade fixed inset-0 z-40" aria-hidden="true" />
        <Radix.Content
          aria-describedby={undefined}
          className="enter panel fixed left-1/2 top-[10vh] z-50 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 overflow-hidden shadow-float"
        >
          <Radix.Title className="sr-only">Find anything</Radix.Title>
          <PaletteList onClose={onClose} onKeys={onKeys} onBrakes={onBrakes} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function PaletteList({ onClose, onKeys, onBrakes }: Omit<PaletteProps, 'open'>) {
  const [text, setText] = useState('')
  /** The chosen one by its id; undefined: the best. */
  const [at, setAt] = useState<string>()
  const [recent] = useState(recentCommands)
  const commands = useCommands(onKeys, onBrakes)
  const isTyped = text.trim() !== ''
  const shown: [string, Command[]][] = isTyped
    ? [['', rank(commands, text, recent).slice(0, mostFound)]]
    : browse(commands, recent, { recent: 5, each: 8 })

  const first = shown[0]?.[1][0]?.id ?? ''
  const isShown = shown.some(([, list]) => list.some((command) => command.id === at))

  function choose(command: Command) {
    rememberCommand(command.id)
    // Closes first, so that focus does not come back after a new page took it.
    onClose()
    void command.run()
  }

  return (
    <List
      label="Find anything"
      loop
      shouldFilter={false}
      value={at !== undefined && isShown ? at : first}
      onValueChange={setAt}
    >
      <List.Input
        autoFocus
        value={text}
        onValueChange={(next) => {
          setText(next)
          setAt(undefined)
        }}
        placeholder="Find anything, or do something"
        className="h-12 w-full border-b border-line bg-transparent px-4 text-[15px] outline-none placeholder:text-faint"
      />
      <List.List className="max-h-[56vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint">
        <List.Empty className="px-3 py-8 text-center text-soft">Nothing is called "{text}".</List.Empty>
        {shown.map(([group, list]) => (
          <List.Group key={group} {...(isTyped ? {} : { heading: group })}>
            {list.map((command) => (
              <Item key={command.id} command={command} named={isTyped} onSelect={() => choose(command)} />
            ))}
          </List.Group>
        ))}
      </List.List>
    </List>
  )
}

interface ItemProps {
  command: Command
  /** Says which group it is of. */
  named: boolean
  onSelect: () => void
}

function Item({ command, named, onSelect }: ItemProps) {
  const { id, icon, label, group, aside, keys } = command
  return (
    <List.Item
      value={id}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover touch:h-11 [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {aside !== undefined && <span className="shrink-0 text-xs text-faint">{aside}</span>}
      {named && aside === undefined && group !== 'Do' && <span className="shrink-0 text-xs text-faint">{group}</span>}
      {keys !== undefined && <span className="shrink-0 font-mono text-2xs text-faint">{keys}</span>}
    </List.Item>
  )
}
