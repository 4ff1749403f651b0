// One provider's key: set or not, its end, where it comes from. What is typed goes out once and is
// never read back.

import { useState, type SubmitEvent } from 'react'
import { client } from '../../api/api.ts'
import type { ProviderInfo } from '#src/llm/contract.ts'
import { useSettingsWrite } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { useToasts } from '../../ui/toast.tsx'

export function ProviderKey({ provider }: { provider: ProviderInfo }) {
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [value, setValue] = useState('')
  const { keyName } = provider
  const toasts = useToasts()
  const set = useSettingsWrite((secret: { name: string; value: string }) => client.setSecret(secret.name, secret.value))
  const remove = useSettingsWrite((name: string) => client.removeSecret(name))

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    const trimmed = value.trim()
    if (keyName === null || trimmed === '') return
    set.mutate(
      { name: keyName, value: trimmed },
      {
        onSuccess: () => {
          setValue('')
          setEditing(false)
          toasts.say(`${provider.title} key stored`)
        },
        onError: (thrown) => toasts.fail(thrown),
      },
    )
  }

  return (
    <li aria-label={provider.title} className="px-5 py-3.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-52">
          <p className="font-medium">{provider.title}</p>
          <p className="truncate text-xs text-faint">
            <span className="font-mono">{keyName ?? 'no key needed'}</span>
            {provider.baseUrl !== null && <span title={provider.baseUrl}> · {provider.baseUrl}</span>}
          </p>
        </div>
        <KeyState provider={provider} />
        {keyName !== null && keyName !== '' && !editing && (
          <div className="flex gap-2">
            {provider.keyFrom === 'settings' && (
              <Button small look="quiet" onClick={() => setRemoving(true)}>
                Remove
              </Button>
            )}
            <Button
              small
              onClick={() => setEditing(true)}
              aria-label={`${provider.keySet ? 'Replace' : 'Add'} the ${provider.title} key`}
            >
              {provider.keySet ? 'Replace' : 'Add key'}
            </Button>
          </div>
        )}
      </div>
      {editing && (
        <form onSubmit={onSubmit} className="enter mt-3 flex flex-wrap gap-2">
          <input
            className="field !w-auto min-w-40 flex-1 font-mono"
            type="password"
            autoComplete="off"
            autoFocus
            aria-label={`${provider.title} key`}
            placeholder={keyName ?? ''}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setEditing(false)}
          />
          <Button onClick={() => setEditing(false)}>Cancel</Button>
          <Button type="submit" look="primary" disabled={set.isPending || value.trim() === ''}>
            Store key
          </Button>
        </form>
      )}
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Remove the ${provider.title} key?`}
        consequence="Agents that use this provider stop working until a key is stored again. Maestro cannot bring it back."
        verb="Remove key"
        busy={remove.isPending}
        onConfirm={() =>
          keyName !== null &&
          remove.mutate(keyName, { onSuccess: () => setRemoving(false), onError: (thrown) => toasts.fail(thrown) })
        }
      />
    </li>
  )
}

function KeyState({ provider }: { provider: ProviderInfo }) {
  if (provider.keyName === null || provider.keyName === '') return null
  if (!provider.keySet) {
    return (
      <span className="inline-flex items-center gap-1.5 text-sm text-muted">
        <Glyph status="queued" size={13} />
        Not set
      </span>
    )
  }
  return (
    <span className="inline-flex items-center gap-1.5 text-sm text-succeeded">
      <Glyph status="succeeded" size={13} />
      <span>
        Set{provider.keyHint === null ? '' : `, ends in …${provider.keyHint}`}
        {provider.keyFrom === 'environment' && <span className="text-soft"> (from the environment)</span>}
      </span>
    </span>
  )
}
