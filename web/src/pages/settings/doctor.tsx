// The doctor's findings: everything a run needs, how it is, and what to do about what is not well.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import type { DoctorCheck } from '#src/app/contract.ts'
import { doctorQuery } from '../../api/system.ts'
import { plural } from '../../lib/format.ts'
import { remedyOf, troubles } from '../../lib/remedy.ts'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { WithCode } from '../../ui/with-code.tsx'

export const levels = {
  ok: { status: 'succeeded', word: 'Well' },
  warn: { status: 'waiting', word: 'Needs attention' },
  error: { status: 'failed', word: 'Not well' },
} as const

export function Doctor() {
  const checks = useQuery(doctorQuery)
  if (checks.data === undefined)
    return checks.error === null ? (
      <Skeleton rows={5} />
    ) : (
      <ErrorCard thrown={checks.error} onRetry={() => void checks.refetch()} />
    )
  const ill = troubles(checks.data)
  const well = checks.data.filter((check) => check.level === 'ok')
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label="Findings" className="panel divide-y divide-line">
        {[...ill, ...well].map((check) => (
          <Finding key={check.name} check={check} />
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon={<RefreshCw className="size-4" />}
          disabled={checks.isFetching}
          onClick={() => void checks.refetch()}
        >
          {checks.isFetching ? 'Looking' : 'Look again'}
        </Button>
        <span role="status" className="text-sm text-faint">
          {ill.length === 0 ? 'Everything is well.' : `${plural(ill.length, 'finding')} to look at.`} The command{' '}
          <code className="font-mono text-xs">maestro doctor</code> says the same.
        </span>
      </div>
    </div>
  )
}

function Finding({ check }: { check: DoctorCheck }) {
  const { status, word } = levels[check.level]
  const remedy = remedyOf(check)
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 px-5 py-2.5">
      <Glyph status={status} className="mt-0.5" />
      <div className="min-w-0 flex-1 basis-56">
        <p>
          <span className="font-medium whitespace-nowrap">{check.name}</span>
          <span className="sr-only">: {word}. </span>
          {check.detail !== null && <span className="ml-2 text-soft wrap-anywhere">{check.detail}</span>}
        </p>
        {check.hint !== null && check.level !== 'ok' && (
          <p className="mt-0.5 text-sm text-soft wrap-anywhere">
            What to do: <WithCode text={check.hint} />
          </p>
        )}
      </div>
      {remedy !== undefined && (
        <Link to={remedy.to} className={buttonClass('plain', true)}>
          {remedy.label}
        </Link>
      )}
    </li>
  )
}
