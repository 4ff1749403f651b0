// A workflow's last results, oldest first: shapes with a word each, every one a link.

import { Link } from '@tanstack/react-router'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../api/paths.ts'
import { duration, exact } from '../lib/format.ts'
import { Glyph } from './glyph.tsx'
import { states } from './status.ts'

export function RunDots({ runs }: { runs: WorkflowSummary['lastRuns'] }) {
  if (runs.length === 0) return <span className="text-sm text-faint">Never run</span>
  return (
    <ol aria-label="Last results" className="flex items-center">
      {runs.toReversed().map((run) => {
        const text = `${states[run.status].word}, ${exact(run.createdAt)}${run.durationMs === null ? '' : `, took ${duration(run.durationMs)}`}`
        return (
          <li key={run.id}>
            <Link
              to={route.run}
              params={{ id: run.id }}
              aria-label={text}
              title={text}
              className="flex rounded p-0.5 hover:bg-hover"
            >
              <Glyph status={run.status} size={14} />
            </Link>
          </li>
        )
      })}
    </ol>
  )
}
