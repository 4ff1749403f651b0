// Every run that was recorded: by workflow, state, start, day and words, newest first; a preview beside the list.

import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FileSpreadsheet } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { RunSummary } from '#src/workflows/contract.ts'
import { client } from '../../api/api.ts'
import { runsQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { plural } from '../../lib/format.ts'
import { saveFile } from '../../lib/save-file.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { runsCsv } from './csv.ts'
import { isWanted, serverFilter, type RunSearch } from './filter.ts'
import { RunFilters } from './run-filters.tsx'
import { RunList } from './run-list.tsx'

const mostExported = 10_000

export function RunsPage() {
  const { panel: _panel, ...search } = useSearch({ from: '/runs' })
  const navigate = useNavigate()
  const filter = serverFilter(search)
  const runs = useInfiniteQuery(runsQuery(filter))
  const items = useMemo(
    () => runs.data?.pages.flatMap((page) => page.items).filter((run) => isWanted(run, search)),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `search` is a new object every time
    [runs.data, search.trigger, search.q],
  )
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const look = (part: RunSearch) => void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })

  return (
    <Page fill title="Runs" actions={<CsvButton search={search} />}>
      <RunFilters search={search} onLook={look} />
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
      {items !== undefined && (items.length > 0 || runs.hasNextPage) && (
        <RunList
          key={JSON.stringify(filter)}
          runs={items}
          more={runs.hasNextPage}
          loading={runs.isFetchingNextPage}
          onMore={() => void runs.fetchNextPage()}
        />
      )}
      {items?.length === 0 && !runs.hasNextPage && (
        <Empty
          title={isFiltered ? 'No run matches' : 'No runs yet'}
          action={
            isFiltered && (
              <Button onClick={() => void navigate({ to: '/runs', search: {}, replace: true })}>
                Clear the filter
              </Button>
            )
          }
        >
          {isFiltered ? 'Nothing that was recorded is like this.' : 'Run a workflow; it is recorded here for ever.'}
        </Empty>
      )}
    </Page>
  )
}

/** Of all that match, not only of what has been scrolled to. */
function CsvButton({ search }: { search: RunSearch }) {
  const [busy, setBusy] = useState(false)
  const toasts = useToasts()
  async function save() {
    setBusy(true)
    try {
      const found: RunSummary[] = []
      let cursor: string | null | undefined
      do {
        const page = await client.runs({ ...serverFilter(search), limit: 200, ...(cursor == null ? {} : { cursor }) })
        found.push(...page.items.filter((run) => isWanted(run, search)))
        cursor = page.next
      } while (cursor !== null && found.length < mostExported)
      saveFile('runs.csv', runsCsv(found), 'text/csv')
      toasts.say(`Saved ${plural(found.length, 'run')}${cursor === null ? '' : ', the newest ones'}`)
    } catch (thrown) {
      toasts.fail(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button icon={<FileSpreadsheet className="size-4" />} disabled={busy} onClick={() => void save()}>
      {busy ? 'Collecting' : 'CSV'}
    </Button>
  )
}
