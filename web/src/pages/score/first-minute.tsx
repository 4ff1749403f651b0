// What to do first: three things that work now, and what a key would add. Goes away for good.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Bot, KeyRound, PencilLine, Play, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { newWorkflow, route } from '../../api/paths.ts'
import { agentsQuery, modelsQuery, useStartRun } from '../../api/queries.ts'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'

const key = 'maestro.first-minute'

/** Did this browser put the first steps away for good? */
export function wasDismissed(): boolean {
  try {
    return localStorage.getItem(key) === 'done'
  } catch {
    return false
  }
}

interface FirstMinuteProps {
  workflows: readonly WorkflowSummary[]
  played: boolean
  onDismiss: () => void
}

export function FirstMinute({ workflows, played, onDismiss }: FirstMinuteProps) {
  const start = useStartRun()
  const navigate = useNavigate()
  const toasts = useToasts()
  const sample = workflows[0]

  const dismiss = () => {
    onDismiss()
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
      <h2 className="pr-8 font-title text-lg">
        {played ? 'The first notes are down. What next?' : 'Three things to try'}
      </h2>
      <div className="mt-3 grid gap-x-8 gap-y-4 md:grid-cols-3">
        <Item
          icon={<Play />}
          title={sample === undefined ? 'Run a workflow' : `Run "${sample.name}"`}
          text="It works offline. Watch its note grow on the score."
        >
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
        <Item
          icon={<PencilLine />}
          title="Write your own"
          text="A list of prompts that an agent works through in one conversation."
        >
          <Link to={route.workflow} params={{ id: newWorkflow }} className={buttonClass('plain', true)}>
            New workflow
          </Link>
        </Item>
        <AgentsItem />
      </div>
      <Keys />
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

/** Which key unlocks what, in one line. */
function Keys() {
  const models = useQuery(modelsQuery)
  const withKey = models.data?.providers.filter((provider) => provider.keyName !== null) ?? []
  const missing = withKey.filter((provider) => !provider.keySet)
  const set = withKey.filter((provider) => provider.keySet)
  if (missing.length === 0) return null
  return (
    <p className="mt-4 flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line pt-3 text-sm text-soft">
      <KeyRound className="size-4 text-brass-text" aria-hidden="true" />
      {set.length > 0 && <span>{set.map((provider) => provider.title).join(', ')}: key set.</span>}
      <span>
        A key for {missing.map((provider) => provider.title).join(', ')} unlocks{' '}
        {set.length > 0 ? 'more models' : 'their models for every agent that needs one'}.
      </span>
      <Link to={route.models} className="font-medium text-brass-text hover:underline">
        Add a key
      </Link>
    </p>
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
