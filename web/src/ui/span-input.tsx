// A length of time, typed as people say it. What cannot be read is handed on as NaN, so that it is a
// problem of the form and not a change that was silently dropped.

import { useState, type InputHTMLAttributes } from 'react'
import { parseSpan, spanText } from '../lib/span.ts'

interface SpanInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'placeholder'> {
  /** In seconds. */
  value: number | null | undefined
  /** What holds when it is empty, in seconds. */
  placeholder: number
  onChange: (seconds: number | null) => void
}

export function SpanInput({ value, placeholder, onChange, ...rest }: SpanInputProps) {
  /** As typed, until it is left; undefined shows the value. */
  const [typed, setTyped] = useState<string>()
  return (
    <input
      {...rest}
      className="field"
      placeholder={spanText(placeholder)}
      value={typed ?? (value == null || Number.isNaN(value) ? '' : spanText(value))}
      onChange={(event) => {
        const text = event.target.value
        setTyped(text)
        onChange(text.trim() === '' ? null : parseSpan(text))
      }}
      onBlur={() => {
        // What cannot be read stays as it was typed, beside the words that say so.
        if (typed === undefined || typed.trim() === '' || !Number.isNaN(parseSpan(typed))) setTyped(undefined)
      }}
    />
  )
}
