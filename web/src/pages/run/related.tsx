// Runs that belong to this one: the one it repeats, the one whose success started it, those its success started.

import { Link } from '@tanstack/react-router'
import type { Run } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { shortId } from '../../lib/format.ts'

export const triggerWords: Record<Run['trigger'], string> = {
  manual: 'by hand',
  api: 'over the API',
  cli: 'from the command line',
  sample: 'as the sample',
  rerun: 'as a repetition',
  workflow: 'by another workflow',
}

export function Related({ run }: { run: Run }) {
  return (
    <>
      {run.rerunOf !== null && (
        <RunLink id={run.rerunOf}>
          Runs {shortId(run.rerunOf)} again
          {run.rerunFromStep !== null && run.rerunFromStep > 0 && ` from step ${run.rerunFromStep + 1}`}
        </RunLink>
      )}
      {run.parentRunId !== null && <RunLink id={run.parentRunId}>Started by {shortId(run.parentRunId)}</RunLink>}
      {run.triggeredRunIds.map((id) => (
        <RunLink key={id} id={id}>
          Started {shortId(id)}
        </RunLink>
      ))}
    </>
  )
}

function RunLink({ id, children }: { id: string; children: React.ReactNode }) {
  return (
    <Link to={route.run} params={{ id }} className="min-h-6 py-0.5 text-brass-text hover:underline">
      {children}
    </Link>
  )
}
