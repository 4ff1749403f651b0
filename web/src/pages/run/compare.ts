// Two runs of a workflow beside each other: what each prompt took, cost and answered. Pure.

import type { Usage } from '#src/core/contract.ts'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { linesOf, type Op } from '../../lib/word-diff.ts'

export interface Figure {
  before: number | null
  after: number | null
  /** Null where one of both is not known. */
  delta: number | null
}

export interface Figures {
  durationMs: Figure
  tokens: Figure
  costUsd: Figure
}

export interface StepPair {
  key: string
  title: string
  before: RunStep | undefined
  after: RunStep | undefined
  figures: Figures
  hasSamePrompt: boolean
  /** The answers' lines; null when they are equal, or one is missing. */
  lines: { op: Op; text: string }[] | null
}

export interface Comparison {
  figures: Figures
  steps: StepPair[]
}

/** Prompts are matched by their ids; what only one run has stands by itself, in the order of the newer one. */
export function compareRuns(before: Run, after: Run): Comparison {
  const old = new Map(before.steps.map((step) => [step.stepId, step]))
  const mine = new Set(after.steps.map((step) => step.stepId))
  const pairs: [RunStep | undefined, RunStep | undefined][] = [
    ...after.steps.map((step): [RunStep | undefined, RunStep] => [old.get(step.stepId), step]),
    ...before.steps.filter((step) => !mine.has(step.stepId)).map((step): [RunStep, undefined] => [step, undefined]),
  ]
  return {
    figures: figuresOf(before, after),
    steps: pairs.map(([one, other]) => ({
      key: `${other?.index ?? 'gone'} ${one?.stepId ?? other?.stepId ?? ''}`,
      title: (other ?? one)?.title ?? '',
      before: one,
      after: other,
      figures: figuresOf(one, other),
      hasSamePrompt: one?.prompt === other?.prompt,
      lines:
        one?.output == null || other?.output == null || one.output === other.output
          ? null
          : linesOf(one.output, other.output),
    })),
  }
}

interface Measured {
  startedAt: number | null
  endedAt: number | null
  usage: Usage | null
}

function figuresOf(before: Measured | undefined, after: Measured | undefined): Figures {
  return {
    durationMs: figure(tookOf(before), tookOf(after)),
    tokens: figure(tokensOf(before?.usage), tokensOf(after?.usage)),
    costUsd: figure(before?.usage?.costUsd ?? null, after?.usage?.costUsd ?? null),
  }
}

const tookOf = (it: Measured | undefined): number | null =>
  it?.startedAt == null || it.endedAt === null ? null : it.endedAt - it.startedAt

/** In and out together; null unless both are known. */
const tokensOf = (usage: Usage | null | undefined): number | null =>
  usage?.inputTokens == null || usage.outputTokens === null ? null : usage.inputTokens + usage.outputTokens

const figure = (before: number | null, after: number | null): Figure => ({
  before,
  after,
  delta: before === null || after === null ? null : after - before,
})
