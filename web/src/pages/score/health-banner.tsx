// What keeps work from going well, a line each, with the one button that does the next thing. Warnings can be put
// away until they change; errors stay.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { DoctorCheck } from '#src/app/contract.ts'
import { route } from '../../api/paths.ts'
import { doctorQuery } from '../../api/system.ts'
import { remedyOf, troubles } from '../../lib/remedy.ts'
import { buttonClass, IconButton } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { WithCode } from '../../ui/with-code.tsx'
import { levels } from '../settings/doctor.tsx'

const key = 'maestro.health-seen'
const saying = (check: DoctorCheck) => `${check.name}: ${check.detail ?? ''}`

function readSeen(): string[] {
  try {
    return localStorage.getItem(key)?.split('\n') ?? []
  } catch {
    return []
  }
}

/** The first steps say themselves which agents and keys are missing, and have the buttons for it. */
const isFirstStep = (check: DoctorCheck) => check.level === 'warn' && /^(agent |model keys)/.test(check.name)

export function HealthBanner({ besideFirstSteps }: { besideFirstSteps: boolean }) {
  const checks = useQuery(doctorQuery)
  const [seen, setSeen] = useState(readSeen)
  const shown = troubles(checks.data ?? []).filter(
    (check) => check.level === 'error' || !(seen.includes(saying(check)) || (besideFirstSteps && isFirstStep(check))),
  )

  function putAway(check: DoctorCheck) {
    // Only what is still so is remembered: the same finding later on is news again.
    const still = (checks.data ?? []).map(saying).filter((text) => seen.includes(text))
    const next = [...still, saying(check)]
    setSeen(next)
    try {
      localStorage.setItem(key, next.join('\n'))
    } catch {
      // A private window: it comes back with the next visit.
    }
  }

  if (shown.length === 0) return null
  return (
    <ul aria-label="Health" className="flex flex-col gap-1.5">
      {shown.map((check) => (
        <Line key={check.name} check={check} onPutAway={() => putAway(check)} />
      ))}
    </ul>
  )
}

function Line({ check, onPutAway }: { check: DoctorCheck; onPutAway: () => void }) {
  const isError = check.level === 'error'
  const remedy = remedyOf(check) ?? { to: route.settings, label: 'Open the doctor' }
  return (
    <li
      className={clsx(
        'flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg py-1.5 pl-4 pr-2',
        isError ? 'bg-failed-wash' : 'bg-waiting-wash',
      )}
    >
      <Glyph status={levels[check.level].status} />
      <p className="min-w-0 flex-1 basis-60 wrap-anywhere">
        <span className="sr-only">{levels[check.level].word}: </span>
        {sentence(check.detail ?? check.name)}
        {check.hint !== null && (
          <span className="text-soft max-sm:hidden">
            {' '}
            What to do: <WithCode text={check.hint} />.
          </span>
        )}
      </p>
      <Link to={remedy.to} className={buttonClass('plain', true)}>
        {remedy.label}
      </Link>
      {!isError && (
        <IconButton label={`Put away: ${check.name}`} onClick={onPutAway}>
          <X />
        </IconButton>
      )}
    </li>
  )
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
