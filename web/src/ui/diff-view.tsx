// Differences as a person reads them: texts as lines with the changed words marked, other fields as before and
// after. Signs and words beside the colours.

import { clsx } from 'clsx'
import { useMemo } from 'react'
import type { FieldChange, WorkflowDiff } from '#src/workflows/contract.ts'
import { diffRows, type Op } from '../lib/word-diff.ts'

const kinds: Record<FieldChange['kind'], string> = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
  moved: 'moved',
}

interface DiffViewProps {
  diff: WorkflowDiff
  /** What the two sides are called: `Stored`, `Yours`. */
  sides: readonly [before: string, after: string]
}

export function DiffView({ diff, sides }: DiffViewProps) {
  if (diff.changes.length === 0) return <p className="text-soft">No difference.</p>
  return (
    <ul aria-label="Difference" className="flex flex-col gap-4">
      {diff.changes.map((change, index) => (
        <li key={`${change.path} ${index}`}>
          <h3 className="mb-1 text-sm font-medium">
            {change.label} <span className="font-normal text-faint">{kinds[change.kind]}</span>
          </h3>
          {change.lines !== null ? (
            <LineDiff lines={change.lines} sides={sides} />
          ) : (
            <Values change={change} sides={sides} />
          )}
        </li>
      ))}
    </ul>
  )
}

const signs: Record<Op, string> = { added: '+', removed: '−', same: ' ', gap: '⋯' }

export function LineDiff(props: { lines: readonly { op: Op; text: string }[]; sides: readonly [string, string] }) {
  const rows = useMemo(() => diffRows(props.lines), [props.lines])
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label="Lines"
      className="max-h-96 overflow-auto rounded-lg border border-line py-1 font-mono text-xs leading-5"
    >
      {rows.map((row, index) => (
        <div
          key={index}
          className={clsx(
            'flex px-2 whitespace-pre-wrap wrap-anywhere',
            row.op === 'added' && 'bg-succeeded-wash',
            row.op === 'removed' && 'bg-failed-wash',
            row.op === 'gap' && 'text-faint',
          )}
        >
          <span aria-hidden="true" className="w-5 shrink-0 select-none text-faint">
            {signs[row.op]}
          </span>
          {row.op === 'removed' && <span className="sr-only">{props.sides[0]}: </span>}
          {row.op === 'added' && <span className="sr-only">{props.sides[1]}: </span>}
          {row.op === 'gap' && <span>the same</span>}
          <span className="min-w-0">
            {row.segments.map((segment, at) =>
              segment.isChanged ? (
                <mark
                  key={at}
                  className={clsx(
                    'rounded-xs bg-transparent font-semibold text-inherit underline decoration-2 underline-offset-3',
                    row.op === 'added' ? 'decoration-succeeded' : 'decoration-failed',
                  )}
                >
                  {segment.text}
                </mark>
              ) : (
                <span key={at}>{segment.text}</span>
              ),
            )}
          </span>
        </div>
      ))}
    </div>
  )
}

function Values({ change, sides }: { change: FieldChange; sides: readonly [string, string] }) {
  const values = (
    [
      [sides[0], change.before, '−'],
      [sides[1], change.after, '+'],
    ] as const
  ).filter(([, value]) => value !== undefined)
  return (
    <dl className="rounded-lg border border-line py-1 font-mono text-xs leading-5">
      {values.map(([side, value, sign]) => (
        <div key={side} className={clsx('flex gap-1 px-2', sign === '+' ? 'bg-succeeded-wash' : 'bg-failed-wash')}>
          <dt className="flex shrink-0 gap-1 text-soft">
            <span aria-hidden="true" className="w-4 select-none">
              {sign}
            </span>
            {side}
          </dt>
          <dd className="whitespace-pre-wrap wrap-anywhere">{valueText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not set'
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ')
  return JSON.stringify(value, null, 1)
}
