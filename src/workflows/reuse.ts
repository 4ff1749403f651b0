// What a run that begins in the middle takes over from the one it repeats. Pure.

import { MaestroError } from '#src/core/index.ts'
import type { StepRecord } from './repo.ts'

/**
 * The steps before `fromStep` (0-based), all of which have a recorded result.
 * @throws `invalid_input` for a step that is not there, or when one before it has no result
 */
export function reusedSteps(steps: readonly StepRecord[], fromStep: number): StepRecord[] {
  const refuse = (message: string, hint: string): never => {
    throw new MaestroError('invalid_input', message, { hint, issues: [{ path: 'fromStep', message }] })
  }
  if (fromStep >= steps.length) {
    return refuse(`there is no step ${fromStep + 1}: the run has ${steps.length}`, `at most ${steps.length - 1}`)
  }
  const before = steps.slice(0, fromStep)
  const open = before.find((step) => step.status !== 'succeeded' || step.turnId === null)
  if (open === undefined) return before
  return refuse(
    `step ${fromStep + 1} cannot be the first: step ${open.index + 1} before it has no result`,
    `run again from step ${open.index + 1}, which is fromStep ${open.index}`,
  )
}
