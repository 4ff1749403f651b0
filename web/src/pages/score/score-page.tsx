// Home: what is not well, what runs now, the score, and for a new Maestro what to do first.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { newWorkflow, route } from '../../api/paths.ts'
import { runsQuery, workflowsQuery } from '../../api/queries.ts'
import { useFrame } from '../../app/frame.ts'
import { Page } from '../../app/page.tsx'
import { ErrorCard } from '../../ui/bits.tsx'
import { buttonClass, Kbd } from '../../ui/button.tsx'
import { FirstMinute, wasDismissed } from './first-minute.tsx'
import { HealthBanner } from './health-banner.tsx'
import { NowStrip } from './now-strip.tsx'
import { ScoreView } from './score-view.tsx'
import { WaitingNotice } from './waiting-notice.tsx'

/** With more runs than this nobody needs to be told what to do first. */
const newUntil = 5

export function ScorePage() {
  const workflows = useQuery(workflowsQuery)
  const runs = useInfiniteQuery(runsQuery({}))
  const { openPalette } = useFrame()
  const count = runs.data?.pages[0]?.items.length
  const [isDismissed, setIsDismissed] = useState(wasDismissed)
  const hasFirstSteps = !isDismissed && workflows.data !== undefined && count !== undefined && count <= newUntil

  return (
    <Page
      title="Score"
      actions={
        <>
          <button
            type="button"
            onClick={openPalette}
            className="hidden h-8.5 w-64 items-center gap-2 rounded-lg border border-line bg-surface px-3 text-left text-faint hover:border-edge sm:flex"
          >
            <Search className="size-4" aria-hidden="true" />
            <span className="flex-1">Find anything</span>
            <Kbd>Ctrl K</Kbd>
          </button>
          <Link to={route.workflow} params={{ id: newWorkflow }} className={buttonClass('plain')}>
            + New Workflow
          </Link>
        </>
      }
    >
      <div className="mx-auto flex max-w-[1600px] flex-col gap-4 px-4 py-4 md:px-6">
        {workflows.error !== null && workflows.data === undefined && (
          <ErrorCard thrown={workflows.error} onRetry={() => void workflows.refetch()} />
        )}
        <WaitingNotice />
        <HealthBanner besideFirstSteps={hasFirstSteps} />
        {hasFirstSteps && (
          <FirstMinute workflows={workflows.data} played={count > 0} onDismiss={() => setIsDismissed(true)} />
        )}
        <NowStrip />
        <ScoreView workflows={workflows.data ?? []} />
      </div>
    </Page>
  )
}
