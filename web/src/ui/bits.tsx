// Small pieces every page uses: times, ids that copy, error cards, empty states, skeletons.

import { clsx } from 'clsx'
import { Check, Copy } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { errorText } from '../api/errors.ts'
import { ago, exact } from '../lib/format.ts'
import { useNow } from '../lib/use-now.ts'
import { Button, Hint, IconButton } from './button.tsx'
import { WithCode } from './with-code.tsx'

/** "5 min ago", with the exact time on hover. */
export function Ago({ at, className }: { at: number; className?: string }) {
  const now = useNow(20_000)
  return (
    <time dateTime={new Date(at).toISOString()} title={exact(at)} className={clsx('whitespace-nowrap', className)}>
      {ago(at, now)}
    </time>
  )
}

export function CopyButton({ text, label }: { text: () => string; label: string }) {
  const [done, setDone] = useState(false)
  return (
    <IconButton
      label={done ? 'Copied' : label}
      onClick={() => {
        void navigator.clipboard.writeText(text()).then(() => {
          setDone(true)
          setTimeout(() => setDone(false), 1_500)
        })
      }}
    >
      {done ? <Check className="text-succeeded" /> : <Copy />}
    </IconButton>
  )
}

/** What failed, what was seen, what to do next, and one button. */
export function ErrorCard({
  thrown,
  onRetry,
  retryLabel = 'Try again',
}: {
  thrown: unknown
  onRetry?: () => void
  retryLabel?: string
}) {
  const { title, detail, hint, issues } = errorText(thrown)
  return (
    <TroubleCard
      title={title}
      detail={detail}
      hint={hint}
      action={
        onRetry && (
          <Button small onClick={onRetry}>
            {retryLabel}
          </Button>
        )
      }
    >
      {issues.length > 0 && (
        <ul className="mt-1 list-disc pl-4 text-soft">
          {issues.map((issue) => (
            <li key={`${issue.path} ${issue.message}`}>
              {issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`}
            </li>
          ))}
        </ul>
      )}
    </TroubleCard>
  )
}

interface TroubleProps {
  title: string
  detail: string
  hint?: string | undefined
  tone?: 'failed' | 'waiting'
  action?: ReactNode
  children?: ReactNode
}

export function TroubleCard({ title, detail, hint, tone = 'failed', action, children }: TroubleProps) {
  return (
    <div
      role="alert"
      className={clsx(
        'rounded-lg border-l-3 px-4 py-3',
        tone === 'failed' ? 'border-failed bg-failed-wash' : 'border-waiting bg-waiting-wash',
      )}
    >
      <p className={clsx('font-semibold', tone === 'failed' ? 'text-failed' : 'text-waiting')}>{title}</p>
      <p className="mt-0.5 wrap-anywhere">{detail}</p>
      {children}
      {hint !== undefined && (
        <p className="mt-1 text-soft wrap-anywhere">
          <WithCode text={hint} />
        </p>
      )}
      {action !== undefined && <div className="mt-2.5 flex flex-wrap gap-2">{action}</div>}
    </div>
  )
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center px-4 py-14 text-center">
      <svg viewBox="0 0 160 48" className="mb-5 w-40 text-staff" aria-hidden="true">
        {[8, 16, 24, 32, 40].map((y) => (
          <path key={y} d={`M0 ${y}H160`} stroke="currentColor" />
        ))}
        <path d="M74 20h12v5H74z" fill="var(--brass)" />
      </svg>
      <h2 className="font-title text-xl">{title}</h2>
      <div className="mt-2 max-w-md text-soft">{children}</div>
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

export function Skeleton({ rows = 4, className = 'h-9' }: { rows?: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={clsx('skeleton', className)} />
      ))}
    </div>
  )
}

export function Chip({ children, title, mono = false }: { children: ReactNode; title?: string; mono?: boolean }) {
  const chip = (
    <span
      className={clsx(
        'inline-flex h-5.5 max-w-full items-center gap-1 truncate rounded-md bg-sunken px-1.5 text-xs text-soft',
        mono && 'font-mono',
      )}
    >
      {children}
    </span>
  )
  return title === undefined ? chip : <Hint text={title}>{chip}</Hint>
}
