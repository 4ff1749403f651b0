// How this installation is, who may call it, what it keeps, and how it looks.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { client } from '../../api/api.ts'
import { keys, sessionQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { chooseTheme, useThemeChoice } from '../../theme/theme.ts'
import { CopyButton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { Doctor } from './doctor.tsx'
import { Secrets } from './secrets.tsx'
import { Tokens } from './tokens.tsx'

export function SettingsPage() {
  const theme = useThemeChoice()
  return (
    <Page title="Settings">
      <div className="mx-auto flex max-w-3xl flex-col gap-10 px-4 py-6 md:px-6">
        <Section id="doctor" title="Doctor" text="Everything a run needs, looked at just now.">
          <Doctor />
        </Section>
        <Section
          id="tokens"
          title="Tokens"
          text="For programs that call Maestro over HTTP. A token's value is shown once, when it is made."
        >
          <Tokens />
        </Section>
        <Section id="secrets" title="Secrets" text="Encrypted in the data folder. A value goes in and never comes out.">
          <Secrets />
        </Section>
        <Section id="theme" title="Theme">
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

function Section({ id, title, text, children }: { id: string; title: string; text?: string; children: ReactNode }) {
  return (
    <section id={id} aria-label={title} className="scroll-mt-4">
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
    <Section id="about" title="This Maestro">
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
        <dt className="text-soft">Backups</dt>
        <dd className="text-soft">
          Before a new version changes the database, a copy goes into{' '}
          <code className="font-mono text-xs">backups/</code> of that folder; the newest three stay.
        </dd>
        <dt className="text-soft">Signed in as</dt>
        <dd>
          {actor.kind === 'token' ? `token ${actor.name}` : actor.kind === 'browser' ? 'this browser' : actor.kind}
        </dd>
      </dl>
      {actor.kind === 'browser' && (
        <Button
          className="mt-3"
          icon={<LogOut className="size-4" />}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
      )}
    </Section>
  )
}
