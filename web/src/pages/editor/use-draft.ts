// The workflow being edited, and how saving goes: saved or not, wrong or not, in conflict or not.

import { useCallback, useMemo, useRef, useState } from 'react'
import type { PromptStep, Workflow, WorkflowInput } from '#src/workflows/contract.ts'
import { conflictOf, type Conflict } from '../../api/api.ts'
import { useSaveWorkflow } from '../../api/queries.ts'
import { useToasts } from '../../ui/toast.tsx'
import { changesOf, inputOf, newStepId, problemsOf } from './draft.ts'

export function useDraft(stored: Workflow | undefined, blank: WorkflowInput) {
  const [base, setBase] = useState(() => ({
    id: stored?.id,
    version: stored?.version ?? '',
    input: stored === undefined ? blank : inputOf(stored),
  }))
  const [input, setInput] = useState(base.input)
  const [touched, setTouched] = useState(stored !== undefined)
  const [conflict, setConflict] = useState<Conflict>()
  const save = useSaveWorkflow()
  const toasts = useToasts()
  const usedIds = useRef(new Set(base.input.steps.map((step) => step.id)))

  const changes = useMemo(() => changesOf(base.input, input), [base, input])
  const problems = useMemo(() => problemsOf(input), [input])

  /** Undefined when it was not saved: something is wrong, in conflict, or failed. */
  const store = useCallback(
    async (over?: Workflow): Promise<Workflow | undefined> => {
      setTouched(true)
      if (problemsOf(input).length > 0) return undefined
      try {
        const saved = await save.mutateAsync({
          id: base.id,
          input: tidy(input),
          ifVersion: over?.version ?? base.version,
        })
        setBase({ id: saved.id, version: saved.version, input: inputOf(saved) })
        // What was typed while it was on its way stays typed.
        setInput((now) => (now === input ? inputOf(saved) : now))
        setConflict(undefined)
        return saved
      } catch (thrown) {
        const current = conflictOf(thrown)
        if (current === undefined) toasts.fail(thrown)
        else setConflict(current)
        return undefined
      }
    },
    [base, input, save, toasts],
  )

  function takeTheirs(current: Workflow) {
    setBase({ id: current.id, version: current.version, input: inputOf(current) })
    setInput(inputOf(current))
    setConflict(undefined)
  }

  function freshStep(text: string, like: Partial<PromptStep> = {}): PromptStep {
    const id = newStepId(input.steps, usedIds.current)
    usedIds.current.add(id)
    return { ...like, id, text }
  }

  return {
    base,
    input,
    change: (part: Partial<WorkflowInput>) => setInput((old) => ({ ...old, ...part })),
    changeSteps: (edit: (steps: PromptStep[]) => PromptStep[]) =>
      setInput((old) => ({ ...old, steps: edit(old.steps) })),
    freshStep,
    changes,
    /** Of one field; quiet on a new workflow until the first try to save. */
    problemAt: (path: string) =>
      touched ? problems.find((issue) => issue.path === path || issue.path.startsWith(`${path}.`))?.message : undefined,
    problems,
    touched,
    store,
    saving: save.isPending,
    conflict,
    dropConflict: () => setConflict(undefined),
    takeTheirs,
    discard: () => setInput(base.input),
  }
}

export type Draft = ReturnType<typeof useDraft>

/** Empty text fields are not sent. */
function tidy(input: WorkflowInput): WorkflowInput {
  const { description, path, workingDir, ...rest } = input
  return {
    ...rest,
    name: input.name.trim(),
    ...(description === undefined || description === '' ? {} : { description }),
    ...(path === undefined || path === '' ? {} : { path }),
    workingDir: workingDir == null || workingDir.trim() === '' ? null : workingDir.trim(),
  }
}
