// A provider of one's own, by its address.

import { useState, type SubmitEvent } from 'react'
import type { ProviderApi } from '#src/llm/contract.ts'
import { providers, useModelsWrite } from '../../api/providers.ts'
import { ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Check } from '../../ui/check.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useToasts } from '../../ui/toast.tsx'

const wires: readonly (readonly [ProviderApi, string])[] = [
  ['openai', 'OpenAI chat completions (most servers)'],
  ['openrouter', 'OpenRouter'],
  ['anthropic', 'Anthropic messages'],
  ['google', 'Google Gemini'],
  ['ollama', 'Ollama'],
]

export function AddProvider({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState('')
  const [baseUrl, setBaseUrl] = useState('')
  const [wire, setWire] = useState<ProviderApi>('openai')
  const [needsKey, setNeedsKey] = useState(true)
  const [apiKey, setApiKey] = useState('')
  const [tried, setTried] = useState(false)
  const create = useModelsWrite(providers.create)
  const toasts = useToasts()
  const problems = {
    title: title.trim() === '' ? 'A name.' : undefined,
    baseUrl: /^https?:\/\/[^\s?#]+$/.test(baseUrl.trim())
      ? undefined
      : 'An http:// or https:// address, such as https://api.example.com/v1.',
  }

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    setTried(true)
    if (problems.title !== undefined || problems.baseUrl !== undefined) return
    create.mutate(
      {
        title: title.trim(),
        api: wire,
        baseUrl: baseUrl.trim(),
        needsKey,
        ...(needsKey && apiKey.trim() !== '' ? { apiKey: apiKey.trim() } : {}),
      },
      {
        onSuccess: (made) => {
          toasts.say(`Added ${made.title}`)
          onClose()
        },
      },
    )
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a provider"
      description="Anything that speaks one of these protocols: a gateway, a local server, a company's own."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="add-provider" disabled={create.isPending}>
            Add provider
          </Button>
        </>
      }
    >
      <form id="add-provider" onSubmit={onSubmit} className="flex flex-col gap-4">
        <Field label="Name" problem={tried ? problems.title : undefined}>
          {(ties) => (
            <input
              {...ties}
              className="field"
              autoComplete="off"
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label="Address" problem={tried ? problems.baseUrl : undefined}>
          {(ties) => (
            <input
              {...ties}
              type="url"
              className="field code-field"
              placeholder="http://127.0.0.1:8080/v1"
              spellCheck={false}
              autoComplete="off"
              value={baseUrl}
              onChange={(event) => setBaseUrl(event.target.value)}
            />
          )}
        </Field>
        <Field label="Protocol">
          {(ties) => (
            <select
              {...ties}
              className="select field"
              value={wire}
              onChange={(event) => setWire(event.target.value as ProviderApi)}
            >
              {wires.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Check label="It needs a key" checked={needsKey} onChange={setNeedsKey} />
        {needsKey && (
          <Field label="API key" hint="May be stored later.">
            {(ties) => (
              <input
                {...ties}
                type="password"
                className="field code-field"
                autoComplete="off"
                value={apiKey}
                onChange={(event) => setApiKey(event.target.value)}
              />
            )}
          </Field>
        )}
        {create.error !== null && <ErrorCard thrown={create.error} />}
      </form>
    </Dialog>
  )
}
