// Every model call of the run as the gateway counted it. Asked for when it is opened, and again with the run itself.

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { ModelCall } from '#src/llm/contract.ts'
import type { Run } from '#src/workflows/contract.ts'
import { modelCallsQuery } from '../../api/queries.ts'
import { cost, duration, plural, tokens } from '../../lib/format.ts'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'

const statusWords: Record<ModelCall['status'], string> = {
  open: 'running',
  ok: 'ok',
  failed: 'failed',
  refused: 'refused by the limit',
  cut_off: 'cut off',
}

export function ModelCalls({ run }: { run: Run }) {
  const [open, setOpen] = useState(false)
  return (
    <section aria-label="Model calls" className="mt-6 rounded-lg border border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-10 w-full items-center gap-2 px-3 text-left text-sm font-medium hover:bg-hover focus-visible:-outline-offset-2 touch:h-11"
      >
        <ChevronRight className={clsx('size-3.5 text-faint transition-transform duration-100', open && 'rotate-90')} />
        Model calls
      </button>
      {open && <Calls run={run} />}
    </section>
  )
}

function Calls({ run }: { run: Run }) {
  const calls = useQuery(modelCallsQuery(run.id))
  const stepOf = (call: ModelCall) =>
    run.steps.find((step) => step.attempts.some((attempt) => attempt.turnId === call.turnId))
  if (calls.error !== null)
    return (
      <div className="p-3">
        <ErrorCard thrown={calls.error} onRetry={() => void calls.refetch()} />
      </div>
    )
  if (calls.data === undefined)
    return (
      <div className="p-3">
        <Skeleton rows={2} className="h-6" />
      </div>
    )
  if (calls.data.length === 0)
    return <p className="px-3 pb-3 text-sm text-soft">None went through the gateway of this Maestro.</p>
  return (
    <div tabIndex={0} role="group" aria-label="Calls" className="max-h-96 overflow-auto border-t border-line">
      <table className="w-full min-w-xl text-sm tabular-nums">
        <caption className="sr-only">{plural(calls.data.length, 'model call')}</caption>
        <thead className="text-xs text-soft">
          <tr>
            {['Step', 'Model', 'State', 'Took', 'In', 'Out', 'Cost'].map((title, index) => (
              <th key={title} className={clsx('px-3 py-1.5 font-medium', index < 3 ? 'text-left' : 'text-right')}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {calls.data.map((call) => (
            <tr key={call.id} className="border-t border-line">
              <td className="px-3 py-1.5">{(stepOf(call)?.index ?? -1) + 1 || '–'}</td>
              <td className="px-3">
                <span className="font-mono text-xs wrap-anywhere">{call.model}</span>{' '}
                <span className="text-xs text-soft">{call.provider}</span>
              </td>
              <td
                className={clsx('px-3', call.status === 'ok' || call.status === 'open' ? 'text-soft' : 'text-failed')}
              >
                {statusWords[call.status]}
                {call.httpStatus !== null && call.httpStatus >= 400 && ` (${call.httpStatus})`}
              </td>
              <td className="px-3 text-right">
                {call.endedAt === null ? '–' : duration(call.endedAt - call.startedAt)}
              </td>
              <td className="px-3 text-right">{tokens(call.inputTokens)}</td>
              <td className="px-3 text-right">{tokens(call.outputTokens)}</td>
              <td
                className="px-3 text-right"
                title={call.costFrom === 'price' ? 'By the price in the list of models' : 'As the provider said'}
              >
                {cost(call.costUsd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
