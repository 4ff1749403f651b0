// Every call that changed something or was refused: who, what, on what, what was decided and how it ended. The log is
// a chain of hashes; whether it is whole can be checked here.

import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useMemo } from 'react'
import type { AuditReport } from '#src/calls/contract.ts'
import { route, type AuditFilter } from '../../api/paths.ts'
import { auditQuery, verifyAudit } from '../../api/policy.ts'
import { Page } from '../../app/page.tsx'
import { plural } from '../../lib/format.ts'
import { Empty, ErrorCard, Skeleton, TroubleCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { useLate } from '../../lib/use-late.ts'
import { AuditList } from './audit-list.tsx'
import { callsOf } from './rule-words.ts'
import { PolicyTabs } from './tabs.tsx'

const typingMs = 300

export function AuditPage() {
  const { panel: _panel, ...search } = useSearch({ from: route.audit })
  const navigate = useNavigate()
  const late = useLate(JSON.stringify(search), typingMs)
  const audit = useInfiniteQuery(auditQuery(JSON.parse(late) as AuditFilter))
  const verify = useMutation({ mutationFn: verifyAudit })
  const calls = useMemo(
    () => (audit.data === undefined ? undefined : callsOf(audit.data.pages.flatMap((page) => page.items))),
    [audit.data],
  )
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const look = (part: AuditFilter) => void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })

  return (
    <Page
      fill
      title="Audit"
      actions={
        <>
          <PolicyTabs />
          <Button icon={<ShieldCheck className="size-4" />} disabled={verify.isPending} onClick={() => verify.mutate()}>
            <span>
              {verify.isPending ? 'Verifying' : 'Verify'}
              <span className="max-sm:sr-only"> the chain</span>
            </span>
          </Button>
        </>
      }
    >
      <AuditFilters search={search} onLook={look} />
      <div role="status" className="shrink-0 px-4 md:px-6">
        {verify.data !== undefined && <Verdict report={verify.data} />}
        {verify.error !== null && (
          <div className="py-3">
            <ErrorCard thrown={verify.error} onRetry={() => verify.mutate()} />
          </div>
        )}
      </div>
      {audit.error !== null && calls === undefined && (
        <div className="p-6">
          <ErrorCard thrown={audit.error} onRetry={() => void audit.refetch()} />
        </div>
      )}
      {audit.isPending && (
        <div className="p-6">
          <Skeleton rows={8} />
        </div>
      )}
      {calls !== undefined && (calls.length > 0 || audit.hasNextPage) && (
        <AuditList
          calls={calls}
          more={audit.hasNextPage}
          loading={audit.isFetchingNextPage}
          onMore={() => void audit.fetchNextPage()}
        />
      )}
      {calls?.length === 0 && !audit.hasNextPage && (
        <Empty
          title={isFiltered ? 'No call matches' : 'Nothing on record yet'}
          action={
            isFiltered && (
              <Button
                onClick={() => look({ tool: undefined, actor: undefined, outcome: undefined, subject: undefined })}
              >
                Clear the filter
              </Button>
            )
          }
        >
          {isFiltered
            ? 'Nothing that was recorded is like this.'
            : 'Every call that changes something, and every one that is refused, is recorded here with who made it and what it touched.'}
        </Empty>
      )}
    </Page>
  )
}

const outcomes = [
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
  ['denied', 'Refused or asked first'],
] as const

function AuditFilters({ search, onLook }: { search: AuditFilter; onLook: (part: AuditFilter) => void }) {
  const set = (key: keyof AuditFilter) => (value: string) => onLook({ [key]: value === '' ? undefined : value })
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 md:px-6">
      <input
        data-search
        type="search"
        aria-label="Tool"
        placeholder="Tool, such as maestro_exec"
        className="field !w-auto max-sm:!w-full sm:w-60"
        value={search.tool ?? ''}
        onChange={(event) => set('tool')(event.target.value)}
      />
      <input
        type="search"
        aria-label="Who"
        placeholder="Who, such as claude-code"
        className="field !w-auto min-w-0 max-sm:flex-1"
        value={search.actor ?? ''}
        onChange={(event) => set('actor')(event.target.value)}
      />
      <input
        type="search"
        aria-label="What it touched"
        placeholder="Path, command, id"
        className="field !w-auto min-w-0 max-sm:flex-1"
        value={search.subject ?? ''}
        onChange={(event) => set('subject')(event.target.value)}
      />
      <select
        aria-label="Outcome"
        className="select field !w-auto"
        value={search.outcome ?? ''}
        onChange={(event) => set('outcome')(event.target.value)}
      >
        <option value="">All outcomes</option>
        {outcomes.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </div>
  )
}

function Verdict({ report }: { report: AuditReport }) {
  if (report.broken !== null)
    return (
      <div className="py-3">
        <TroubleCard
          title="The chain is broken"
          detail={`Row ${report.broken.seq}: ${report.broken.problem}.`}
          hint="Rows before it can be trusted; from it on somebody, or a damaged disk, has changed what was recorded."
        />
      </div>
    )
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line py-2.5 text-sm">
      <Glyph status="succeeded" />
      <span>
        Unbroken: {plural(report.rows, 'row')} from the first to the last, read just now.
        {report.unfinished.length > 0 && (
          <span className="text-soft">
            {' '}
            {plural(report.unfinished.length, 'call')} began and {report.unfinished.length === 1 ? 'has' : 'have'} no
            end on record: under way, or cut off by a crash.
          </span>
        )}
      </span>
    </p>
  )
}
