// The filters of the list; on phones behind one button that says how many are set.

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Search, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { RunSummary } from '#src/workflows/contract.ts'
import { workflowsQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import type { RunSearch } from './filter.ts'

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

export const triggerTitles: Record<RunSummary['trigger'], string> = {
  manual: 'By hand',
  api: 'API',
  cli: 'Command line',
  sample: 'Sample',
  rerun: 'Re-run',
  workflow: 'Workflow',
}

interface RunFiltersProps {
  search: RunSearch
  onLook: (part: RunSearch) => void
}

const none: RunSearch = {
  workflowId: undefined,
  status: undefined,
  trigger: undefined,
  since: undefined,
  until: undefined,
  q: undefined,
}

export function RunFilters({ search, onLook }: RunFiltersProps) {
  const workflows = useQuery(workflowsQuery)
  const [open, setOpen] = useState(false)
  const count = Object.values(search).filter((value) => value !== undefined).length
  const set = (key: keyof RunSearch) => (value: string) => onLook({ [key]: value === '' ? undefined : value })
  const select = 'select field !w-auto max-w-56 max-sm:!w-full max-sm:max-w-none'
  return (
    <div className="shrink-0 border-b border-line px-4 py-2.5 md:px-6">
      <div className="flex items-center gap-2 sm:hidden">
        <Button
          icon={<SlidersHorizontal className="size-4" />}
          aria-expanded={open}
          aria-controls="run-filters"
          onClick={() => setOpen(!open)}
        >
          Filters{count === 0 ? '' : `: ${count}`}
        </Button>
        {count > 0 && (
          <Button look="quiet" onClick={() => onLook(none)}>
            Clear
          </Button>
        )}
      </div>
      <div id="run-filters" className={clsx('flex flex-wrap items-center gap-2 max-sm:mt-2', !open && 'max-sm:hidden')}>
        <div className="relative max-sm:w-full sm:w-52">
          <Search className="pointer-events-none absolute left-3 top-1/2 size-4 -translate-y-1/2 text-faint" />
          <input
            data-search
            type="search"
            aria-label="Find runs"
            placeholder="Name, id, error"
            className="field !pl-9"
            value={search.q ?? ''}
            onChange={(event) => set('q')(event.target.value)}
          />
        </div>
        <select
          aria-label="Workflow"
          className={select}
          value={search.workflowId ?? ''}
          onChange={(event) => set('workflowId')(event.target.value)}
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
          className={select}
          value={search.status ?? ''}
          onChange={(event) => set('status')(event.target.value)}
        >
          <option value="">All states</option>
          {groups.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
        <select
          aria-label="Started by"
          className={select}
          value={search.trigger ?? ''}
          onChange={(event) => set('trigger')(event.target.value)}
        >
          <option value="">Started by anything</option>
          {Object.entries(triggerTitles).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
        <Day label="From" value={search.since} onDay={set('since')} />
        <Day label="To" value={search.until} onDay={set('until')} />
        {count > 0 && (
          <Button small look="quiet" className="max-sm:!hidden" onClick={() => onLook(none)}>
            Clear
          </Button>
        )}
      </div>
    </div>
  )
}

/** The browser's own calendar, by a click or Alt and an arrow; its button would take the focus without showing it. */
function Day({ label, value, onDay }: { label: string; value: string | undefined; onDay: (day: string) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-sm text-soft max-sm:w-full">
      <span className="max-sm:w-12">{label}</span>
      <input
        type="date"
        className="field !w-auto max-sm:flex-1 [&::-webkit-calendar-picker-indicator]:hidden"
        onClick={(event) => event.currentTarget.showPicker()}
        value={value ?? ''}
        onChange={(event) => onDay(event.target.value)}
      />
    </label>
  )
}
