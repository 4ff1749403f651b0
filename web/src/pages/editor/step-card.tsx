// One prompt of the staff: its first line when folded; when open its text (or how that reads as markdown) and what it
// is played with.

import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { clsx } from 'clsx'
import {
  ArrowDown,
  ArrowUp,
  ChevronDown,
  Copy,
  Ellipsis,
  FileCode,
  GripVertical,
  Trash2,
  TriangleAlert,
} from 'lucide-react'
import { useState } from 'react'
import type { AgentInfo } from '#src/agents/contract.ts'
import { SessionChoice, type PromptStep, type Remark } from '#src/workflows/contract.ts'
import { firstLine, plural } from '../../lib/format.ts'
import { Chip } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { ModelBox } from '../../ui/model-box.tsx'
import { modeWords, sessionWords } from './mode-words.ts'
import { PromptEditor } from './prompt-editor.tsx'
import { Remarks, remarksAt } from './remarks.tsx'
import { ServersButton } from './servers-dialog.tsx'
import { StepLimits } from './step-limits.tsx'

interface StepCardProps {
  step: PromptStep
  index: number
  count: number
  open: boolean
  fresh: boolean
  /** The first of the step. */
  problem: string | undefined
  problemAt: (field: keyof PromptStep) => string | undefined
  agents: readonly AgentInfo[]
  workflowAgent: string | null
  /** Of this prompt. */
  remarks: readonly Remark[]
  /** Undefined while it is not saved as it stands. */
  onRecipe: (() => void) | undefined
  onToggle: () => void
  onChange: (step: PromptStep) => void
  onMove: (by: 1 | -1) => void
  onDuplicate: () => void
  onRemove: () => void
}

export function StepCard(props: StepCardProps) {
  const { step, index, count, open, problem } = props
  const drag = useSortable({ id: step.id })
  const name = `Step ${index + 1}`

  return (
    <li
      ref={drag.setNodeRef}
      aria-label={name}
      data-step={step.id}
      style={{
        transform: CSS.Transform.toString(drag.transform && { ...drag.transform, scaleX: 1, scaleY: 1 }),
        transition: drag.transition,
      }}
      className={clsx('relative grid grid-cols-[36px_minmax(0,1fr)] pb-3', drag.isDragging && 'z-10')}
    >
      {index < count - 1 && <span aria-hidden="true" className="absolute bottom-0 left-[13px] top-7 w-px bg-staff" />}
      <span
        aria-hidden="true"
        className={clsx(
          'mt-2 flex size-7 items-center justify-center rounded-full border text-sm font-semibold',
          problem === undefined ? 'border-edge bg-paper text-soft' : 'border-failed bg-failed-wash text-failed',
        )}
      >
        {index + 1}
      </span>
      <div
        className={clsx(
          'panel min-w-0',
          drag.isDragging && 'shadow-float',
          problem !== undefined && !open && '!border-failed',
        )}
      >
        <div className="flex min-h-11 items-center gap-1 pl-1 pr-1.5">
          <button
            type="button"
            aria-label={`Move ${name}: drag, or press Space and the arrow keys`}
            className="flex h-8 w-6 shrink-0 cursor-grab touch-none items-center justify-center rounded text-faint hover:text-ink touch:h-11 touch:w-9"
            {...drag.attributes}
            {...drag.listeners}
          >
            <GripVertical className="size-4" />
          </button>
          <button
            type="button"
            aria-expanded={open}
            onClick={props.onToggle}
            className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded px-1 text-left"
          >
            <span className="min-w-0 flex-1 truncate font-medium">
              {step.name ??
                (firstLine(step.text) === '' ? <span className="text-faint">Empty prompt</span> : firstLine(step.text))}
            </span>
            {!open && <Facts {...props} />}
            <ChevronDown
              className={clsx('size-4 shrink-0 text-faint transition-transform duration-100', open && 'rotate-180')}
            />
          </button>
          <IconButton
            label={`Move ${name.toLowerCase()} up`}
            keys="Alt ↑"
            disabled={index === 0}
            onClick={() => props.onMove(-1)}
            className="max-sm:!hidden"
          >
            <ArrowUp />
          </IconButton>
          <IconButton
            label={`Move ${name.toLowerCase()} down`}
            keys="Alt ↓"
            disabled={index === count - 1}
            onClick={() => props.onMove(1)}
            className="max-sm:!hidden"
          >
            <ArrowDown />
          </IconButton>
          <Menu
            trigger={
              <IconButton label={`More for ${name.toLowerCase()}`}>
                <Ellipsis />
              </IconButton>
            }
            items={[
              { label: 'Move up', icon: <ArrowUp />, disabled: index === 0, onSelect: () => props.onMove(-1) },
              {
                label: 'Move down',
                icon: <ArrowDown />,
                disabled: index === count - 1,
                onSelect: () => props.onMove(1),
              },
              { label: 'Duplicate', icon: <Copy />, onSelect: props.onDuplicate },
              {
                label: 'Goose recipe…',
                icon: <FileCode />,
                disabled: props.onRecipe === undefined,
                onSelect: () => props.onRecipe?.(),
              },
              { label: 'Remove', icon: <Trash2 />, danger: true, disabled: count === 1, onSelect: props.onRemove },
            ]}
          />
        </div>
        {problem !== undefined && !open && <p className="px-9 pb-2 text-sm text-failed">{problem}</p>}
        {open && <OpenStep {...props} name={name} />}
      </div>
    </li>
  )
}

