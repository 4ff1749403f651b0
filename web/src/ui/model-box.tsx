// Chooses a model: one of the list, any id typed, or the default.

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Command } from 'cmdk'
import { Check, ChevronsUpDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useId, useState } from 'react'
import { modelsQuery } from '../api/queries.ts'

export interface ModelChoice {
  provider: string | null
  model: string | null
}

interface ModelBoxProps {
  value: ModelChoice
  onChange: (choice: ModelChoice) => void
  label: string
  /** Named for what "none" falls back to. */
  defaultLabel: string
  id?: string
  compact?: boolean
}

export function ModelBox({ value, onChange, label, defaultLabel, id, compact = false }: ModelBoxProps) {
  const models = useQuery(modelsQuery)
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const listId = useId()
  const typed = text.trim()
  const byProvider = Map.groupBy(models.data?.items ?? [], (model) => model.provider)
  const titleOf = (provider: string) => models.data?.providers.find((one) => one.id === provider)?.title ?? provider
  const known = models.data?.items.some((model) => model.id === typed) === true

  const choose = (choice: ModelChoice) => () => {
    onChange(choice)
    setOpen(false)
    setText('')
  }

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          id={id}
          role="combobox"
          aria-controls={listId}
          aria-expanded={open}
          aria-label={`${label}: ${value.model ?? defaultLabel}`}
          className={clsx(
            'flex min-w-0 items-center gap-1.5 text-left',
            compact
              ? 'h-7 max-w-64 rounded-md border border-line bg-surface px-2 text-sm hover:bg-hover touch:h-11'
              : 'field !flex',
          )}
        >
          <span className={clsx('min-w-0 flex-1 truncate', value.model === null ? 'text-soft' : 'font-mono text-xs')}>
            {value.model ?? defaultLabel}
          </span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-faint" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          id={listId}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="enter panel z-50 w-80 max-w-[calc(100vw-16px)] overflow-hidden shadow-float"
        >
          <Command label={label} loop>
            <Command.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder="Find a model, or type its id"
              className="h-10 w-full border-b border-line bg-transparent px-3 outline-none placeholder:text-faint"
            />
            <Command.List className="max-h-72 overflow-y-auto p-1">
              <Choice
                on={value.model === null}
                value={`default ${defaultLabel}`}
                onSelect={choose({ provider: null, model: null })}
              >
                {defaultLabel}
              </Choice>
              {[...byProvider].map(([provider, items]) => (
                <Command.Group
                  key={provider}
                  heading={titleOf(provider)}
                  className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
                >
                  {items.map((model) => (
                    <Choice
                      key={model.id}
                      on={value.model === model.id && (value.provider ?? provider) === provider}
                      value={`${provider} ${model.id}`}
                      onSelect={choose({ provider, model: model.id })}
                    >
                      <span className="font-mono text-xs">{model.id}</span>
                    </Choice>
                  ))}
                </Command.Group>
              ))}
              {typed !== '' && !known && (
                <Choice on={false} value={`use ${typed}`} onSelect={choose({ provider: null, model: typed })}>
                  Use <span className="font-mono text-xs">{typed}</span>
                </Choice>
              )}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Choice({
  on,
  value,
  onSelect,
  children,
}: {
  on: boolean
  value: string
  onSelect: () => void
  children: React.ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 data-[selected=true]:bg-hover touch:min-h-11"
    >
      <Check className={clsx('size-3.5 shrink-0', !on && 'invisible')} />
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </Command.Item>
  )
}
