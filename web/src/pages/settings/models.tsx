// The list of models and which is the default.

import { Star, Trash2 } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { client } from '../../api/api.ts'
import type { ModelList } from '#src/llm/contract.ts'
import { useSettingsWrite } from '../../api/queries.ts'
import { Chip } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'

export function Models({ models }: { models: ModelList }) {
  const toasts = useToasts()
  const fail = { onError: (thrown: unknown) => toasts.fail(thrown) }
  const choose = useSettingsWrite((model: { provider: string; id: string }) =>
    client.setDefaultModel(model.provider, model.id),
  )
  const add = useSettingsWrite((model: { provider: string | undefined; id: string }) =>
    client.addModel(model.provider, model.id),
  )
  const remove = useSettingsWrite((id: string) => client.removeModel(id))

  return (
    <div className="flex flex-col gap-3">
      {models.items.length > 0 && (
        <ul aria-label="Models" className="panel max-h-96 divide-y divide-line overflow-y-auto">
          {models.items.map((model) => (
            <li key={`${model.provider} ${model.id}`} className="flex min-h-11 items-center gap-3 px-5 py-1">
              <span className="min-w-0 flex-1 truncate font-mono text-sm" title={model.id}>
                {model.id}
              </span>
              <Chip>{model.provider}</Chip>
              {model.isDefault ? (
                <span className="inline-flex w-24 items-center justify-end gap-1 text-sm font-medium text-brass-text">
                  <Star className="size-3.5 fill-current" aria-hidden="true" /> Default
                </span>
              ) : (
                <span className="flex w-24 justify-end">
                  <Button
                    small
                    look="quiet"
                    disabled={choose.isPending}
                    onClick={() => choose.mutate(model, fail)}
                    aria-label={`Make ${model.id} the default`}
                  >
                    Use
                  </Button>
                </span>
              )}
              <IconButton
                label={`Remove ${model.id}`}
                disabled={model.isDefault}
                onClick={() =>
                  remove.mutate(model.id, {
                    ...fail,
                    onSuccess: () =>
                      toasts.say(`Removed ${model.id}`, {
                        label: 'Undo',
                        run: () => add.mutate({ provider: model.provider, id: model.id }, fail),
                      }),
                  })
                }
              >
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <AddModel
        models={models}
        busy={add.isPending}
        onAdd={(provider, id, done) => add.mutate({ provider, id }, { ...fail, onSuccess: done })}
      />
    </div>
  )
}

interface AddProps {
  models: ModelList
  busy: boolean
  onAdd: (provider: string | undefined, id: string, done: () => void) => void
}

function AddModel({ models, busy, onAdd }: AddProps) {
  const [provider, setProvider] = useState(models.provider ?? models.providers[0]?.id ?? '')
  const [id, setId] = useState('')
  const known = models.items.some((model) => model.id === id.trim())

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    if (id.trim() !== '' && !known) onAdd(provider === '' ? undefined : provider, id.trim(), () => setId(''))
  }

  return (
    <form onSubmit={onSubmit} className="flex flex-wrap gap-2" aria-label="Add a model">
      <select
        aria-label="Provider"
        className="select field !w-auto"
        value={provider}
        onChange={(event) => setProvider(event.target.value)}
      >
        {models.providers.map((each) => (
          <option key={each.id} value={each.id}>
            {each.title}
          </option>
        ))}
      </select>
      <input
        aria-label="Model id"
        className="field !w-auto min-w-44 flex-1 font-mono"
        placeholder="provider/model-name"
        spellCheck={false}
        value={id}
        onChange={(event) => setId(event.target.value)}
        aria-invalid={known}
      />
      <Button
        type="submit"
        disabled={busy || id.trim() === ''}
        because={known ? 'This model is in the list already.' : undefined}
      >
        Add model
      </Button>
    </form>
  )
}
