// What to do first: three things that work now, and what a key would add. Goes away for good.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Bot, KeyRound, PencilLine, Play, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { newWorkflow, route } from '../../api/paths.ts'
import { agentsQuery, modelsQuery, useStartRun } from '../../api/queries.ts'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'

const key = 'maestro.first-minute'

function wasDismissed(): boolean {
  try {
    return localStorage.getItem(key) === 'done'
  } catch {
    return false
  }
}

export function FirstMinute({ workflows, played }: { workflows: readonly WorkflowSummary[]; played: boolean }) {
  const [gone, setGone] = useState(wasDismissed)
  const start = useStartRun()
  const navigate = useNavigate()
  const toasts = useToasts()
  const sample = workflows[0]
  if (gone) return null

  const dismiss = () => {
    setGone(true)
    try {
      localStorage.setItem(key, 'done')
    } catch {
      // A private window: it comes back next time.
    }
  }

  return (
    <section aria-label="First steps" className="panel relative px-5 py-4">
      <IconButton label="Hide first steps" className="absolute right-2 top-2" onClick={dismiss}>
        <X />
      </IconButton>
      <h2 className="pr-8 font-title text-lg">{played ? 'The first notes are down' : 'Three things to try'}</h2>
      <div className="mt-3 grid gap-x-8 gap-y-4 md:grid-cols-2 xl:grid-cols-4">
        <Item icon={<Play />} title={sample === undefined ? 'Run a workflow' : `Run "${sample.name}"`} text="It works offline. Watch its note grow on the score.">
          {sample === undefined ? null : (
            <Button
              small
              look="primary"
              disabled={start.isPending}
              onClick={() =>
                start.mutate(sample.id, {
                  onSuccess: (run) => void navigate({ to: route.run, params: { id: run.id } }),
                  onError: (thrown) => toasts.fail(thrown),
                })
              }
            >
              Run now
            </Button>
          )}
        </Item>
        <Item icon={<PencilLine />} title="Write your own" text="A list of prompts that an agent works through in one conversation.">
          <Link to={route.workflow} params={{ id: newWorkflow }} className={buttonClass('plain', true)}>
            New workflow
          </Link>
        </Item>
        <AgentsItem />
        <KeysItem />
      </div>
    </section>
  )
}

function AgentsItem() {
  const agents = useQuery(agentsQuery)
  const installed = agents.data?.filter((agent) => agent.installed) ?? []
  const missing = agents.data?.filter((agent) => !agent.installed) ?? []
  return (
    <Item
      icon={<Bot />}
      title={missing.length === 0 ? 'Agents are in place' : 'Install an agent'}
      text={`Here now: ${installed.map((agent) => agent.title).join(', ') || 'none'}.${missing.length === 0 ? '' : ` One click adds ${missing.map((agent) => agent.title).join(', ')}.`}`}
    >
      <Link to={route.agents} className={buttonClass('plain', true)}>
        Open agents
      </Link>
    </Item>
  )
}

function KeysItem() {
  const models = useQuery(modelsQuery)
  const needed = models.data?.providers.filter((provider) => provider.keyName !== null && provider.keyName !== '' && !provider.keySet) ?? []
  const set = models.data?.providers.filter((provider) => provider.keySet) ?? []
  return (
    <Item
      icon={<KeyRound />}
      title={set.length === 0 ? 'Add a key' : `${set.map((provider) => provider.title).join(', ')}: key set`}
      text={needed.length === 0 ? 'Every provider has its key.' : `${needed.map((provider) => provider.title).join(', ')}: a key unlocks their models for agents.`}
    >
      <Link to={route.settings} className={buttonClass('plain', true)}>
        Open keys
      </Link>
    </Item>
  )
}

function Item({ icon, title, text, children }: { icon: ReactNode; title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <span className="mt-0.5 text-brass-text [&>svg]:size-4.5">{icon}</span>
      <div className="min-w-0">
        <h3 className="font-medium">{title}</h3>
        <p className="mb-2 mt-0.5 text-sm text-soft">{text}</p>
        {children}
      </div>
    </div>
  )
}
