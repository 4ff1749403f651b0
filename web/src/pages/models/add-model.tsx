// Adding a model: any id, with the provider's own list to choose from while one types.

import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { ModelList, ModelRef } from '#src/llm/contract.ts'
import { offersQuery } from '../../api/providers.ts'
import { tokens } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { SuggestInput } from '../../ui/suggest-input.tsx'
import { priceText } from './price.ts'

interface AddModelProps {
  list: ModelList
  busy: boolean
  onAdd: (model: ModelRef, done: () => void) => void
}

export function AddModel({ list, busy, onAdd }: AddModelProps) {
  const [provider, setProvider] = useState(list.provider ?? list.providers[0]?.id ?? 'openrouter')
  const [id, setId] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  // Asks the provider only once somebody types.
  const offers = useQuery({ ...offersQuery(provider), enabled: isAsked })
  const typed = id.trim()
  const isKnown = list.items.some((model) => model.provider === provider && model.id === typed)
  const problem = isKnown
    ? 'This model is in the list already.'
    : /^[!-~]{0,200}$/.test(typed)
      ? undefined
      : 'A model id has no spaces and at most 200 characters.'

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    if (typed !== '' && problem === undefined) onAdd({ provider, id: typed }, () => setId(''))
  }

  return (
    <form onSubmit={onSubmit} className="flex flex-wrap gap-2" aria-label="Add a model">
      <select
        aria-label="Provider"
        className="select field !w-auto max-w-40"
        value={provider}
        onChange={(event) => setProvider(event.target.value)}
      >
        {list.providers.map((each) => (
          <option key={each.id} value={each.id}>
            {each.title}
          </option>
        ))}
      </select>
      <SuggestInput
        label="Model id"
        className="min-w-44 flex-1"
        placeholder="provider/model-name"
        value={id}
        onChange={(next) => {
          setId(next)
          setIsAsked(true)
        }}
        invalid={problem !== undefined}
        suggestions={(offers.data ?? []).map((offer) => ({
          value: offer.id,
          note: [
            offer.name,
            offer.contextTokens === null ? null : `${tokens(offer.contextTokens)} context`,
            offer.price === null ? null : priceText(offer.price),
          ]
            .filter((part) => part !== null)
            .join(' · '),
        }))}
      />
      <Button type="submit" disabled={busy || typed === ''} because={problem}>
        Add model
      </Button>
      {isAsked && offers.error !== null && (
        <p className="w-full text-xs text-faint">
          The provider's own list cannot be had now ({offers.error.message}). Any id can be added all the same.
        </p>
      )}
    </form>
  )
}
