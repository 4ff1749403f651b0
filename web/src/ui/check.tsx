// A box to tick with its words, and what ticking it means.

import type { ReactNode } from 'react'

interface CheckProps {
  label: string
  hint?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
}

export function Check({ label, hint, checked, onChange }: CheckProps) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5 py-0.5 touch:min-h-11 touch:py-2.5">
      <input
        type="checkbox"
        className="tick mt-0.5"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {hint !== undefined && <span className="block text-xs text-faint">{hint}</span>}
      </span>
    </label>
  )
}
