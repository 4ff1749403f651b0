// Runs as staves: one per workflow, or one per agent. Pure.

import type { RunSummary, WorkflowSummary } from '#src/workflows/contract.ts'
import { ago, cost, duration } from '../../lib/format.ts'
import type { LaneNote } from '../../score/layout.ts'
import { states } from '../../ui/status.ts'

export interface RunLane {
  id: string
  title: string
  /** Of the workflow; undefined for an agent's staff or a deleted workflow. */
  workflow: WorkflowSummary | undefined
  notes: LaneNote[]
  lastAt: number
}

export function lanesOfRuns(
  runs: readonly RunSummary[],
  workflows: readonly WorkflowSummary[],
  by: 'workflow' | 'agent',
  now: number,
): RunLane[] {
  const known = new Map(workflows.map((workflow) => [workflow.id, workflow]))
  const lanes = new Map<string, RunLane>()
  const lane = (id: string, title: string, workflow: WorkflowSummary | undefined) => {
    const found = lanes.get(id)
    if (found !== undefined) return found
    const made: RunLane = { id, title, workflow, notes: [], lastAt: 0 }
    lanes.set(id, made)
    return made
  }
  // Every workflow has its staff, played or not.
  if (by === 'workflow') for (const workflow of workflows) lane(workflow.id, workflow.name, workflow)
  for (const run of runs) {
    const workflow = known.get(run.workflowId)
    const agents = by === 'agent' ? run.agents : ['']
    for (const agent of agents) {
      const owner =
        by === 'agent'
          ? lane(agent, agent, undefined)
          : lane(run.workflowId, workflow?.name ?? run.workflowName, workflow)
      owner.notes.push(noteOf(run, now, by === 'agent'))
      owner.lastAt = Math.max(owner.lastAt, run.createdAt)
    }
  }
  return [...lanes.values()].sort((a, b) => b.lastAt - a.lastAt || a.title.localeCompare(b.title))
}

function noteOf(run: RunSummary, now: number, named: boolean): LaneNote {
  const start = run.startedAt ?? run.createdAt
  const word = states[run.status].word
  const took =
    run.endedAt !== null
      ? `took ${duration(run.endedAt - start)}`
      : run.status === 'running'
        ? `for ${duration(Math.max(0, now - start))}`
        : 'not ended'
  return {
    id: run.id,
    start,
    end: run.endedAt,
    status: run.status,
    label: `${run.workflowName}: ${word.toLowerCase()}, ${ago(start, now)}, ${took}, cost ${cost(run.usage?.costUsd ?? null)}`,
    text: named
      ? run.workflowName
      : run.endedAt === null
        ? `${word}, step ${Math.min(run.stepsDone + 1, run.stepCount)} of ${run.stepCount}`
        : duration(run.endedAt - start),
  }
}
