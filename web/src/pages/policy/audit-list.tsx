// The calls, a line each; one opens in place with everything that is on record about it.

import { useVirtualizer } from '@tanstack/react-virtual'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { AuditRow } from '#src/calls/contract.ts'
import { route } from '../../api/paths.ts'
import { actorName, actorWords } from '../../lib/actor.ts'
import { duration, exact } from '../../lib/format.ts'
import { Ago, CopyButton } from '../../ui/bits.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { states, toneText, type State } from '../../ui/status.ts'

const rowPx = 40
const columns =
  'grid grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-x-3 px-4 md:grid-cols-[16px_120px_140px_200px_minmax(0,1fr)_76px_100px] md:px-6'

interface AuditListProps {
  calls: readonly AuditRow[]
  more: boolean
  loading: boolean
  onMore: () => void
}

export function AuditList({ calls, more, loading, onMore }: AuditListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const virtual = useVirtualizer({
    count: calls.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => calls[index]?.callId ?? index,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0

  useEffect(() => {
    if (more && !loading && last >= calls.length - 20) onMore()
  }, [more, loading, last, calls.length, onMore])

  const toggle = (id: string) =>
    setOpen((old) => new Set(old.has(id) ? [...old].filter((each) => each !== id) : [...old, id]))

  return (
    <>
      <div
        aria-hidden="true"
        className={clsx(columns, 'h-8 shrink-0 border-b border-line text-xs font-medium text-faint max-md:hidden')}
      >
        <span />
        <span>Outcome</span>
        <span>Who</span>
        <span>What</span>
        <span>On what</span>
        <span className="text-right">Took</span>
        <span className="text-right">When</span>
      </div>
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label="Calls"
        className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
      >
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const call = calls[item.index]
            return call === undefined ? null : (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                style={{ transform: `translateY(${item.start}px)` }}
                className="absolute inset-x-0 top-0 border-b border-line"
              >
                <Line call={call} isOpen={open.has(call.callId)} onToggle={() => toggle(call.callId)} />
                {open.has(call.callId) && <Details call={call} />}
              </li>
            )
          })}
        </ul>
        {loading && (
          <p role="status" className="py-3 text-center text-sm text-faint">
            Looking through older calls
          </p>
        )}
      </div>
    </>
  )
}

function outcomeOf(call: AuditRow): { word: string; like: State } {
  if (call.phase === 'denied') {
    return call.decision === 'ask' ? { word: 'Asked first', like: 'waiting' } : { word: 'Refused', like: 'failed' }
  }
  if (call.phase === 'intent') return { word: 'No end yet', like: 'queued' }
  return call.outcome === 'failed' ? { word: 'Failed', like: 'failed' } : { word: 'Succeeded', like: 'succeeded' }
}

function Line({ call, isOpen, onToggle }: { call: AuditRow; isOpen: boolean; onToggle: () => void }) {
  const { word, like } = outcomeOf(call)
  const mark = (
    <span className={clsx('inline-flex items-center gap-1.5 text-sm font-medium', toneText[states[like].tone])}>
      <Glyph status={like} size={14} />
      {word}
    </span>
  )
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className={clsx(columns, 'min-h-10 w-full py-1 text-left hover:bg-hover focus-visible:-outline-offset-2')}
    >
      <ChevronRight className={clsx('size-3.5 text-faint transition-transform duration-100', isOpen && 'rotate-90')} />
      <span className="max-md:hidden">{mark}</span>
      <span className="truncate text-sm max-md:hidden">{actorName(call.actor)}</span>
      <span className="truncate font-mono text-xs max-md:hidden">{call.tool}</span>
      <span className="truncate font-mono text-xs text-soft max-md:hidden">{gist(call.subject)}</span>
      <span className="min-w-0 md:hidden">
        <span className="flex flex-wrap items-center gap-x-2">
          {mark}
          <span className="text-sm">{actorName(call.actor)}</span>
        </span>
        <span className="block truncate font-mono text-xs text-soft">
          {call.tool} {gist(call.subject)}
        </span>
      </span>
      <span className="text-right text-sm text-soft max-md:hidden">
        {call.durationMs === null ? '–' : duration(call.durationMs)}
      </span>
      <Ago at={call.at} className="text-right text-xs text-faint" />
    </button>
  )
}

/** What says most: the command or the path, else the last thing it touched. */
const gist = (subject: readonly string[]) =>
  subject.find((line) => line.startsWith('command:'))?.replace(/^command:[^:]*:/, '') ??
  subject.find((line) => line.startsWith('path:'))?.replace(/^path:[^:]*:/, '') ??
  subject.at(-1) ??
  ''

function Details({ call }: { call: AuditRow }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 px-4 pb-3 pt-1 text-sm md:pl-13 md:pr-6">
      <Detail name="Who">{actorWords(call.actor)}</Detail>
      <Detail name="When">{exact(call.at)}</Detail>
      <Detail name="Touched">
        {call.subject.length === 0 ? (
          'nothing named'
        ) : (
          <ul className="font-mono text-xs leading-5">
            {call.subject.map((line) => (
              <li key={line} className="wrap-anywhere">
                {line}
              </li>
            ))}
          </ul>
        )}
      </Detail>
      <Detail name="Decision">
        {decisions[call.decision]}, {call.reason}
        {call.errorCode !== null && `; ${call.errorCode}`}
      </Detail>
      {call.approvalId !== undefined && (
        <Detail name="Approval">
          <Link
            to={route.approval}
            params={{ id: call.approvalId }}
            className="font-mono text-xs text-brass-text hover:underline"
          >
            {call.approvalId}
          </Link>
        </Detail>
      )}
      <Copied name="Call" text={call.callId} />
      <Copied name="Trace" text={call.traceId} />
      <Copied name="Input, SHA-256" text={call.inputSha256} />
      <Copied name={`Row ${call.seq}, hash`} text={call.hash} />
    </dl>
  )
}

const decisions: Record<AuditRow['decision'], string> = { allow: 'Allowed', ask: 'Asked', deny: 'Denied' }

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  )
}

function Copied({ name, text }: { name: string; text: string }) {
  return (
    <Detail name={name}>
      <span className="flex items-center gap-1">
        <span className="min-w-0 truncate font-mono text-xs">{text}</span>
        <span className="-my-2">
          <CopyButton label={`Copy: ${name}`} text={() => text} />
        </span>
      </span>
    </Detail>
  )
}
