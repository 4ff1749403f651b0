// A number somebody may leave out. What cannot be read is handed on as NaN, so that it is a problem of the form.

import { useState } from 'react'

interface NumberFieldProps {
  id: string
  'aria-invalid': boolean
  'aria-describedby'?: string
  value: number | null | undefined
  placeholder: string
  /** Stands before the field: `$`. */
  unit?: string
  onChange: (value: number | null) => void
}

export function NumberField({ value, unit, onChange, ...rest }: NumberFieldProps) {
  /** As typed, until it is left; undefined shows the value. */
  const [typed, setTyped] = useState<string>()
  return (
    <div className="relative">
      {unit !== undefined && (
        <span aria-hidden="true" className="absolute left-2.5 top-1/2 -translate-y-1/2 text-faint">
          {unit}
        </span>
      )}
      <input
        {...rest}
        inputMode="decimal"
        className={`field ${unit === undefined ? '' : '!pl-6'}`}
        value={typed ?? (value == null || Number.isNaN(value) ? '' : String(value))}
        onChange={(event) => {
          const text = event.target.value
          setTyped(text)
          onChange(text.trim() === '' ? null : readNumber(text))
        }}
        onBlur={() => {
          if (typed !== undefined && !Number.isNaN(readNumber(typed))) setTyped(undefined)
        }}
      />
    </div>
  )
}

/** `1,200`, `50k` and `2M` are numbers too. */
function readNumber(text: string): number {
  const match = /^([\d,_ ]*\.?\d+)\s*([km]?)$/i.exec(text.trim())
  if (match === null) return NaN
  const factor = { k: 1_000, m: 1_000_000 }[match[2]?.toLowerCase() ?? ''] ?? 1
  return Number((match[1] ?? '').replaceAll(/[,_ ]/g, '')) * factor
}
