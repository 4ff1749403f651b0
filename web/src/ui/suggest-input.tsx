// A field in which anything may be typed, with what is known below it. Arrows choose, Enter takes, Escape closes.

import { clsx } from 'clsx'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { matching, type Suggestion } from '../lib/suggest.ts'

const most = 60

interface SuggestInputProps {
  label: string
  value: string
  suggestions: readonly Suggestion[]
  onChange: (value: string) => void
  placeholder?: string
  invalid?: boolean
  className?: string
}

export function SuggestInput({
  label,
  value,
  suggestions,
  onChange,
  placeholder,
  invalid = false,
  className,
}: SuggestInputProps) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const found = open ? matching(suggestions, value).slice(0, most) : []
  const shown = found.length > 0 && !(found.length === 1 && found[0]?.value === value)

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])

  function take(suggestion: Suggestion | undefined) {
    if (suggestion !== undefined) onChange(suggestion.value)
    setOpen(false)
    setAt(-1)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) setOpen(true)
      else if (found.length > 0)
        setAt((old) => (event.key === 'ArrowDown' ? (old + 1) % found.length : (old <= 0 ? found.length : old) - 1))
    } else if (event.key === 'Enter' && shown && at >= 0) {
      event.preventDefault()
      take(found[at])
    } else if (event.key === 'Escape' && shown) {
      event.preventDefault()
      setOpen(false)
      setAt(-1)
    }
  }

  return (
    <div className={clsx('relative', className)}>
      <input
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        aria-invalid={invalid}
        className="field code-field"
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
          setOpen(true)
          setAt(-1)
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <div
          ref={list}
          id={id}
          role="listbox"
          aria-label={label}
          className="enter panel absolute inset-x-0 top-full z-20 mt-1 max-h-72 min-w-64 overflow-y-auto p-1 shadow-float"
        >
          {found.map((suggestion, index) => (
            <div
              key={suggestion.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              // Before the field loses the focus, which would take the list away.
              onPointerDown={(event) => {
                event.preventDefault()
                take(suggestion)
              }}
              className={clsx(
                'cursor-pointer rounded-md px-2 py-1 touch:py-2.5',
                index === at ? 'bg-hover' : 'hover:bg-hover',
              )}
            >
              <span className="block truncate font-mono text-xs">{suggestion.value}</span>
              {suggestion.note !== '' && <span className="block truncate text-xs text-faint">{suggestion.note}</span>}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
