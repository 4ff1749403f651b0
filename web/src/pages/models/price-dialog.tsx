// What a model costs, where its provider does not say or a person knows better.

import { useState } from 'react'
import type { ModelList, ModelPrice } from '#src/llm/contract.ts'
import { models, useListWrite } from '../../api/providers.ts'
import { ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { parseUsd } from './price.ts'

const fields = [
  ['inputUsdPerMillion', 'Input', true],
  ['outputUsdPerMillion', 'Output', true],
  ['cacheReadUsdPerMillion', 'Read from cache', false],
  ['cacheWriteUsdPerMillion', 'Written to cache', false],
] as const satisfies readonly (readonly [keyof ModelPrice, string, boolean])[]

export function PriceDialog({ model, onClose }: { model: ModelList['items'][number]; onClose: () => void }) {
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(fields.map(([field]) => [field, String(model.price?.[field] ?? '')])),
  )
  const [tried, setTried] = useState(false)
  const write = useListWrite(models.setPrice)
  const problemOf = (field: string, isNeeded: boolean) => {
    const text = typed[field] ?? ''
    if (text.trim() === '') return isNeeded ? 'An amount, such as 3 or 0.15.' : undefined
    return parseUsd(text) === undefined ? 'An amount, such as 3 or 0.15.' : undefined
  }

  function store(price: ModelPrice | null) {
    write.mutate({ provider: model.provider, id: model.id, price }, { onSuccess: onClose })
  }
  function onSubmit() {
    setTried(true)
    if (fields.some(([field, , isNeeded]) => problemOf(field, isNeeded) !== undefined)) return
    const amounts = fields.flatMap(([field]) => {
      const usd = parseUsd(typed[field] ?? '')
      return usd === undefined ? [] : [[field, usd] as const]
    })
    store({ inputUsdPerMillion: 0, outputUsdPerMillion: 0, ...Object.fromEntries(amounts) })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Price of ${model.id}`}
      description="US dollars for a million tokens. It counts wherever the provider does not tell what a call has cost."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {model.price !== null && (
            <Button disabled={write.isPending} onClick={() => store(null)}>
              Remove price
            </Button>
          )}
          <Button look="primary" type="submit" form="price" disabled={write.isPending}>
            Store price
          </Button>
        </>
      }
    >
      <form
        id="price"
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        {fields.map(([field, label, isNeeded]) => (
          <Field key={field} label={label} problem={tried ? problemOf(field, isNeeded) : undefined}>
            {(ties) => (
              <input
                {...ties}
                className="field"
                inputMode="decimal"
                autoComplete="off"
                placeholder={isNeeded ? '' : 'as input'}
                value={typed[field] ?? ''}
                onChange={(event) => setTyped((old) => ({ ...old, [field]: event.target.value }))}
              />
            )}
          </Field>
        ))}
      </form>
      {write.error !== null && (
        <div className="mt-3">
          <ErrorCard thrown={write.error} />
        </div>
      )}
    </Dialog>
  )
}