function Facts({ step, remarks }: StepCardProps) {
  return (
    <span className="hidden items-center gap-1 sm:flex">
      {remarks.length > 0 && (
        <span className="inline-flex items-center gap-1 text-xs text-waiting">
          <TriangleAlert aria-hidden="true" className="size-3.5" />
          {plural(remarks.length, 'remark')}
        </span>
      )}
      {step.agent != null && <Chip>{step.agent}</Chip>}
      {step.model != null && <Chip mono>{step.model.split('/').at(-1)}</Chip>}
      {step.mode != null && <Chip>{step.mode}</Chip>}
      {(step.mcpServerIds ?? []).length > 0 && <Chip>{plural(step.mcpServerIds?.length ?? 0, 'MCP server')}</Chip>}
      {step.session === 'fresh' && <Chip>new conversation</Chip>}
    </span>
  )
}

function OpenStep(props: StepCardProps & { name: string }) {
  const { step, name, fresh, problemAt, agents, workflowAgent, remarks, onChange } = props
  const [isPreview, setPreview] = useState(false)
  const problem = problemAt('text')
  const agentId = step.agent ?? workflowAgent
  const modes = agents.find((agent) => agent.id === agentId)?.modes ?? ['plan', 'edit', 'full']
  return (
    <div className="px-3 pb-3">
      {isPreview ? (
        <div
          tabIndex={0}
          role="region"
          aria-label={`Preview of ${name.toLowerCase()}`}
          className="max-h-[60vh] min-h-26 overflow-auto rounded-lg border border-line bg-sunken px-3 py-2.5"
        >
          {step.text.trim() === '' ? <p className="text-faint">Nothing written yet.</p> : <Markdown text={step.text} />}
        </div>
      ) : (
        <PromptEditor
          label={`Prompt of ${name.toLowerCase()}`}
          value={step.text}
          invalid={problem !== undefined}
          autoFocus={fresh}
          onChange={(text) => onChange({ ...step, text })}
        />
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-1 text-sm text-failed">
          {problem}
        </p>
      )}
      <Remarks remarks={remarksAt(remarks, `steps.${props.index}.text`)} />
      <div className="mt-2.5 flex flex-wrap items-center gap-2">
        <select
          aria-label={`Agent of ${name.toLowerCase()}`}
          className="select h-7 max-w-full rounded-md border border-line bg-surface pl-2 text-sm hover:bg-hover touch:h-11"
          value={step.agent ?? ''}
          onChange={(event) => onChange({ ...step, agent: event.target.value === '' ? null : event.target.value })}
        >
          <option value="">Agent of the workflow</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.title}
              {agent.installed ? '' : ' (not installed)'}
            </option>
          ))}
          {step.agent != null && !agents.some((agent) => agent.id === step.agent) && (
            <option value={step.agent}>{step.agent} (unknown)</option>
          )}
        </select>
        <ModelBox
          compact
          label={`Model of ${name.toLowerCase()}`}
          defaultLabel="Use Default Model"
          value={{ provider: step.provider ?? null, model: step.model ?? null }}
          onChange={(choice) => onChange({ ...step, ...choice })}
        />
        <select
          aria-label={`What the agent may do in ${name.toLowerCase()}`}
          className="select h-7 max-w-full rounded-md border border-line bg-surface pl-2 text-sm hover:bg-hover touch:h-11"
          value={step.mode ?? ''}
          onChange={(event) =>
            onChange({
              ...step,
              mode: event.target.value === '' ? null : (event.target.value as 'plan' | 'edit' | 'full'),
            })
          }
        >
          <option value="">Default mode</option>
          {(['plan', 'edit', 'full'] as const).map((mode) => (
            <option key={mode} value={mode} disabled={!modes.includes(mode)}>
              {modeWords[mode]}
            </option>
          ))}
        </select>
        <ServersButton
          name={name.toLowerCase()}
          value={step.mcpServerIds ?? []}
          problem={
            remarksAt(remarks, `steps.${props.index}.mcpServerIds`).find(({ level }) => level === 'error')?.message
          }
          onChange={(mcpServerIds) => onChange({ ...step, mcpServerIds })}
        />
        <select
          aria-label={`Session of ${name.toLowerCase()}`}
          className="select h-7 max-w-full rounded-md border border-line bg-surface pl-2 text-sm hover:bg-hover touch:h-11"
          value={step.session ?? ''}
          onChange={(event) => onChange({ ...step, session: SessionChoice.safeParse(event.target.value).data ?? null })}
        >
          <option value="">Default session</option>
          {SessionChoice.options.map((choice) => (
            <option key={choice} value={choice}>
              {sessionWords[choice]}
            </option>
          ))}
        </select>
        <button
          type="button"
          aria-pressed={isPreview}
          onClick={() => setPreview(!isPreview)}
          className="h-7 rounded-md px-2 text-sm text-soft hover:bg-hover hover:text-ink aria-pressed:bg-brass-wash aria-pressed:text-ink touch:h-11"
        >
          Preview
        </button>
      </div>
      <Remarks remarks={remarks.filter(({ path }) => !path.startsWith(`steps.${props.index}.text`))} />
      <StepLimits name={name.toLowerCase()} step={step} onChange={onChange} problemAt={problemAt} />
    </div>
  )
}
