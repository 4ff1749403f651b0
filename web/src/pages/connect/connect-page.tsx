// Lets an MCP client in: the exact lines for it, over a pipe on this machine or over HTTP with a token, and whether
// it has called.

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState, type ReactNode } from 'react'
import { type ConnectSnippet, tokenPlace } from '#src/mcp/contract.ts'
import { agentCallsQuery, connectQuery, type Profile } from '../../api/connect.ts'
import { route } from '../../api/paths.ts'
import { Page } from '../../app/page.tsx'
import { actorWords, lowerFirst } from '../../lib/actor.ts'
import { Ago, CopyButton, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Segments } from '../../ui/segments.tsx'
import { TokenForSnippet } from './token-for-snippet.tsx'

const profileWords: readonly (readonly [Profile, string, string])[] = [
  ['default', 'Usual', 'Commands, scripts, files, hosts and tasks.'],
  ['core', 'Lean', 'The dozen that is used most, small in the context of a model.'],
  ['workflows', 'Workflows', 'Lists, runs, watches and stops workflows.'],
  ['full', 'All', 'Everything Maestro can do. Costs the most context.'],
  ['compat', 'Older names', 'The names and parameters of Maestro MCP before, for prompts that use them.'],
]

export function ConnectPage() {
  const search = useSearch({ from: route.connect })
  const navigate = useNavigate()
  const profile = search.profile ?? 'default'
  const transport = search.over ?? 'stdio'
  const guide = useQuery(connectQuery(profile))
  const look = (part: Partial<typeof search>) =>
    void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })
  const snippets = guide.data?.snippets.filter((each) => each.transport === transport) ?? []
  const snippet = snippets.find((each) => each.client === search.client) ?? snippets[0]

  return (
    <Page title="Connect">
      <div className="mx-auto flex max-w-4xl flex-col gap-6 px-4 py-5 md:px-6">
        <p className="max-w-2xl text-soft">
          Any MCP client can use what Maestro conducts: commands and files on its hosts, long work as tasks, workflows.
          What it may do, the rules say; what it did is in the audit.
        </p>
        <LastCall />
        <div className="grid gap-6 sm:grid-cols-2">
          <Choice title="How it reaches Maestro">
            <Segments
              label="How it reaches Maestro"
              value={transport}
              options={[
                ['stdio', 'On this machine'],
                ['http', 'Over HTTP'],
              ]}
              onChange={(over) => look({ over: over === 'stdio' ? undefined : over })}
            />
            <p className="mt-1.5 text-sm text-soft">
              {transport === 'stdio'
                ? 'The client starts a small program that speaks with Maestro. It needs no token, and starts Maestro where it does not run.'
                : 'For clients elsewhere. A token says who calls.'}
            </p>
          </Choice>
          <Choice title="Which tools it sees">
            <select
              aria-label="Which tools it sees"
              className="select field !w-auto max-sm:!w-full"
              value={profile}
              onChange={(event) => {
                const next = profileWords.find(([value]) => value === event.target.value)?.[0]
                look({ profile: next === 'default' ? undefined : next })
              }}
            >
              {profileWords.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
            <p className="mt-1.5 text-sm text-soft">{profileWords.find(([value]) => value === profile)?.[2]}</p>
          </Choice>
        </div>
        {guide.isPending && <Skeleton rows={2} className="h-24" />}
        {guide.error !== null && guide.data === undefined && (
          <ErrorCard thrown={guide.error} onRetry={() => void guide.refetch()} />
        )}
        {snippet !== undefined && (
          <Choice title="The client">
            <div role="group" aria-label="Client" className="mb-3 flex flex-wrap gap-1.5">
              {snippets.map((each) => (
                <button
                  key={each.client}
                  type="button"
                  aria-pressed={each.client === snippet.client}
                  onClick={() => look({ client: each.client })}
                  className={clsx(
                    'h-8 rounded-lg border px-3 text-sm touch:h-11',
                    each.client === snippet.client
                      ? 'border-brass-line bg-brass-wash font-medium'
                      : 'border-line text-soft hover:bg-hover hover:text-ink',
                  )}
                >
                  {each.title}
                </button>
              ))}
            </div>
            <Lines key={`${snippet.client} ${transport}`} snippet={snippet} url={guide.data?.http.url ?? ''} />
          </Choice>
        )}
      </div>
    </Page>
  )
}

function Choice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-1.5 text-[15px] font-semibold">{title}</h2>
      {children}
    </section>
  )
}

function Lines({ snippet, url }: { snippet: ConnectSnippet; url: string }) {
  const [token, setToken] = useState<string>()
  const needsToken = snippet.text.includes(tokenPlace)
  const text = token === undefined ? snippet.text : snippet.text.replaceAll(tokenPlace, token)
  return (
    <div className="panel px-5 py-4">
      <p className="text-soft">
        {snippet.how === 'command' ? (
          'In a terminal:'
        ) : (
          <>
            In{' '}
            {snippet.path === undefined ? (
              'its configuration'
            ) : (
              <code className="font-mono text-xs text-ink wrap-anywhere">{snippet.path}</code>
            )}
            , beside what is there:
          </>
        )}
      </p>
      <div className="mt-2 flex items-start gap-1 rounded-lg bg-sunken py-0.5 pl-3 pr-1">
        <pre
          tabIndex={0}
          aria-label={`Lines for ${snippet.title}`}
          className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
        >
          {text}
        </pre>
        <CopyButton label="Copy the lines" text={() => text} />
      </div>
      {snippet.transport === 'http' && (
        <p className="mt-2 flex flex-wrap items-center gap-1 text-sm text-soft">
          Address: <code className="font-mono text-xs text-ink">{url}</code>
          <CopyButton label="Copy the address" text={() => url} />
        </p>
      )}
      {needsToken && <TokenForSnippet title={snippet.title} isIn={token !== undefined} onToken={setToken} />}
    </div>
  )
}

/** Only calls that changed something, or were refused, are on record: silence here does not prove absence. */
function LastCall() {
  const calls = useQuery(agentCallsQuery)
  const last = calls.data?.[0]
  if (calls.data === undefined) return null
  return (
    <p role="status" className="flex items-start gap-2 rounded-lg bg-sunken px-4 py-2.5 text-sm">
      <Glyph status={last === undefined ? 'queued' : 'succeeded'} size={14} className="mt-0.75" />
      {last === undefined ? (
        'No program has called yet, as far as the audit knows. It records what changes something; reading leaves no line.'
      ) : (
        <span>
          Last call: <span className="font-mono text-xs">{last.tool}</span> {lowerFirst(actorWords(last.actor))},{' '}
          <Ago at={last.at} />
        </span>
      )}
    </p>
  )
}
