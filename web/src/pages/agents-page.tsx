// The agents Maestro can conduct: what is here, what is wrong with it, and how to install the rest.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, Download } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { AgentInfo } from '#src/agents/contract.ts'
import { client } from '../api/api.ts'
import { agentsQuery, keys } from '../api/queries.ts'
import { Page } from '../app/page.tsx'
import { Chip, CopyButton, ErrorCard, Skeleton, TroubleCard } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { toneText } from '../ui/status.ts'
import { useToasts } from '../ui/toast.tsx'
import { WithCode } from '../ui/with-code.tsx'
import { modeWords } from './editor/mode-words.ts'

const pollMs = 700

export function AgentsPage() {
  const agents = useQuery(agentsQuery)
  return (
    <Page title="Agents">
      <div className="mx-auto max-w-6xl px-4 py-5 md:px-6">
        <p className="mb-4 max-w-2xl text-soft">
          Command-line agents that do the work of a step. Maestro installs them into its own data folder, away from what
          the machine has.
        </p>
        {agents.error !== null && agents.data === undefined && (
          <ErrorCard thrown={agents.error} onRetry={() => void agents.refetch()} />
        )}
        {agents.isPending && <Skeleton rows={3} className="h-36" />}
        <ul className="grid items-start gap-4 md:grid-cols-2">
          {agents.data?.map((agent) => (
            <AgentCard key={agent.id} agent={agent} />
          ))}
        </ul>
      </div>
    </Page>
  )
}

function AgentCard({ agent }: { agent: AgentInfo }) {
  return (
    <li aria-label={agent.title} className="panel min-w-0 px-5 py-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{agent.title}</h2>
          <p className="mt-0.5 font-mono text-xs text-faint">{agent.version ?? agent.id}</p>
        </div>
        <AgentState agent={agent} />
      </div>
      {agent.path !== null && (
        <p className="mt-2 flex items-center gap-1">
          <span className="min-w-0 truncate font-mono text-xs text-soft" title={agent.path} dir="rtl">
            <bdi>{agent.path}</bdi>
          </span>
          <CopyButton label="Copy the path" text={() => agent.path ?? ''} />
        </p>
      )}
      <div className="mt-2 flex flex-wrap gap-1">
        {agent.modes.map((mode) => (
          <Chip key={mode}>{modeWords[mode]}</Chip>
        ))}
        {agent.needsModel ? (
          <Chip title="Runs with a model you choose, through a provider's key">needs a model</Chip>
        ) : (
          <Chip>works without a model</Chip>
        )}
      </div>
      {agent.problems.length > 0 && (
        <ul className="mt-3 flex flex-col gap-2">
          {agent.problems.map((problem) => (
            <li key={problem.message} className="flex gap-2 text-sm">
              <CircleAlert className="mt-0.5 size-4 shrink-0 text-waiting" aria-hidden="true" />
              <span className="min-w-0 wrap-anywhere">
                {problem.message}{' '}
                <span className="block text-soft">
                  <WithCode text={problem.hint} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <InstallAgent agent={agent} />
    </li>
  )
}

function AgentState({ agent }: { agent: AgentInfo }) {
  const [status, word, tone] = agent.ready
    ? (['succeeded', 'Ready', 'succeeded'] as const)
    : agent.installed
      ? (['waiting', 'Installed, not ready', 'waiting'] as const)
      : (['queued', 'Not installed', 'muted'] as const)
  return (
    <span className={`inline-flex shrink-0 items-center gap-1.5 text-sm font-medium ${toneText[tone]}`}>
      <Glyph status={status} size={14} />
      {word}
    </span>
  )
}

function InstallAgent({ agent }: { agent: AgentInfo }) {
  const queries = useQueryClient()
  const toasts = useToasts()
  const state = useQuery({
    queryKey: keys.install(agent.id),
    queryFn: ({ signal }) => client.installState(agent.id, signal),
    enabled: !agent.installed,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? pollMs : false),
  })
  const install = useMutation({
    mutationFn: () => client.install(agent.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.install(agent.id) }),
    onError: (thrown) => toasts.fail(thrown),
  })
  const now = state.data?.state ?? 'idle'
  const wasRunning = useRef(false)
  useEffect(() => {
    if (wasRunning.current && now === 'done') void queries.invalidateQueries({ queryKey: keys.agents })
    wasRunning.current = now === 'running'
  }, [now, queries])

  if (agent.installed) return null
  return (
    <div className="mt-4 flex flex-col gap-3">
      {now === 'failed' && (
        <TroubleCard
          title={`Installing ${agent.title} failed`}
          detail={state.data?.error ?? 'It ended without a reason.'}
        />
      )}
      {(now === 'running' || now === 'failed') && <Lines lines={state.data?.lines ?? []} />}
      <div className="flex items-center gap-3">
        <Button
          icon={<Download className="size-4" />}
          disabled={now === 'running' || install.isPending}
          onClick={() => install.mutate()}
        >
          {now === 'running' ? 'Installing' : now === 'failed' ? 'Install again' : `Install ${agent.title}`}
        </Button>
        <span className="font-mono text-xs text-faint">maestro agents install {agent.id}</span>
      </div>
    </div>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  const end = useRef<HTMLPreElement>(null)
  const count = lines.length
  useEffect(() => {
    if (count > 0) end.current?.scrollTo({ top: end.current.scrollHeight })
  }, [count])
  return (
    <pre
      ref={end}
      role="log"
      aria-label="Install log"
      tabIndex={0}
      className="h-36 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs leading-4.5 text-soft"
    >
      {lines.join('\n')}
    </pre>
  )
}
