// A label, its control, and the problem with it where it is.

import { useId, type ReactNode } from 'react'

interface FieldProps {
  label: string
  hint?: ReactNode
  problem?: string | undefined
  /** Gets what ties the control to its words. */
  children: (ties: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string }) => ReactNode
}

export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId()
  const described = problem !== undefined || hint !== undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium text-soft">
        {label}
      </label>
      {children({
        id,
        'aria-invalid': problem !== undefined,
        ...(described ? { 'aria-describedby': `${id}-words` } : {}),
      })}
      {problem !== undefined ? (
        <p id={`${id}-words`} className="mt-1 text-sm text-failed">
          {problem}
        </p>
      ) : (
        hint !== undefined && (
          <p id={`${id}-words`} className="mt-1 text-xs text-faint">
            {hint}
          </p>
        )
      )}
    </div>
  )
}
