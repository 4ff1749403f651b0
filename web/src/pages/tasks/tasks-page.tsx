// Durable work of every kind: commands on hosts, runs of workflows. Newest first, narrowed by kind, state and
// words; a command opens as its own page, a run as the page it has.

import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Search, SquareTerminal } from 'lucide-react'
import { useMemo } from 'react'
import { route } from '../../api/paths.ts'
import { tasksQuery } from '../../api/tasks.ts'
import { Page } from '../../app/page.tsx'
import { Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { isWanted, serverFilter, type TaskSearch } from './filter.ts'
import { RunCommand } from './run-command.tsx'
import { TaskList } from './task-list.tsx'

const states: readonly (readonly [string, string])[] = [
  ['queued,running,waiting', 'Not ended'],
  ['succeeded', 'Succeeded'],
  ['failed,timed_out,budget_exceeded,interrupted', 'Went wrong'],
  ['cancelled', 'Stopped'],
]

export function TasksPage() {
  const { panel: _panel, run, ...search } = useSearch({ from: route.tasks })
  const navigate = useNavigate()
  const filter = serverFilter(search)
  const tasks = useInfiniteQuery(tasksQuery(filter))
  const items = useMemo(
    () => tasks.data?.pages.flatMap((page) => page.items).filter((task) => isWanted(task, search)),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `search` is a new object every time
    [tasks.data, search.q],
  )
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const look = (part: TaskSearch & { run?: boolean | undefined }) =>
    void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })
  const runButton = (
    <Button
      look="primary"
      icon={<SquareTerminal className="size-4" />}
      aria-label="Run a command"
      onClick={() => look({ run: true })}
    >
      <span>
        Run<span className="max-sm:hidden"> a command</span>
      </span>
    </Button>
  )

  return (
    <Page fill title="Tasks" actions={runButton}>
      <TaskFilters search={search} onLook={look} />
      {tasks.error !== null && items === undefined && (
        <div className="p-6">
          <ErrorCard thrown={tasks.error} onRetry={() => void tasks.refetch()} />
        </div>
      )}
      {tasks.isPending && (
        <div className="p-6">
          <Skeleton rows={8} />
        </div>
      )}
      {items !== undefined && (items.length > 0 || tasks.hasNextPage) && (
        <TaskList
          key={JSON.stringify(filter)}
          tasks={items}
          more={tasks.hasNextPage}
          loading={tasks.isFetchingNextPage}
          onMore={() => void tasks.fetchNextPage()}
        />
      )}
      {items?.length === 0 && !tasks.hasNextPage && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          {isFiltered ? (
            <Empty
              title="No task matches"
              action={
                <Button onClick={() => look({ kind: undefined, status: undefined, q: undefined })}>
                  Clear the filter
                </Button>
              }
            >
              Nothing that was recorded is like this.
            </Empty>
          ) : (
            <Empty
              title="No tasks yet"
              action={
                <>
                  <Button look="primary" onClick={() => look({ run: true })}>
                    Run a command
                  </Button>
                  <Link to={route.connect} className={buttonClass('plain')}>
                    Connect a client
                  </Link>
                </>
              }
            >
              Commands that agents run over MCP are recorded here while they run and when they have ended, with all they
              printed; so are the runs of workflows.
            </Empty>
          )}
        </div>
      )}
      {run === true && <RunCommand onClose={() => look({ run: undefined })} />}
    </Page>
  )
}

function TaskFilters({ search, onLook }: { search: TaskSearch; onLook: (part: TaskSearch) => void }) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 md:px-6">
      <div className="relative w-full sm:w-56">
        <Search className="pointer-events-none absolute left-3 top-1/2 size-4 -translate-y-1/2 text-faint" />
        <input
          data-search
          type="search"
          aria-label="Find tasks"
          placeholder="Command, host, who"
          className="field !pl-9"
          value={search.q ?? ''}
          onChange={(event) => onLook({ q: event.target.value === '' ? undefined : event.target.value })}
        />
      </div>
      <Segments
        label="Kind"
        value={search.kind ?? 'all'}
        options={[
          ['all', 'All'],
          ['command', 'Commands'],
          ['run', 'Runs'],
        ]}
        onChange={(kind) => onLook({ kind: kind === 'all' ? undefined : kind })}
      />
      <select
        aria-label="State"
        className="select field !w-auto max-sm:flex-1"
        value={search.status ?? ''}
        onChange={(event) => onLook({ status: event.target.value === '' ? undefined : event.target.value })}
      >
        <option value="">All states</option>
        {states.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </div>
  )
}
