// Spend by day as bars, or the same as a table.

import { useState } from 'react'
import type { Spend } from '#src/llm/contract.ts'
import { cost, plural, tokens } from '../../lib/format.ts'
import { useWidth } from '../../lib/use-width.ts'
import { Segments } from '../../ui/segments.tsx'
import { bars, dayText, niceTop, seriesText } from './spend-series.ts'

const heightPx = 120

interface SpendChartProps {
  days: Spend['days']
  range: number
  onRange: (days: number) => void
}

export function SpendChart({ days, range, onRange }: SpendChartProps) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <Segments
          label="Days"
          value={String(range)}
          options={[
            ['7', '7 days'],
            ['30', '30 days'],
            ['90', '90 days'],
          ]}
          onChange={(next) => onRange(Number(next))}
        />
        <Segments
          label="Show spend as"
          value={view}
          options={[
            ['chart', 'Chart'],
            ['table', 'Table'],
          ]}
          onChange={setView}
        />
      </div>
      {view === 'chart' ? <Chart days={days} /> : <Table days={days} />}
    </div>
  )
}

function Chart({ days }: { days: Spend['days'] }) {
  const { ref, width } = useWidth<HTMLDivElement>()
  const top = niceTop(Math.max(0, ...days.map((day) => day.costUsd)))
  const drawn = bars(
    days.map((day) => day.costUsd),
    top,
    Math.max(1, width),
    heightPx,
  )
  const slot = width / Math.max(1, days.length)
  const [first, last] = [days[0], days.at(-1)]
  return (
    <div ref={ref}>
      {width > 0 && (
        <svg
          role="img"
          aria-label={seriesText(days)}
          width={width}
          height={heightPx + 34}
          className="block text-brass-line"
        >
          {[0, 0.5, 1].map((part) => {
            const y = 14 + heightPx * (1 - part)
            return (
              <g key={part}>
                <path d={`M0 ${y}H${width}`} stroke="var(--line)" />
                {part > 0 && (
                  <text x="0" y={y - 3} fontSize="11" fill="var(--faint)">
                    {cost(top * part)}
                  </text>
                )}
              </g>
            )
          })}
          {days.map((day, at) => (
            <g key={day.date}>
              <rect
                x={drawn[at]?.x}
                y={14 + heightPx - (drawn[at]?.height ?? 0)}
                width={drawn[at]?.width}
                height={drawn[at]?.height}
                rx={Math.min(2, (drawn[at]?.width ?? 0) / 2)}
                fill="currentColor"
              />
              {day.unknownCalls > 0 && (
                <circle cx={at * slot + slot / 2} cy={14 + heightPx + 6} r="2" fill="none" stroke="var(--waiting)" />
              )}
              <rect x={at * slot} y="0" width={slot} height={heightPx + 20} fill="transparent">
                <title>{`${dayText(day.date)}: ${cost(day.costUsd)}, ${plural(day.calls, 'call')}${unknown(day.unknownCalls)}`}</title>
              </rect>
            </g>
          ))}
          {first !== undefined && (
            <text x="0" y={heightPx + 31} fontSize="11" fill="var(--faint)">
              {dayText(first.date)}
            </text>
          )}
          {last !== undefined && (
            <text x={width} y={heightPx + 31} fontSize="11" fill="var(--faint)" textAnchor="end">
              {dayText(last.date)}
            </text>
          )}
        </svg>
      )}
    </div>
  )
}

const unknown = (calls: number) => (calls === 0 ? '' : `, of ${calls} the cost is unknown`)

function Table({ days }: { days: Spend['days'] }) {
  const used = days.filter((day) => day.calls > 0).reverse()
  if (used.length === 0) return <p className="py-6 text-center text-soft">No model was asked in this time.</p>
  return (
    <div className="max-h-72 overflow-auto" tabIndex={0} role="region" aria-label="Spend by day">
      <table className="w-full text-sm">
        <thead className="text-left text-xs text-faint">
          <tr>
            <th className="py-1 pr-3 font-medium">Day (UTC)</th>
            <th className="py-1 pr-3 text-right font-medium">Calls</th>
            <th className="py-1 pr-3 text-right font-medium">Tokens</th>
            <th className="py-1 text-right font-medium">Cost</th>
          </tr>
        </thead>
        <tbody>
          {used.map((day) => (
            <tr key={day.date} className="border-t border-line">
              <td className="py-1 pr-3">{dayText(day.date)}</td>
              <td className="py-1 pr-3 text-right">{day.calls}</td>
              <td className="py-1 pr-3 text-right">{tokens(day.inputTokens + day.outputTokens)}</td>
              <td className="py-1 text-right">
                {cost(day.costUsd)}
                {day.unknownCalls > 0 && <span className="text-waiting"> + {day.unknownCalls} unknown</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
