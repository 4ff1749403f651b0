// Remarks of the server beside the fields they concern. Pure, but for how they look.

import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { Remark } from '#src/workflows/contract.ts'

/** Those on the path and below it. */
export const remarksAt = (remarks: readonly Remark[], path: string): Remark[] =>
  remarks.filter((remark) => remark.path === path || remark.path.startsWith(`${path}.`))

/** Those that are not about a step or one of the fields named, for where there is no better place. */
export const otherRemarks = (remarks: readonly Remark[], fields: readonly string[]): Remark[] =>
  remarks.filter(
    ({ path }) => !path.startsWith('steps.') && !fields.some((field) => path === field || path.startsWith(`${field}.`)),
  )

export function Remarks({ remarks }: { remarks: readonly Remark[] }) {
  if (remarks.length === 0) return null
  return (
    <ul className="mt-1.5 flex flex-col gap-1">
      {remarks.map((remark, index) => {
        const Icon = remark.level === 'error' ? CircleAlert : TriangleAlert
        return (
          <li
            key={index}
            className={`flex items-start gap-1.5 text-sm ${remark.level === 'error' ? 'text-failed' : 'text-waiting'}`}
          >
            <Icon aria-hidden="true" className="mt-0.75 size-3.5 shrink-0" />
            <span className="wrap-anywhere">
              <span className="sr-only">{remark.level === 'error' ? 'Error: ' : 'Warning: '}</span>
              {remark.message} {remark.hint !== null && <span className="text-soft">{remark.hint}</span>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
