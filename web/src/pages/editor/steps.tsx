// The staff of steps: order by drag or keys, add, duplicate, remove with undo.

import { arrayMove } from '@dnd-kit/sortable'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { AgentInfo } from '#src/agents/contract.ts'
import type { PromptStep, Remark } from '#src/workflows/contract.ts'
import { firstLine } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { SortableList } from '../../ui/sortable-list.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { stepTitle } from './draft.ts'
import { RecipeDialog } from './recipe-dialog.tsx'
import { remarksAt } from './remarks.tsx'
import { StepCard } from './step-card.tsx'
import type { Draft } from './use-draft.ts'

/** With more steps than this a workflow opens folded. */
const openUpTo = 3

interface StepsProps {
  draft: Draft
  agents: readonly AgentInfo[]
  remarks: readonly Remark[]
  /** Of a new prompt. */
  defaultServerIds: readonly string[]
}

export function Steps({ draft, agents, remarks, defaultServerIds }: StepsProps) {
  const { steps } = draft.input
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(steps.length <= openUpTo ? steps.map((step) => step.id) : []),
  )
  const [fresh, setFresh] = useState<string>()
  const [recipe, setRecipe] = useState<number>()
  const toasts = useToasts()
  const allOpen = steps.every((step) => open.has(step.id))

  const toggle = (id: string) =>
    setOpen((old) => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })

  function add(at: number, text = '', like?: Partial<PromptStep>) {
    const step = draft.freshStep(
      text,
      like ?? (defaultServerIds.length === 0 ? {} : { mcpServerIds: [...defaultServerIds] }),
    )
    draft.changeSteps((old) => old.toSpliced(at, 0, step))
    setOpen((old) => new Set(old).add(step.id))
    setFresh(step.id)
  }

  function remove(index: number) {
    const step = steps[index]
    if (step === undefined) return
    draft.changeSteps((old) => old.filter((each) => each.id !== step.id))
    toasts.say(`Removed ${stepTitle(step, index)}`, {
      label: 'Undo',
      run: () =>
        draft.changeSteps((old) => (old.some((each) => each.id === step.id) ? old : old.toSpliced(index, 0, step))),
    })
  }

  function move(from: number, to: number) {
    if (to < 0 || to >= steps.length) return
    draft.changeSteps((old) => arrayMove(old, from, to))
  }

  return (
    <section aria-label="Prompts">
      <div className="mb-2 flex items-center justify-between">
        <h2 className="text-sm font-semibold text-soft">Prompts</h2>
        {steps.length > 1 && (
          <Button
            small
            look="quiet"
            onClick={() => setOpen(allOpen ? new Set() : new Set(steps.map((step) => step.id)))}
          >
            {allOpen ? 'Collapse all' : 'Expand all'}
          </Button>
        )}
      </div>
      <SortableList keys={steps.map((step) => step.id)} onMove={move}>
        {steps.map((step, index) => (
          <StepCard
            key={step.id}
            step={step}
            index={index}
            count={steps.length}
            open={open.has(step.id)}
            fresh={fresh === step.id}
            problem={draft.problemAt(`steps.${index}`)}
            problemAt={(field) => draft.problemAt(`steps.${index}.${field}`)}
            agents={agents}
            workflowAgent={draft.input.agent ?? null}
            remarks={remarksAt(remarks, `steps.${index}`)}
            onRecipe={draft.base.id !== undefined && draft.changes.length === 0 ? () => setRecipe(index) : undefined}
            onToggle={() => toggle(step.id)}
            onChange={(next) => draft.changeSteps((old) => old.map((each) => (each.id === next.id ? next : each)))}
            onMove={(by) => move(index, index + by)}
            onDuplicate={() => add(index + 1, step.text, step)}
            onRemove={() => remove(index)}
          />
        ))}
      </SortableList>
      <div className="pl-9">
        <Button icon={<Plus className="size-4" />} onClick={() => add(steps.length)}>
          Add Prompt
        </Button>
      </div>
      {recipe !== undefined && draft.base.id !== undefined && steps[recipe] !== undefined && (
        <RecipeDialog
          id={draft.base.id}
          step={recipe}
          title={steps[recipe].name ?? (firstLine(steps[recipe].text, 40) || `Step ${recipe + 1}`)}
          onClose={() => setRecipe(undefined)}
        />
      )}
    </section>
  )
}
