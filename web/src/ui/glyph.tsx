// The shapes of states, 16 x 16 around a centre, so that the same drawing serves words, dots and
// the notes of a score. Decorative: whoever uses one adds the word.

import { clsx } from 'clsx'
import { states, toneText, type Shape, type State } from './status.ts'

/** Lines in `currentColor`, marks on a fill in the paper's colour. */
export function GlyphShape({ shape }: { shape: Shape }) {
  const mark = 'var(--surface)'
  switch (shape) {
    case 'ring':
      return <circle r="5" fill="var(--surface)" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 2" />
    case 'arc':
      return (
        <>
          <circle r="5.4" fill="var(--surface)" stroke="currentColor" strokeWidth="1.8" opacity="0.35" />
          <circle
            r="5.4"
            fill="none"
            stroke="currentColor"
            strokeWidth="2.2"
            strokeDasharray="10 24"
            strokeLinecap="round"
            className="turning"
          />
          <circle r="2" fill="currentColor" />
        </>
      )
    case 'disc':
      return (
        <>
          <circle r="6.3" fill="currentColor" />
          <path
            d="M-2.7 0.2L-0.8 2.2L2.8 -1.9"
            fill="none"
            stroke={mark}
            strokeWidth="1.7"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )
    case 'diamond':
      return (
        <>
          <path d="M0 -7.4L7.4 0L0 7.4L-7.4 0Z" fill="currentColor" strokeLinejoin="round" stroke="currentColor" />
          <path d="M-2 -2L2 2M2 -2L-2 2" stroke={mark} strokeWidth="1.7" strokeLinecap="round" />
        </>
      )
    case 'pause':
      return (
        <>
          <path
            d="M0 -7.2L6.8 5.4H-6.8Z"
            fill="currentColor"
            stroke="currentColor"
            strokeWidth="1"
            strokeLinejoin="round"
          />
          <path d="M0 -2.6V1.2M0 3.3V3.4" stroke={mark} strokeWidth="1.8" strokeLinecap="round" />
        </>
      )
    case 'square':
      return (
        <>
          <rect x="-5.6" y="-5.6" width="11.2" height="11.2" rx="2.2" fill="currentColor" />
          <rect x="-2" y="-2" width="4" height="4" rx="0.6" fill={mark} />
        </>
      )
    case 'clock':
      return (
        <>
          <circle r="6.3" fill="currentColor" />
          <path
            d="M0 -3.4V0.2L2.4 1.8"
            fill="none"
            stroke={mark}
            strokeWidth="1.7"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )
    case 'coin':
      return (
        <>
          <path d="M-3.2 -6.2H3.2L6.4 0L3.2 6.2H-3.2L-6.4 0Z" fill="currentColor" />
          <path d="M0 -3.4V3.4M-2 -1.4H2M-2 1.4H2" stroke={mark} strokeWidth="1.4" strokeLinecap="round" />
        </>
      )
    case 'bolt':
      return (
        <path
          d="M1.8 -7.2L-5 1H-0.6L-1.8 7.2L5 -1.2H0.6Z"
          fill="currentColor"
          stroke="currentColor"
          strokeWidth="1"
          strokeLinejoin="round"
        />
      )
    case 'dash':
      return <path d="M-4.5 0H4.5" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
  }
}

export function Glyph({ status, size = 16, className }: { status: State; size?: number; className?: string }) {
  const { shape, tone } = states[status]
  return (
    <svg
      viewBox="-8 -8 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      className={clsx('shrink-0', toneText[tone], className)}
    >
      <GlyphShape shape={shape} />
    </svg>
  )
}

/** Shape and word. */
export function StatusWord({
  status,
  stopping = false,
  className,
}: {
  status: State
  stopping?: boolean
  className?: string
}) {
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 whitespace-nowrap font-medium',
        toneText[states[status].tone],
        className,
      )}
    >
      <Glyph status={status} size={14} />
      {stopping ? 'Stopping' : states[status].word}
    </span>
  )
}
