// What holds for the whole workflow: where it runs, with what, how long at most.

import { Link } from '@tanstack/react-router'
import type { AgentInfo } from '#src/agents/contract.ts'
import { limitDefaults, type WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { Ago } from '../../ui/bits.tsx'
import { Field } from '../../ui/field.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { ModelBox } from '../../ui/model-box.tsx'
import { SpanInput } from '../../ui/span-input.tsx'
import type { Draft } from './use-draft.ts'

interface PanelProps {
  draft: Draft
  agents: readonly AgentInfo[]
  summary: WorkflowSummary | undefined
}

export function WorkflowPanel({ draft, agents, summary }: PanelProps) {
  const { input, change, problemAt } = draft
  const agent = agents.find((each) => each.id === input.agent)
  return (
    <aside aria-label="Settings of the workflow" className="flex flex-col gap-4">
      <Field
        label="Agent"
        problem={problemAt('agent')}
        hint={agent?.problems[0] === undefined ? 'Steps may name another.' : <AgentTrouble agent={agent} />}
      >
        {(ties) => (
          <select
            {...ties}
            className="select field"
            value={input.agent ?? ''}
            onChange={(event) => change({ agent: event.target.value === '' ? null : event.target.value })}
          >
            <option value="">Default agent</option>
            {agents.map((each) => (
              <option key={each.id} value={each.id}>
                {each.title}
                {each.installed ? '' : ' (not installed)'}
              </option>
            ))}
            {input.agent != null && agent === undefined && <option value={input.agent}>{input.agent} (unknown)</option>}
          </select>
        )}
      </Field>
      <Field label="Model" hint="Used by every step that names none.">
        {(ties) => (
          <ModelBox
            id={ties.id}
            label="Model"
            defaultLabel="Default model"
            value={{ provider: input.provider ?? null, model: input.model ?? null }}
            onChange={(choice) => change(choice)}
          />
        )}
      </Field>
      <Field
        label="Working directory"
        problem={problemAt('workingDir')}
        hint="Absolute. Empty: each prompt works in a folder of its own, removed with it."
      >
        {(ties) => (
          <input
            {...ties}
            className="field font-mono !text-sm"
            placeholder="An empty folder for each prompt"
            spellCheck={false}
            value={input.workingDir ?? ''}
            onChange={(event) => change({ workingDir: event.target.value === '' ? null : event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Time limit of a run"
        problem={problemAt('runTimeoutSec')}
        hint="All steps together, such as 45 min or 2 h."
      >
        {(ties) => (
          <SpanInput
            {...ties}
            placeholder={limitDefaults.runTimeoutSec}
            value={input.runTimeoutSec}
            onChange={(runTimeoutSec) => change({ runTimeoutSec })}
          />
        )}
      </Field>
      <Field label="Folder" problem={problemAt('path')} hint="Groups workflows in the list, as in team/reviews.">
        {(ties) => (
          <input
            {...ties}
            className="field"
            value={input.path ?? ''}
            onChange={(event) => change({ path: event.target.value })}
          />
        )}
      </Field>
      {summary !== undefined && summary.lastRuns.length > 0 && (
        <section>
          <h2 className="mb-1 text-sm font-medium text-soft">Last runs</h2>
          <ul className="divide-y divide-line">
            {summary.lastRuns.slice(0, 5).map((run) => (
              <li key={run.id}>
                <Link
                  to={route.run}
                  params={{ id: run.id }}
                  className="flex h-9 items-center justify-between rounded px-1 text-sm hover:bg-hover"
                >
                  <StatusWord status={run.status} />
                  <Ago at={run.createdAt} className="text-faint" />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  )
}

function AgentTrouble({ agent }: { agent: AgentInfo }) {
  return (
    <span className="text-waiting">
      {agent.problems[0]?.message}{' '}
      <Link to={route.agents} className="underline">
        Open agents
      </Link>
    </span>
  )
}
