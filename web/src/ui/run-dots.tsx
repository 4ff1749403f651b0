// A workflow's last results, oldest first: shapes with a word each. Together they are one link to all its runs,
// because ten shapes of their own would be too small to hit.

import { Link } from '@tanstack/react-router'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../api/paths.ts'
import { duration, exact } from '../lib/format.ts'
import { Glyph } from './glyph.tsx'
import { states } from './status.ts'

export function RunDots({ workflowId, runs }: { workflowId: string; runs: WorkflowSummary['lastRuns'] }) {
  if (runs.length === 0) return <span className="text-sm text-faint">Never run</span>
  return (
    <Link
      to={route.runs}
      search={{ workflowId }}
      className="inline-flex min-h-6 min-w-6 items-center gap-1 rounded px-0.5 hover:bg-hover touch:min-h-9"
    >
      <span className="sr-only">Runs of it, last results:</span>
      {runs.toReversed().map((run) => (
        <span
          key={run.id}
          title={`${states[run.status].word}, ${exact(run.createdAt)}${run.durationMs === null ? '' : `, took ${duration(run.durationMs)}`}`}
        >
          <Glyph status={run.status} size={14} />
          <span className="sr-only">{states[run.status].word}</span>
        </span>
      ))}
    </Link>
  )
}
