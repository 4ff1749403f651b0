// One provider: its key (set or not, its end, where it comes from), its address, and whether it answers. What is
// typed as a key goes out once and is never read back.

import { Ellipsis, ExternalLink, Plug } from 'lucide-react'
import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import type { ProviderInfo, ProviderTest } from '#src/llm/contract.ts'
import { client } from '../../api/api.ts'
import { providers, useModelsWrite } from '../../api/providers.ts'
import { duration, plural } from '../../lib/format.ts'
import { Chip, ErrorCard } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useToasts } from '../../ui/toast.tsx'

type Part = 'key' | 'address' | 'remove-key' | 'delete'

export function ProviderCard({ provider }: { provider: ProviderInfo }) {
  const { id, title, keyName } = provider
  // The one thing a new Maestro needs is asked for at once.
  const [part, setPart] = useState<Part | undefined>(id === 'openrouter' && !provider.keySet ? 'key' : undefined)
  const test = useProviderTest(id)
  const toasts = useToasts()
  const removeKey = useModelsWrite(client.removeSecret)
  const remove = useModelsWrite(providers.delete)
  const close = () => setPart(undefined)
  const fail = { onError: (thrown: unknown) => toasts.fail(thrown) }

  return (
    <li aria-label={title} className="panel flex min-w-0 flex-col gap-2.5 px-5 py-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="flex flex-wrap items-center gap-x-2 text-base font-semibold">
            {title}
            {!provider.isBuiltIn && <Chip>added</Chip>}
          </h3>
          <KeyState provider={provider} />
        </div>
        <Menu
          trigger={
            <IconButton label={`More about ${title}`} className="-mr-2 -mt-1">
              <Ellipsis />
            </IconButton>
          }
          items={[
            { label: 'Change the address', onSelect: () => setPart('address') },
            ...(provider.keyFrom === 'settings'
              ? [{ label: 'Remove the key', danger: true, onSelect: () => setPart('remove-key') }]
              : []),
            ...(provider.isBuiltIn ? [] : [{ label: 'Delete', danger: true, onSelect: () => setPart('delete') }]),
          ]}
        />
      </div>
      <p className="truncate font-mono text-xs text-faint" title={provider.baseUrl ?? undefined}>
        {provider.baseUrl ?? 'its usual address'}
        {provider.baseUrlFrom === 'environment' && <span className="font-sans"> (from the environment)</span>}
      </p>
      {part === 'key' && keyName !== null && (
        <KeyForm
          provider={provider}
          keyName={keyName}
          autoFocus={provider.keySet}
          onClose={close}
          onStored={() => void test.start()}
        />
      )}
      {part === 'address' && <AddressForm provider={provider} onClose={close} />}
      <ProviderFound test={test} />
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-1">
        {keyName !== null && part !== 'key' && (
          <Button
            small
            onClick={() => setPart('key')}
            aria-label={`${provider.keySet ? 'Replace' : 'Add'} key of ${title}`}
          >
            {provider.keySet ? 'Replace key' : 'Add key'}
          </Button>
        )}
        <Button
          small
          icon={<Plug className="size-4" />}
          aria-label={`Test ${title}`}
          disabled={test.state === 'running'}
          onClick={() => void test.start()}
        >
          {test.state === 'running' ? 'Testing' : 'Test'}
        </Button>
        <span className="flex-1" />
        {provider.modelCount > 0 && (
          <span className="text-xs text-faint">{plural(provider.modelCount, 'model')} in the list</span>
        )}
      </div>
      <Confirm
        open={part === 'remove-key'}
        onClose={close}
        title={`Remove the ${title} key?`}
        consequence="Agents that use this provider stop working until a key is stored again. Maestro cannot bring it back."
        verb="Remove key"
        busy={removeKey.isPending}
        onConfirm={() => keyName !== null && removeKey.mutate(keyName, { onSuccess: close, ...fail })}
      />
      <Confirm
        open={part === 'delete'}
        onClose={close}
        title={`Delete ${title}?`}
        consequence="Its address and its key are forgotten. Prompts that name it fail until they name another provider."
        verb="Delete provider"
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(id, {
            onSuccess: () => toasts.say(`Deleted ${title}`),
            onError: (thrown) => {
              close()
              toasts.fail(thrown)
            },
          })
        }
      />
    </li>
  )
}

function KeyState({ provider }: { provider: ProviderInfo }) {
  if (provider.keyName === null) return <p className="text-sm text-soft">No key needed</p>
  if (!provider.keySet) {
    return (
      <p className="flex flex-wrap items-center gap-x-1.5 text-sm text-muted">
        <Glyph status="queued" size={13} />
        No key yet
        {provider.keyPage !== null && (
          <a
            href={provider.keyPage}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex items-center gap-1 text-brass-text underline underline-offset-2"
          >
            Get one <ExternalLink className="size-3" aria-hidden="true" />
            <span className="sr-only">for {provider.title}, in a new tab</span>
          </a>
        )}
      </p>
    )
  }
  return (
    <p className="flex items-start gap-1.5 text-sm text-succeeded">
      <Glyph status="succeeded" size={13} className="mt-1" />
      <span>
        Set{provider.keyHint === null ? '' : `, ends in …${provider.keyHint}`}
        {provider.keyFrom === 'environment' && <span className="text-soft"> (from the environment)</span>}
      </span>
    </p>
  )
}

