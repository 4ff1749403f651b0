// Which workflows a list shows: folder, tag, words. Pure.

import type { Workflow } from './contract.ts'

export interface WorkflowFilter {
  /** Every word of it, anywhere in the name, description, tags and prompts, in any case. */
  readonly q?: string | undefined
  /** That folder only. */
  readonly path?: string | undefined
  readonly tag?: string | undefined
}

export function matches(workflow: Workflow, { q, path, tag }: WorkflowFilter): boolean {
  if (path !== undefined && (workflow.path ?? '') !== path) return false
  if (tag !== undefined && !(workflow.tags ?? []).some((one) => fold(one) === fold(tag))) return false
  const words = fold(q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return true
  const texts = textsOf(workflow)
  return words.every((word) => texts.some((text) => text.includes(word)))
}

/** Folding a megabyte of prompts at every key press would cost more than the search. */
const folded = new WeakMap<Workflow, readonly string[]>()

function textsOf(workflow: Workflow): readonly string[] {
  const known = folded.get(workflow)
  if (known !== undefined) return known
  const { name, description = '', tags = [], steps } = workflow
  const texts = [name, description, ...tags, ...steps.flatMap((step) => [step.name ?? '', step.text])].map(fold)
  folded.set(workflow, texts)
  return texts
}

const fold = (text: string): string => text.toLowerCase()
