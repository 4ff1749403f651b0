// How long a step may take, how often it is tried, and what happens after a crash: folded away, because the
// defaults are right for most. What differs from them is said on the closed fold.

import { ChevronRight } from 'lucide-react'
import { clsx } from 'clsx'
import { useId, useState } from 'react'
import { limitDefaults, OnInterrupted, type PromptStep } from '#src/workflows/contract.ts'
import { plural } from '../../lib/format.ts'
import { spanText } from '../../lib/span.ts'
import { Field } from '../../ui/field.tsx'
import { SpanInput } from '../../ui/span-input.tsx'
import { Fallbacks } from './fallbacks.tsx'

interface StepLimitsProps {
  /** `step 2` */
  name: string
  step: PromptStep
  onChange: (step: PromptStep) => void
  problemAt: (field: keyof PromptStep) => string | undefined
}

const interruptedWords: Record<OnInterrupted, string> = {
  retry: 'Try again from the step before it',
  ask: 'Wait for a person',
  fail: 'End the run',
}

const limitFields = ['timeoutSec', 'idleTimeoutSec', 'maxTurns', 'maxRetries', 'onInterrupted'] as const

export function StepLimits({ name, step, onChange, problemAt }: StepLimitsProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const isWrong = limitFields.some((field) => problemAt(field) !== undefined)
  const set = setLimits(step)
  const shown = open || isWrong
  return (
    <div className="mt-2.5">
      <button
        type="button"
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => setOpen(!shown)}
        className="-ml-1 flex min-h-7 max-w-full items-center gap-1 rounded px-1 text-left text-sm text-soft hover:text-ink touch:min-h-11"
      >
        <ChevronRight className={clsx('size-3.5 shrink-0 transition-transform duration-100', shown && 'rotate-90')} />
        <span className="shrink-0">Limits and recovery</span>
        {!shown && set.length > 0 && <span className="truncate text-faint">{set.join(', ')}</span>}
      </button>
      <div
        id={id}
        hidden={!shown}
        className="mt-2 grid grid-cols-[repeat(auto-fill,minmax(min(100%,140px),1fr))] gap-x-4 gap-y-3"
      >
        <div className="col-span-full max-w-sm">
          <Field label="Name of the prompt" hint="Instead of its first line." problem={problemAt('name')}>
            {(ties) => (
              <input
                {...ties}
                className="field"
                value={step.name ?? ''}
                onChange={(event) => {
                  const { name: _name, ...rest } = step
                  onChange(event.target.value === '' ? rest : { ...rest, name: event.target.value })
                }}
              />
            )}
          </Field>
        </div>
        <Field label="Time limit" hint="Of one attempt, such as 90 s or 2 h." problem={problemAt('timeoutSec')}>
          {(ties) => (
            <SpanInput
              {...ties}
              placeholder={limitDefaults.timeoutSec}
              value={step.timeoutSec}
              onChange={(timeoutSec) => onChange({ ...step, timeoutSec })}
            />
          )}
        </Field>
        <Field label="Idle limit" hint="Without a word from the agent." problem={problemAt('idleTimeoutSec')}>
          {(ties) => (
            <SpanInput
              {...ties}
              placeholder={limitDefaults.idleTimeoutSec}
              value={step.idleTimeoutSec}
              onChange={(idleTimeoutSec) => onChange({ ...step, idleTimeoutSec })}
            />
          )}
        </Field>
        <Field label="Turns at most" hint="Rounds of thinking and tools." problem={problemAt('maxTurns')}>
          {(ties) => (
            <CountInput
              {...ties}
              min={1}
              max={1_000}
              placeholder={limitDefaults.maxTurns}
              value={step.maxTurns}
              onChange={(maxTurns) => onChange({ ...step, maxTurns })}
            />
          )}
        </Field>
        <Field label="Retries" hint="After a failure that may pass." problem={problemAt('maxRetries')}>
          {(ties) => (
            <CountInput
              {...ties}
              min={0}
              max={10}
              placeholder={limitDefaults.maxRetries}
              value={step.maxRetries}
              onChange={(maxRetries) => onChange({ ...step, maxRetries })}
            />
          )}
        </Field>
        <div className="col-span-full max-w-sm">
          <Field
            label="When cut off by a crash"
            hint="By itself, Maestro tries a step again that only reads, and asks about any other."
            problem={problemAt('onInterrupted')}
          >
            {(ties) => (
              <select
                {...ties}
                className="select field"
                value={step.onInterrupted ?? ''}
                onChange={(event) =>
                  onChange({ ...step, onInterrupted: OnInterrupted.safeParse(event.target.value).data ?? null })
                }
              >
                <option value="">As its mode asks for</option>
                {OnInterrupted.options.map((policy) => (
                  <option key={policy} value={policy}>
                    {interruptedWords[policy]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className="col-span-full max-w-sm">
          <Fallbacks
            name={name}
            value={step.fallbackModels}
            onChange={(fallbackModels) => onChange({ ...step, fallbackModels })}
          />
        </div>
      </div>
    </div>
  )
}

interface CountInputProps {
  id: string
  min: number
  max: number
  placeholder: number
  value: number | null | undefined
  onChange: (count: number | null) => void
}

function CountInput({ value, placeholder, onChange, ...rest }: CountInputProps) {
  return (
    <input
      {...rest}
      type="number"
      step={1}
      className="field"
      placeholder={String(placeholder)}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
    />
  )
}

/** What is set, in a few words each. */
function setLimits({
  timeoutSec,
  idleTimeoutSec,
  maxTurns,
  maxRetries,
  onInterrupted,
  fallbackModels,
}: PromptStep): string[] {
  return [
    timeoutSec == null ? '' : spanText(timeoutSec),
    idleTimeoutSec == null ? '' : `idle ${spanText(idleTimeoutSec)}`,
    maxTurns == null ? '' : plural(maxTurns, 'turn'),
    maxRetries == null ? '' : plural(maxRetries, 'retry', 'retries'),
    onInterrupted == null ? '' : interruptedWords[onInterrupted].toLowerCase(),
    fallbackModels == null ? '' : plural(fallbackModels.length, 'fallback model'),
  ].filter((words) => words !== '')
}