interface KeyFormProps {
  provider: ProviderInfo
  keyName: string
  autoFocus: boolean
  onClose: () => void
  onStored: () => void
}

function KeyForm({ provider, keyName, autoFocus, onClose, onStored }: KeyFormProps) {
  const [value, setValue] = useState('')
  const toasts = useToasts()
  const set = useModelsWrite((key: string) => client.setSecret(keyName, key))

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    if (value.trim() === '') return
    set.mutate(value.trim(), {
      onSuccess: () => {
        setValue('')
        onClose()
        toasts.say(`${provider.title} key stored`)
        onStored()
      },
      onError: (thrown) => toasts.fail(thrown),
    })
  }

  return (
    <form onSubmit={onSubmit} className="enter flex flex-wrap items-end gap-2">
      <div className="min-w-44 flex-1">
        <Field label={`${provider.title} API key`}>
          {(ties) => (
            <input
              {...ties}
              className="field code-field"
              type="password"
              autoComplete="off"
              autoFocus={autoFocus}
              placeholder={keyName}
              value={value}
              onChange={(event) => setValue(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && onClose()}
            />
          )}
        </Field>
      </div>
      {provider.keySet && <Button onClick={onClose}>Cancel</Button>}
      <Button type="submit" look="primary" disabled={set.isPending || value.trim() === ''}>
        Store key
      </Button>
    </form>
  )
}

function AddressForm({ provider, onClose }: { provider: ProviderInfo; onClose: () => void }) {
  const [value, setValue] = useState(provider.baseUrl ?? '')
  const toasts = useToasts()
  const update = useModelsWrite(providers.update)
  const problem =
    value.trim() === '' || /^https?:\/\/[^\s?#]+$/.test(value.trim())
      ? undefined
      : 'An http:// or https:// address, such as https://api.example.com/v1.'

  function store(baseUrl: string | null) {
    update.mutate({ id: provider.id, baseUrl }, { onSuccess: onClose, onError: (thrown) => toasts.fail(thrown) })
  }

  return (
    <form
      className="enter flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (problem === undefined && value.trim() !== '') store(value.trim())
      }}
    >
      <Field label="Address" problem={problem}>
        {(ties) => (
          <input
            {...ties}
            type="url"
            autoFocus
            className="field code-field"
            spellCheck={false}
            autoComplete="off"
            placeholder="https://api.example.com/v1"
            value={value}
            onChange={(event) => setValue(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && onClose()}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button
          small
          type="submit"
          look="primary"
          disabled={update.isPending || problem !== undefined || value.trim() === ''}
        >
          Store address
        </Button>
        {provider.isBuiltIn && provider.baseUrlFrom === 'settings' && (
          <Button small disabled={update.isPending} onClick={() => store(null)}>
            Usual address again
          </Button>
        )}
        <Button small onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

interface Testing {
  readonly state: 'rest' | 'running' | 'done' | 'failed'
  readonly found: ProviderTest | undefined
  readonly thrown: unknown
  start(): Promise<void>
}

function useProviderTest(id: string): Testing {
  const [now, setNow] = useState<Omit<Testing, 'start'>>({ state: 'rest', found: undefined, thrown: undefined })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  return {
    ...now,
    async start() {
      running.current?.abort()
      const mine = new AbortController()
      running.current = mine
      setNow({ state: 'running', found: undefined, thrown: undefined })
      try {
        const found = await providers.test(id, {}, mine.signal)
        if (!mine.signal.aborted) setNow({ state: 'done', found, thrown: undefined })
      } catch (thrown) {
        if (!mine.signal.aborted) setNow({ state: 'failed', found: undefined, thrown })
      }
    },
  }
}

function ProviderFound({ test }: { test: Testing }) {
  if (test.state === 'failed') return <ErrorCard thrown={test.thrown} />
  const { found } = test
  if (found === undefined) return null
  return (
    <div role="status" className={`rounded-lg px-3 py-2 text-sm ${found.ok ? 'bg-succeeded-wash' : 'bg-failed-wash'}`}>
      <p className={`flex items-start gap-1.5 ${found.ok ? 'text-succeeded' : 'text-failed'}`}>
        <Glyph status={found.ok ? 'succeeded' : 'failed'} size={13} className="mt-1" />
        <span className="min-w-0 wrap-anywhere">{found.message}</span>
      </p>
      {found.hint !== null && <p className="mt-0.5 text-soft wrap-anywhere">{found.hint}</p>}
      <p className="mt-0.5 text-xs text-faint wrap-anywhere">
        <span className="font-mono">{found.url}</span> · {duration(found.durationMs)}
      </p>
    </div>
  )
}
