// What holds for the whole workflow: where it runs, with what, how much at most, and what comes after it.

import { useSearch, Link, useNavigate } from '@tanstack/react-router'
import { History } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AgentInfo } from '#src/agents/contract.ts'
import { limitDefaults, SessionChoice, type Remark, type WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { Ago } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { ModelBox } from '../../ui/model-box.tsx'
import { SpanInput } from '../../ui/span-input.tsx'
import { Fallbacks } from './fallbacks.tsx'
import { sessionWords } from './mode-words.ts'
import { NumberField } from './number-field.tsx'
import { OnSuccessField } from './on-success.tsx'
import { otherRemarks, Remarks, remarksAt } from './remarks.tsx'
import type { Draft } from './use-draft.ts'
import { VersionsDialog } from './versions-dialog.tsx'

interface PanelProps {
  draft: Draft
  agents: readonly AgentInfo[]
  summary: WorkflowSummary | undefined
  remarks: readonly Remark[]
}

/** Fields with a place of their own for remarks: here, and beside the steps. */
const placed = ['agent', 'model', 'provider', 'fallbackModels', 'workingDir', 'onSuccess', 'path', 'name', 'tags']

export function WorkflowPanel({ draft, agents, summary, remarks }: PanelProps) {
  const { input, change, problemAt } = draft
  const agent = agents.find((each) => each.id === input.agent)
  const at = (...paths: string[]) => <Remarks remarks={paths.flatMap((path) => remarksAt(remarks, path))} />
  const onSuccessTrouble =
    problemAt('onSuccess') ?? remarksAt(remarks, 'onSuccess').find((each) => each.level === 'error')?.message
  return (
    <aside aria-label="Settings of the workflow" className="flex flex-col gap-4">
      <Remarks remarks={otherRemarks(remarks, placed)} />
      <div>
        <Field
          label="Agent"
          problem={problemAt('agent')}
          hint={agent?.problems[0] === undefined ? 'Prompts may name another.' : <AgentTrouble agent={agent} />}
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
              {input.agent != null && agent === undefined && (
                <option value={input.agent}>{input.agent} (unknown)</option>
              )}
            </select>
          )}
        </Field>
        {at('agent')}
      </div>
      <div>
        <Field label="Model" hint="Used by every prompt that names none.">
          {(ties) => (
            <ModelBox
              id={ties.id}
              label="Model"
              defaultLabel="Use Default Model"
              value={{ provider: input.provider ?? null, model: input.model ?? null }}
              onChange={(choice) => change(choice)}
            />
          )}
        </Field>
        {at('model', 'provider')}
      </div>
      <div>
        <Fallbacks
          name="the workflow"
          value={input.fallbackModels}
          onChange={(fallbackModels) => change({ fallbackModels })}
        />
        {at('fallbackModels')}
      </div>
      <div>
        <Field
          label="Working folder"
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
        {at('workingDir')}
      </div>
      <OnSuccessField
        id={draft.base.id}
        value={input.onSuccess}
        problem={onSuccessTrouble}
        onChange={(onSuccess) => change({ onSuccess })}
      />
      <Group title="Budget of a run">
        <Field label="Money" problem={problemAt('maxCostUsd')}>
          {(ties) => (
            <NumberField
              {...ties}
              unit="$"
              placeholder="General limit"
              value={input.maxCostUsd}
              onChange={(maxCostUsd) => change({ maxCostUsd })}
            />
          )}
        </Field>
        <Field label="Tokens" problem={problemAt('maxTokens')}>
          {(ties) => (
            <NumberField
              {...ties}
              placeholder="No limit"
              value={input.maxTokens}
              onChange={(maxTokens) => change({ maxTokens })}
            />
          )}
        </Field>
      </Group>
      <Group title="Limits">
        <Field label="Time limit of a run" problem={problemAt('runTimeoutSec')}>
          {(ties) => (
            <SpanInput
              {...ties}
              placeholder={limitDefaults.runTimeoutSec}
              value={input.runTimeoutSec}
              onChange={(runTimeoutSec) => change({ runTimeoutSec })}
            />
          )}
        </Field>
        <Field label="Of a prompt" problem={problemAt('timeoutSec')}>
          {(ties) => (
            <SpanInput
              {...ties}
              placeholder={limitDefaults.timeoutSec}
              value={input.timeoutSec}
              onChange={(timeoutSec) => change({ timeoutSec })}
            />
          )}
        </Field>
        <Field label="Without a word" problem={problemAt('idleTimeoutSec')}>
          {(ties) => (
            <SpanInput
              {...ties}
              placeholder={limitDefaults.idleTimeoutSec}
              value={input.idleTimeoutSec}
              onChange={(idleTimeoutSec) => change({ idleTimeoutSec })}
            />
          )}
        </Field>
        <Field label="Turns of a prompt" problem={problemAt('maxTurns')}>
          {(ties) => (
            <NumberField
              {...ties}
              placeholder={String(limitDefaults.maxTurns)}
              value={input.maxTurns}
              onChange={(maxTurns) => change({ maxTurns })}
            />
          )}
        </Field>
      </Group>
      <Field
        label="Session"
        hint="Shared: a prompt goes on with the conversation before it. For prompts that do not say."
      >
        {(ties) => (
          <select
            {...ties}
            className="select field"
            value={input.session ?? ''}
            onChange={(event) => change({ session: SessionChoice.safeParse(event.target.value).data ?? null })}
          >
            <option value="">{sessionWords.shared} (default)</option>
            {SessionChoice.options.map((choice) => (
              <option key={choice} value={choice}>
                {sessionWords[choice]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.base.id !== undefined && <Versions draft={draft} id={draft.base.id} />}
      {summary !== undefined && summary.lastRuns.length > 0 && (
        <section>
          <h2 className="mb-1 text-sm font-medium text-soft">Last runs</h2>
          <ul className="divide-y divide-line">
            {summary.lastRuns.slice(0, 5).map((run) => (
              <li key={run.id}>
                <Link
                  to={route.run}
                  params={{ id: run.id }}
                  className="flex h-9 items-center justify-between rounded px-1 text-sm hover:bg-hover touch:h-11"
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

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-semibold text-soft">{title}</legend>
      <div className="grid grid-cols-2 gap-3">{children}</div>
    </fieldset>
  )
}

function Versions({ draft, id }: { draft: Draft; id: string }) {
  const navigate = useNavigate()
  const isOpen = useSearch({ from: '/workflows/$id' }).show === 'versions'
  const show = (on: boolean) =>
    void navigate({ to: '.', search: (old) => ({ ...old, show: on ? 'versions' : undefined }), replace: true })
  return (
    <div>
      <Button small icon={<History className="size-3.5" />} onClick={() => show(true)}>
        Versions
      </Button>
      {isOpen && <VersionsDialog id={id} draft={draft} onClose={() => show(false)} />}
    </div>
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
