// Keys of providers, models, the theme, and what this Maestro is.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { client } from '../../api/api.ts'
import { keys, modelsQuery, sessionQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { chooseTheme, useThemeChoice } from '../../theme/theme.ts'
import { CopyButton, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { Models } from './models.tsx'
import { ProviderKey } from './provider-key.tsx'

export function SettingsPage() {
  const models = useQuery(modelsQuery)
  const theme = useThemeChoice()
  return (
    <Page title="Settings">
      <div className="mx-auto flex max-w-3xl flex-col gap-10 px-4 py-6 md:px-6">
        {models.error !== null && models.data === undefined && (
          <ErrorCard thrown={models.error} onRetry={() => void models.refetch()} />
        )}
        <Section
          title="Provider keys"
          text="Stored encrypted in the data folder, handed only to the agents that need them, and never shown again."
        >
          {models.data === undefined ? (
            <Skeleton rows={4} className="h-14" />
          ) : (
            <ul aria-label="Provider keys" className="panel divide-y divide-line">
              {models.data.providers.map((provider) => (
                <ProviderKey key={provider.id} provider={provider} />
              ))}
            </ul>
          )}
        </Section>
        <Section
          title="Models"
          text="The default is used wherever a workflow or step names none. Any id of the provider can be added."
        >
          {models.data === undefined ? <Skeleton rows={3} /> : <Models models={models.data} />}
        </Section>
        <Section title="Theme">
          <Segments
            label="Theme"
            value={theme}
            options={[
              ['system', 'As the system'],
              ['light', 'Light'],
              ['dark', 'Dark'],
            ]}
            onChange={chooseTheme}
          />
        </Section>
        <ThisMaestro />
      </div>
    </Page>
  )
}

export function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="text-[15px] font-semibold">{title}</h2>
      {text !== undefined && <p className="mt-0.5 text-soft">{text}</p>}
      <div className="mt-3">{children}</div>
    </section>
  )
}

function ThisMaestro() {
  const session = useQuery(sessionQuery)
  const queries = useQueryClient()
  const signOut = useMutation({
    mutationFn: client.signOut,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.session }),
  })
  if (session.data === undefined) return null
  const { version, nodeName, dataDir, actor } = session.data
  return (
    <Section title="This Maestro">
      <dl className="panel grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 px-5 py-4">
        <dt className="text-soft">Version</dt>
        <dd>{version}</dd>
        <dt className="text-soft">Node</dt>
        <dd className="truncate">{nodeName}</dd>
        <dt className="text-soft">Data folder</dt>
        <dd className="flex items-center gap-1">
          <span className="min-w-0 truncate font-mono text-sm" title={dataDir}>
            {dataDir}
          </span>
          <CopyButton label="Copy the data folder's path" text={() => dataDir} />
        </dd>
        <dt className="text-soft">Signed in as</dt>
        <dd>
          {actor.kind === 'token' ? `token ${actor.name}` : actor.kind === 'browser' ? 'this browser' : actor.kind}
        </dd>
      </dl>
      {actor.kind === 'browser' && (
        <Button className="mt-3" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      )}
    </Section>
  )
}
