// Staves with notes under a ruler, and the playhead. Draws what it is given for the view it is given:
// Home shows runs on it, a run's page its attempts. Notes are buttons: Tab enters, arrows walk.

import { clsx } from 'clsx'
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { GlyphShape } from '../ui/glyph.tsx'
import { states, toneText } from '../ui/status.ts'
import { layOut, type Chord, type LaneNote, type PlacedNote } from './layout.ts'
import { toX, type Tick, type View } from './scale.ts'

export interface Lane {
  id: string
  title: string
  /** Drawn beside the staff. */
  header?: ReactNode
  notes: readonly LaneNote[]
}

interface LanesProps {
  label: string
  lanes: readonly Lane[]
  view: View
  /** Where the playhead stands; null when it is not shown. */
  now: number | null
  ticks: readonly Tick[]
  selected?: string | undefined
  onSelect: (id: string) => void
  onChord?: (chord: Chord) => void
  /** Spaces of a staff and their height. */
  slots?: number
  slotPx?: number
  /** Above and below each staff. */
  padPx?: number
  headerPx: number
}

const rulerPx = 28

export function Lanes({
  label,
  lanes,
  view,
  now,
  ticks,
  selected,
  onSelect,
  onChord,
  slots = 4,
  slotPx = 12,
  padPx = 18,
  headerPx,
}: LanesProps) {
  const root = useRef<HTMLDivElement>(null)
  const at = now ?? view.to
  const laid = useMemo(() => lanes.map((lane) => layOut(lane.notes, view, at, slots)), [lanes, view, at, slots])
  const playheadX = now === null ? null : toX(view, now)
  const height = slots * slotPx + 2 * padPx
  const foot = height - padPx
  const first = laid.flatMap((lane) => lane.placed).at(-1)?.note.id
  const tabStop = laid.some((lane) => lane.placed.some((each) => each.note.id === selected)) ? selected : first

  useEffect(() => {
    if (selected === undefined) return
    const note = root.current?.querySelector<SVGGElement>(`[data-note="${CSS.escape(selected)}"]`)
    if (note !== null && note !== undefined && root.current?.contains(document.activeElement) === true)
      note.focus({ preventScroll: true })
  }, [selected])

  function walk(event: KeyboardEvent, laneIndex: number, placed: PlacedNote) {
    const lane = laid[laneIndex]?.placed ?? []
    const here = lane.indexOf(placed)
    let target: PlacedNote | undefined
    if (event.key === 'ArrowRight') target = lane[here + 1]
    else if (event.key === 'ArrowLeft') target = lane[here - 1]
    else if (event.key === 'Home') target = lane[0]
    else if (event.key === 'End') target = lane.at(-1)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      target = neighbour(laid, laneIndex, event.key === 'ArrowDown' ? 1 : -1, placed.x)
    else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onSelect(placed.note.id)
      return
    } else return
    event.preventDefault()
    if (target === undefined) return
    root.current?.querySelector<SVGGElement>(`[data-note="${CSS.escape(target.note.id)}"]`)?.focus()
    if (selected !== undefined) onSelect(target.note.id)
  }

  return (
    <div ref={root} role="group" aria-label={label} className="relative select-none">
      <div className="sticky top-0 z-10 flex border-b border-line bg-paper">
        <div style={{ width: headerPx }} className="shrink-0" />
        <svg
          width={view.widthPx}
          height={rulerPx}
          className="block overflow-hidden font-sans text-2xs text-faint"
          aria-hidden="true"
        >
          {ticks.map((tick) => {
            const x = toX(view, tick.at)
            const half = tick.label.length * 3.2
            const covered = playheadX !== null && Math.abs(x - playheadX) < half + 22
            const hidden = covered || x + half > view.widthPx
            return (
              <g key={tick.at} transform={`translate(${x} 0)`}>
                <path d={`M0.5 ${rulerPx - 6}V${rulerPx}`} stroke="var(--edge)" />
                {!hidden && (
                  <text
                    x="0"
                    y="15"
                    textAnchor={x < half ? 'start' : 'middle'}
                    fill={tick.major ? 'var(--ink)' : 'currentColor'}
                    fontSize="11"
                    fontWeight={tick.major ? 600 : 400}
                  >
                    {tick.label}
                  </text>
                )}
              </g>
            )
          })}
          {playheadX !== null && playheadX >= 0 && playheadX <= view.widthPx && (
            <g transform={`translate(${playheadX} 0)`}>
              <rect x="-17" y="3" width="34" height="17" rx="5" fill="var(--brass)" />
              <path d="M-4.5 19.5H4.5L0 25Z" fill="var(--brass)" />
              <text y="15.5" textAnchor="middle" fontSize="11" fontWeight="600" fill="var(--brass-ink)">
                now
              </text>
            </g>
          )}
        </svg>
      </div>
      {lanes.map((lane, laneIndex) => (
        <div key={lane.id} className="flex">
          {headerPx > 0 && (
            <div style={{ width: headerPx }} className="flex min-w-0 shrink-0 items-center border-r border-line pr-3">
              {lane.header}
            </div>
          )}
          <div className="min-w-0">
            {headerPx === 0 && lane.header !== undefined && <div className="pt-2">{lane.header}</div>}
            <svg
              width={view.widthPx}
              height={height}
              role="group"
              aria-label={lane.title}
              className="block overflow-hidden"
            >
              {playheadX !== null && (
                <rect
                  x={playheadX}
                  width={Math.max(0, view.widthPx - playheadX)}
                  height={height}
                  fill="var(--sunken)"
                />
              )}
              {Array.from({ length: slots + 1 }, (_, line) => (
                <path key={line} d={`M0 ${padPx + line * slotPx + 0.5}H${view.widthPx}`} stroke="var(--staff)" />
              ))}
              {ticks.map((tick) => {
                const x = Math.round(toX(view, tick.at)) + 0.5
                // A bar line, from the staff's first line to its last; a day's is drawn through.
                return (
                  <path
                    key={tick.at}
                    d={tick.major ? `M${x} 0V${height}` : `M${x} ${padPx}V${foot}`}
                    stroke={tick.major ? 'var(--edge)' : 'var(--staff)'}
                  />
                )
              })}
              {playheadX !== null && (
                <path d={`M${playheadX} 0V${height}`} stroke="var(--brass-line)" strokeWidth="1.5" />
              )}
              {laid[laneIndex]?.placed.map((placed) => (
                <Note
                  key={placed.note.id}
                  placed={placed}
                  y={padPx + placed.slot * slotPx + slotPx / 2}
                  heightPx={slotPx - 1}
                  selected={placed.note.id === selected}
                  tabStop={placed.note.id === tabStop}
                  onSelect={onSelect}
                  onKey={(event) => walk(event, laneIndex, placed)}
                />
              ))}
              {laid[laneIndex]?.chords.map((chord) => (
                <ChordMark key={chord.notes[0]?.id} chord={chord} y={foot + padPx / 2} onChord={onChord} />
              ))}
            </svg>
          </div>
        </div>
      ))}
    </div>
  )
}

