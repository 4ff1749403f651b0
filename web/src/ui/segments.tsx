// One of a few, side by side. A radio group for hands and readers.

import { clsx } from 'clsx'
import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'

interface SegmentsProps<T extends string> {
  label: string
  value: T
  options: readonly (readonly [T, ReactNode])[]
  onChange: (value: T) => void
}

export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next !== '' && onChange(next as T)}
      className="inline-flex rounded-lg border border-line bg-sunken p-0.5"
    >
      {options.map(([key, title]) => (
        <ToggleGroup.Item
          key={key}
          value={key}
          className={clsx(
            'h-6.5 rounded-md px-2.5 text-sm touch:h-10',
            key === value
              ? 'bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]'
              : 'text-soft hover:text-ink',
          )}
        >
          {title}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
