// Models and those who serve them: keys, addresses, the list to choose from, fallbacks, and money.

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { ProviderInfo } from '#src/llm/contract.ts'
import { modelsQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { AddProvider } from './add-provider.tsx'
import { Fallbacks } from './fallbacks.tsx'
import { ModelsList } from './models-list.tsx'
import { ProviderCard } from './provider-card.tsx'
import { SpendPanel } from './spend-panel.tsx'

export function ModelsPage() {
  const list = useQuery(modelsQuery)
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title="Models"
      actions={
        <Button icon={<Plus className="size-4" />} onClick={() => setAdding(true)}>
          Add a provider
        </Button>
      }
    >
      <div className="mx-auto flex max-w-6xl flex-col gap-8 px-4 py-5 md:px-6">
        {list.error !== null && list.data === undefined && (
          <ErrorCard thrown={list.error} onRetry={() => void list.refetch()} />
        )}
        <Section
          id="providers"
          title="Providers"
          text="Keys are stored encrypted in the data folder, handed only to what needs them, and never shown again."
        >
          {list.data === undefined ? (
            <Skeleton rows={2} className="h-36" />
          ) : (
            <ul aria-label="Providers" className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
              {inOrder(list.data.providers).map((provider) => (
                <ProviderCard key={provider.id} provider={provider} />
              ))}
            </ul>
          )}
        </Section>
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="flex flex-col gap-8">
            <Section
              id="models"
              title="Models"
              text="The default is used wherever a workflow or prompt names none. Any id of a provider can be added."
            >
              {list.data === undefined ? <Skeleton rows={4} className="h-12" /> : <ModelsList list={list.data} />}
            </Section>
            <Section
              id="fallbacks"
              title="Fallback order"
              text="Tried from the top when a prompt's model fails for a reason that another may not have, unless its workflow has a list of its own."
            >
              {list.data === undefined ? <Skeleton rows={2} /> : <Fallbacks list={list.data} />}
            </Section>
          </div>
          <Section
            id="spend"
            title="Spend and budget"
            text="Of every model call through Maestro. Days are those of UTC."
          >
            <SpendPanel />
          </Section>
        </div>
      </div>
      {adding && <AddProvider onClose={() => setAdding(false)} />}
    </Page>
  )
}

/** OpenRouter first, as most come with its key; then those in use. */
function inOrder(all: readonly ProviderInfo[]): ProviderInfo[] {
  const rank = (provider: ProviderInfo) =>
    provider.id === 'openrouter' ? 0 : provider.keySet || provider.modelCount > 0 || !provider.isBuiltIn ? 1 : 2
  return all.toSorted((a, b) => rank(a) - rank(b))
}

function Section({ id, title, text, children }: { id: string; title: string; text: string; children: ReactNode }) {
  return (
    <section id={id} aria-label={title} className="scroll-mt-4">
      <h2 className="text-[15px] font-semibold">{title}</h2>
      <p className="mt-0.5 text-soft">{text}</p>
      <div className="mt-3">{children}</div>
    </section>
  )
}