function neighbour(
  laid: readonly { placed: PlacedNote[] }[],
  from: number,
  step: 1 | -1,
  x: number,
): PlacedNote | undefined {
  for (let index = from + step; index >= 0 && index < laid.length; index += step) {
    const placed = laid[index]?.placed ?? []
    if (placed.length > 0)
      return placed.reduce((best, each) => (Math.abs(each.x - x) < Math.abs(best.x - x) ? each : best))
  }
  return undefined
}

interface NoteProps {
  placed: PlacedNote
  y: number
  heightPx: number
  selected: boolean
  tabStop: boolean
  onSelect: (id: string) => void
  onKey: (event: KeyboardEvent) => void
}

function Note({ placed: { note, x, widthPx }, y, heightPx, selected, tabStop, onSelect, onKey }: NoteProps) {
  const { tone, shape } = states[note.status]
  const sounding = note.end === null && note.status === 'running'
  const half = heightPx / 2
  const wide = widthPx > 13
  // The head stands at the start and stays in view for as long as the note does.
  const head = Math.max(0, -x + 8)
  return (
    <g
      role="button"
      data-note={note.id}
      aria-label={note.label}
      aria-pressed={selected}
      tabIndex={tabStop ? 0 : -1}
      onClick={() => onSelect(note.id)}
      onKeyDown={onKey}
      transform={`translate(${x} ${y})`}
      className={clsx('group outline-none', toneText[tone], note.ghost === true && 'opacity-50')}
    >
      <title>{note.label}</title>
      <rect x="-9" y={-half - 2} width={Math.max(widthPx, 0) + 18} height={heightPx + 4} fill="transparent" />
      {wide && (
        <rect
          x="0"
          y={-half}
          width={widthPx}
          height={heightPx}
          rx={half}
          fill={`color-mix(in oklch, currentColor ${sounding ? 34 : 26}%, var(--surface))`}
          stroke="currentColor"
          strokeOpacity={note.ghost === true ? 0.9 : 0.55}
          {...(note.ghost === true ? { strokeDasharray: '3 3', fill: 'none' } : {})}
        />
      )}
      {sounding && wide && (
        <rect x={widthPx - 3} y={-half} width="3" height={heightPx} rx="1.5" fill="currentColor" className="pulsing" />
      )}
      {
        <rect
          x="-10"
          y={-half - 3.5}
          width={Math.max(widthPx, 10) + (wide ? 13 : 10)}
          height={heightPx + 7}
          rx={half + 3}
          fill="none"
          stroke="var(--brass-line)"
          strokeWidth="2"
          className={clsx(
            'group-focus-visible:[stroke-width:3.5px]',
            !selected && 'opacity-0 group-hover:opacity-40 group-focus-visible:opacity-100',
          )}
        />
      }
      {note.ghost !== true && (
        <g transform={`translate(${head} 0) scale(${Math.max(0.88, heightPx / 13)})`}>
          <GlyphShape shape={shape} />
        </g>
      )}
      {note.text !== undefined && widthPx - head > note.text.length * 6 + 22 && (
        <text x={head + 12} y="3.6" fontSize="10.5" fontWeight="500" fill="currentColor">
          {note.text}
        </text>
      )}
    </g>
  )
}

function ChordMark({ chord, y, onChord }: { chord: Chord; y: number; onChord: ((chord: Chord) => void) | undefined }) {
  const text = `+${chord.notes.length}`
  return (
    <g
      transform={`translate(${chord.x} ${y})`}
      className="outline-none"
      {...(onChord === undefined
        ? {}
        : { role: 'button', 'aria-label': `${chord.notes.length} more here: zoom in`, onClick: () => onChord(chord) })}
    >
      <rect x={-3} y="-7" width={text.length * 6.5 + 6} height="12" rx="6" fill="var(--surface)" stroke="var(--edge)" />
      <text y="2.5" fontSize="9.5" fontWeight="600" fill="var(--soft)">
        {text}
      </text>
    </g>
  )
}
