// The models to choose from: which is the default, what each costs, and more of them.

import { Star, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ModelList } from '#src/llm/contract.ts'
import { models, useListWrite } from '../../api/providers.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { AddModel } from './add-model.tsx'
import { priceText } from './price.ts'
import { PriceDialog } from './price-dialog.tsx'

type Item = ModelList['items'][number]

export function ModelsList({ list }: { list: ModelList }) {
  const toasts = useToasts()
  const fail = { onError: (thrown: unknown) => toasts.fail(thrown) }
  const choose = useListWrite(models.setDefault)
  const add = useListWrite(models.add)
  const remove = useListWrite(models.remove)
  const [pricing, setPricing] = useState<Item>()
  const titleOf = (id: string) => list.providers.find((provider) => provider.id === id)?.title ?? id

  function takeOff(model: Item) {
    remove.mutate(model, {
      ...fail,
      onSuccess: () =>
        toasts.say(`Removed ${model.id}`, {
          label: 'Undo',
          run: () => add.mutate({ provider: model.provider, id: model.id, price: model.price }, fail),
        }),
    })
  }

  return (
    <div className="flex flex-col gap-3">
      {list.items.length > 0 && (
        <ul aria-label="Models" className="panel divide-y divide-line">
          {list.items.map((model) => (
            <li
              key={`${model.provider} ${model.id}`}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 sm:grid-cols-[minmax(0,1fr)_auto_9.5rem]"
            >
              <div className="min-w-0">
                <p className="font-mono text-xs leading-5 wrap-anywhere">{model.id}</p>
                <p className="text-xs text-faint">{titleOf(model.provider)}</p>
              </div>
              <Button
                small
                look="quiet"
                className="max-sm:order-last max-sm:justify-self-start max-sm:!px-0"
                aria-label={
                  model.price === null
                    ? `Set a price for ${model.id}`
                    : `${priceText(model.price)}, price of ${model.id}`
                }
                onClick={() => setPricing(model)}
              >
                {model.price === null ? 'Set a price' : priceText(model.price)}
              </Button>
              <div className="flex items-center justify-end gap-1">
                {model.isDefault ? (
                  <span className="inline-flex h-7 items-center gap-1 px-2.5 text-sm font-medium text-brass-text">
                    <Star className="size-3.5 fill-current" aria-hidden="true" /> Default
                  </span>
                ) : (
                  <Button
                    small
                    look="quiet"
                    disabled={choose.isPending}
                    onClick={() => choose.mutate(model, fail)}
                    aria-label={`Set default: ${model.id}`}
                  >
                    Set default
                  </Button>
                )}
                <IconButton
                  label={
                    model.isDefault ? `${model.id} is the default: choose another one first` : `Remove ${model.id}`
                  }
                  disabled={model.isDefault}
                  onClick={() => takeOff(model)}
                >
                  <Trash2 />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      )}
      <AddModel
        list={list}
        busy={add.isPending}
        onAdd={(model, done) => add.mutate(model, { ...fail, onSuccess: done })}
      />
      {pricing !== undefined && <PriceDialog model={pricing} onClose={() => setPricing(undefined)} />}
    </div>
  )
}
