// One call that waits for a person: who wants what, exactly as it would be done, why it asks, how long one has. After
// the decision the card stays where it is, so that nothing moves under the hand.

import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Check, ChevronRight, X } from 'lucide-react'
import { useId, useState, type Ref } from 'react'
import type { Approval } from '#src/calls/contract.ts'
import { route } from '../../api/paths.ts'
import { actorSubject } from '../../lib/actor.ts'
import { exact, shortId, ticking } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Ago, Chip, CopyButton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { LineDiff } from '../../ui/diff-view.tsx'
import { describe, type Part } from './describe.ts'
import { stateWords, StateMark } from './state-mark.tsx'

interface ApprovalCardProps {
  approval: Approval
  ref?: Ref<HTMLElement>
  onDecide: (approve: boolean) => void
  busy: boolean
  /** It has a page of its own, and this is not it. */
  linked?: boolean
}

export function ApprovalCard({ approval, ref, onDecide, busy, linked = false }: ApprovalCardProps) {
  const heading = useId()
  const { wish, parts, asides, input } = describe(approval)
  const isPending = approval.state === 'pending'
  const name = actorSubject(approval.actor)
  return (
    <article
      ref={ref}
      tabIndex={-1}
      data-approval={approval.id}
      aria-labelledby={heading}
      className={clsx(
        'panel scroll-mt-4 px-5 py-4 outline-offset-2 focus:outline-2 focus:outline-brass-line',
        !isPending && 'bg-paper',
      )}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <h2 id={heading} className="min-w-0 flex-1 basis-64 text-base font-semibold wrap-anywhere">
          {name} {wish}
        </h2>
        {isPending ? <TimeLeft approval={approval} /> : <StateMark state={approval.state} />}
      </div>
      {approval.actor.kind === 'client' && (
        <p className="text-xs text-faint">A program on this machine; the name is what it calls itself.</p>
      )}
      {approval.isInputCut && (
        <p className="mt-2 rounded-lg bg-waiting-wash px-3 py-2 text-sm">
          The whole of it is longer than what is kept to be shown. You would say yes to more than you see here.
        </p>
      )}
      {parts.map((part) => (
        <Shown key={part.label} part={part} />
      ))}
      {asides.length > 0 && <p className="mt-2 text-sm text-soft">{asides.join(', ')}</p>}
      <p className="mt-2 text-sm text-soft">
        Asked <Ago at={approval.createdAt} />: {approval.reason}
      </p>
      <Exactly approval={approval} input={input} linked={linked} />
      {isPending ? (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Button
            look="primary"
            icon={<Check className="size-4" />}
            disabled={busy}
            aria-describedby={heading}
            onClick={() => onDecide(true)}
          >
            Approve once
          </Button>
          <Button
            look="danger"
            icon={<X className="size-4" />}
            disabled={busy}
            aria-describedby={heading}
            onClick={() => onDecide(false)}
          >
            Deny
          </Button>
          <span className="text-xs text-faint">
            Good for this very call, once. A no answers the same call for ten minutes.
          </span>
        </div>
      ) : (
        <Outcome approval={approval} />
      )}
    </article>
  )
}

function TimeLeft({ approval }: { approval: Approval }) {
  const now = useNow(1_000)
  const left = approval.expiresAt - now
  return (
    <span
      role="timer"
      title={exact(approval.expiresAt)}
      className={clsx('text-sm font-medium tabular-nums', left < 60_000 ? 'text-failed' : 'text-waiting')}
    >
      {left <= 0 ? 'Time is over' : `${ticking(left)} left`}
    </span>
  )
}

function Shown({ part }: { part: Part }) {
  if (part.lines !== undefined)
    return (
      <div className="mt-3">
        <LineDiff lines={part.lines} sides={['Goes', 'Comes']} />
      </div>
    )
  return (
    <div className="mt-3 flex items-start gap-1 rounded-lg bg-sunken py-0.5 pl-3 pr-1">
      <pre
        tabIndex={0}
        aria-label={part.label}
        className="max-h-72 min-w-0 flex-1 overflow-auto py-1.5 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
      >
        {visible(part.text)}
      </pre>
      <CopyButton label={`Copy: ${part.label.toLowerCase()}`} text={() => part.text} />
    </div>
  )
}

/** Letters that are not seen, or turn the order of what is seen, would let a text look like another. */
const visible = (text: string) =>
  text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- these are what it makes visible
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (letter) => `⟨U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )

function Exactly({ approval, input, linked }: { approval: Approval; input: string; linked: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="mt-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex items-center gap-1 text-left text-sm text-brass-text hover:underline touch:min-h-11"
      >
        <ChevronRight className={clsx('size-3.5 shrink-0 transition-transform duration-100', open && 'rotate-90')} />
        Everything that was sent, and what it touches
      </button>
      {open && (
        <div className="mt-2 flex flex-col gap-2">
          <ul aria-label="It touches" className="flex flex-wrap gap-1">
            {approval.subject.map((line) => (
              <li key={line} className="max-w-full">
                <Chip mono>{visible(line)}</Chip>
              </li>
            ))}
          </ul>
          <pre
            tabIndex={0}
            aria-label="Input"
            className="max-h-72 overflow-auto rounded-lg border border-line px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
          >
            {visible(input)}
          </pre>
          <p className="text-xs text-faint">
            Tool <span className="font-mono">{approval.tool}</span>, input{' '}
            <span className="font-mono">{approval.inputSha256.slice(0, 12)}</span>,{' '}
            {linked ? (
              <Link
                to={route.approval}
                params={{ id: approval.id }}
                className="font-mono text-brass-text hover:underline"
              >
                {shortId(approval.id)}
              </Link>
            ) : (
              <span className="font-mono">{shortId(approval.id)}</span>
            )}
          </p>
        </div>
      )}
    </div>
  )
}

function Outcome({ approval }: { approval: Approval }) {
  return (
    <p role="status" className="mt-3 text-sm text-soft">
      {stateWords(approval)}
      {approval.decidedAt !== null && (
        <>
          {' '}
          Decided <Ago at={approval.decidedAt} />
          {approval.decidedVia !== null && `, ${via[approval.decidedVia]}`}.
        </>
      )}
    </p>
  )
}

const via: Record<NonNullable<Approval['decidedVia']>, string> = {
  page: 'on the page',
  cli: 'on the command line',
  api: 'over HTTP',
  elicitation: 'in the client itself',
}
