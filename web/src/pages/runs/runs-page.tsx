// Every run that was recorded: by workflow, by state, newest first; a preview beside the list.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { workflowsQuery, runsQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { RunList } from './run-list.tsx'

/** What people look for, as the statuses the API knows. */
const groups: readonly (readonly [string, string])[] = [
  ['running', 'Running'],
  ['queued', 'Queued'],
  ['waiting', 'Waiting'],
  ['succeeded', 'Succeeded'],
  ['failed,timed_out,budget_exceeded,interrupted', 'Went wrong'],
  ['failed', 'Failed'],
  ['timed_out', 'Timed out'],
  ['budget_exceeded', 'Over budget'],
  ['cancelled', 'Stopped'],
  ['interrupted', 'Interrupted'],
]

export function RunsPage() {
  const { workflowId, status } = useSearch({ from: '/runs' })
  const navigate = useNavigate()
  const workflows = useQuery(workflowsQuery)
  const runs = useInfiniteQuery(runsQuery({ workflowId, status }))
  const items = runs.data?.pages.flatMap((page) => page.items)
  const filtered = workflowId !== undefined || status !== undefined

  const filter = (part: { workflowId?: string | undefined; status?: string | undefined }) =>
    void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })

  return (
    <Page fill title="Runs">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 md:px-6">
        <select
          data-search
          aria-label="Workflow"
          className="select field !w-auto max-w-64 max-sm:!w-full max-sm:max-w-none"
          value={workflowId ?? ''}
          onChange={(event) => filter({ workflowId: event.target.value === '' ? undefined : event.target.value })}
        >
          <option value="">All workflows</option>
          {workflows.data?.map((workflow) => (
            <option key={workflow.id} value={workflow.id}>
              {workflow.name}
            </option>
          ))}
        </select>
        <select
          aria-label="State"
          className="select field !w-auto max-sm:!w-full"
          value={status ?? ''}
          onChange={(event) => filter({ status: event.target.value === '' ? undefined : event.target.value })}
        >
          <option value="">All states</option>
          {groups.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
        {filtered && (
          <Button small look="quiet" onClick={() => filter({ workflowId: undefined, status: undefined })}>
            Clear
          </Button>
        )}
      </div>
      {runs.error !== null && items === undefined && (
        <div className="p-6">
          <ErrorCard thrown={runs.error} onRetry={() => void runs.refetch()} />
        </div>
      )}
      {runs.isPending && (
        <div className="p-6">
          <Skeleton rows={8} />
        </div>
      )}
      {items !== undefined && items.length > 0 && (
        <RunList
          key={`${workflowId} ${status}`}
          runs={items}
          more={runs.hasNextPage}
          loading={runs.isFetchingNextPage}
          onMore={() => void runs.fetchNextPage()}
        />
      )}
      {items?.length === 0 && (
        <Empty title={filtered ? 'No run matches' : 'No runs yet'}>
          {filtered ? 'Clear the filter to see all of them.' : 'Run a workflow; it is recorded here for ever.'}
        </Empty>
      )}
    </Page>
  )
}
