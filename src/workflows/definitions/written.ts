// A workflow as somebody writes it: a field that nobody knows is refused, with the nearest one that there is, since
// one that is left out in silence (`modle: ...`) is only noticed in what a run costs. Files and answers are read
// without this: there, fields of other programs stay.

import { editDistance, type Issue } from '#src/core/index.ts'
import { z } from 'zod'
import { PromptStep, WorkflowInput } from '../contract.ts'

/** `WorkflowInput` for what comes in from outside. */
export const WrittenWorkflow = strict('a workflow', {
  ...WorkflowInput.shape,
  steps: z.array(strict('a prompt', PromptStep.shape)).min(1, 'at least one prompt').max(200),
})

/** One issue for each object that has fields that are not known. */
export function unknownFields(value: unknown): Issue[] {
  const found = WrittenWorkflow.safeParse(value).error?.issues ?? []
  return found
    .filter(({ code }) => code === 'unrecognized_keys')
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
}

function strict<S extends z.ZodRawShape>(what: string, shape: S) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => strange(key, what, known)).join('; ') : undefined,
  })
}

function strange(key: string, what: string, known: readonly string[]): string {
  const limit = Math.max(2, Math.floor(key.length / 3))
  const [near] = known
    .map((name) => ({ name, far: editDistance(key, name) }))
    .filter(({ far }) => far <= limit)
    .toSorted((a, b) => a.far - b.far)
  return `"${key}" is no field of ${what}${near === undefined ? '' : `; did you mean "${near.name}"?`}`
}
