// The home score: zoom, scroll in time, and the playhead that moves. Follows now until scrolled away.

import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { runsQuery } from '../../api/queries.ts'
import { usePanel } from '../../app/side-panel.tsx'
import { isTyping } from '../../app/shortcuts.ts'
import { useNow } from '../../lib/use-now.ts'
import { useWidth } from '../../lib/use-width.ts'
import { Lanes } from '../../score/lanes.tsx'
import { clockTicks } from '../../score/scale.ts'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Segments } from '../../ui/segments.tsx'
import { lanesOfRuns, type RunLane } from './lanes-of-runs.ts'
import { useScoreRuns } from './use-score-runs.ts'

const HOUR = 3_600_000
const zooms = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const
type Zoom = keyof typeof zooms
const zoomNames = Object.keys(zooms) as Zoom[]

/** How much of the view lies ahead of now while following it. */
const ahead = 0.08

export function ScoreView({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const { zoom: chosenZoom, by = 'workflow' } = useSearch({ from: '/' })
  const navigate = useNavigate()
  const { panel, open } = usePanel()
  const { ref, width } = useWidth<HTMLDivElement>()
  const headerPx = width > 720 ? 188 : 0
  const fitting = useFittingZoom()
  const zoom = chosenZoom ?? fitting
  const span = zooms[zoom]
  const now = useNow(Math.min(20_000, Math.max(500, span / 2_000)))
  /** Right edge; null follows now. */
  const [edge, setEdge] = useState<number | null>(null)
  const to = edge ?? now + span * ahead
  const view = useMemo(
    () => ({ from: to - span, to, widthPx: Math.max(1, width - headerPx) }),
    [to, span, width, headerPx],
  )
  const { runs, isPending, error, retry } = useScoreRuns(view.from)
  const lanes = useMemo(
    () => lanesOfRuns(runs, workflows, by, Math.floor(now / 10_000) * 10_000),
    [runs, workflows, by, now],
  )
  const ticks = useMemo(() => clockTicks(view, -new Date(view.to).getTimezoneOffset() * 60_000), [view])

  const search = (part: { zoom?: Zoom; by?: 'workflow' | 'agent' }) =>
    void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })
  const scroll = (ms: number) => setEdge((old) => bounded((old ?? Date.now() + span * ahead) + ms, span))
  const rezoom = (next: Zoom, centre = (view.from + view.to) / 2) => {
    if (edge !== null) setEdge(bounded(centre + zooms[next] / 2, zooms[next]))
    search({ zoom: next })
  }
  const step = (by: 1 | -1) => {
    const next = zoomNames[zoomNames.indexOf(zoom) + by]
    if (next !== undefined) rezoom(next)
  }

  useScoreKeys({ in: () => step(-1), out: () => step(1), now: () => setEdge(null) })
  const drag = useDrag(ref, span / Math.max(1, view.widthPx), scroll)

  return (
    <section aria-label="Score" className="panel overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-2">
        <Segments
          label="Staves"
          value={by}
          options={[
            ['workflow', 'By workflow'],
            ['agent', 'By agent'],
          ]}
          onChange={(next) => search({ by: next })}
        />
        <span className="flex-1 max-sm:hidden" />
        <Legend />
        <div className="flex items-center">
          <IconButton label="Earlier" onClick={() => scroll(-span / 2)}>
            <ChevronLeft />
          </IconButton>
          <Button
            small
            look={edge === null ? 'quiet' : 'primary'}
            onClick={() => setEdge(null)}
            aria-pressed={edge === null}
          >
            Now
          </Button>
          <IconButton label="Later" disabled={edge === null} onClick={() => scroll(span / 2)}>
            <ChevronRight />
          </IconButton>
        </div>
        <Segments
          label="Zoom"
          value={zoom}
          options={zoomNames.map((name) => [name, name[0]?.toUpperCase() + name.slice(1)] as const)}
          onChange={(next) => rezoom(next)}
        />
      </div>
      {error !== null && runs.length === 0 ? (
        <div className="p-4">
          <ErrorCard thrown={error} onRetry={retry} />
        </div>
      ) : null}
      <div ref={ref} className="max-h-[62vh] touch-pan-y overflow-y-auto overflow-x-hidden bg-paper" {...drag}>
        {isPending ? (
          <div className="p-4">
            <Skeleton rows={4} className="h-16" />
          </div>
        ) : (
          width > 0 && (
            <Lanes
              label="Runs over time"
              lanes={lanes.map((lane) => ({
                id: lane.id,
                title: lane.title,
                notes: lane.notes,
                header: <LaneHead lane={lane} />,
              }))}
              view={view}
              now={now >= view.from && now <= view.to ? now : null}
              ticks={ticks}
              selected={panel}
              onSelect={open}
              onChord={(chord) => {
                const next = zoomNames[zoomNames.indexOf(zoom) - 1]
                const at = chord.notes[0]?.start
                if (next === undefined || at === undefined) return
                setEdge(bounded(at + zooms[next] / 2, zooms[next]))
                search({ zoom: next })
              }}
              headerPx={headerPx}
            />
          )
        )}
        {!isPending && lanes.length === 0 && (
          <p className="px-4 py-10 text-center text-soft">Nothing has been played yet.</p>
        )}
      </div>
    </section>
  )
}

/** An hour while nothing is older: on a day's staff the first notes would all lie on the playhead. */
function useFittingZoom(): Zoom {
  const { data } = useInfiniteQuery(runsQuery({}))
  const last = data?.pages.at(-1)
  const oldest = last?.items.at(-1)?.createdAt
  // Once for a visit: the staves must not change their scale under the reader.
  const fitting = useRef<Zoom>(undefined)
  if (last !== undefined) {
    fitting.current ??= last.next === null && (oldest ?? Infinity) > Date.now() - HOUR * 0.9 ? 'hour' : 'day'
  }
  return fitting.current ?? 'day'
}

function bounded(edge: number, span: number): number | null {
  return edge >= Date.now() + span * ahead ? null : edge
}

function LaneHead({ lane }: { lane: RunLane }) {
  const last = lane.workflow?.lastRuns[0]
  return (
    <div className="flex min-w-0 items-center gap-2 pl-4">
      {last !== undefined && <Glyph status={last.status} size={14} />}
      {lane.workflow === undefined ? (
        <span className="truncate font-medium">{lane.title}</span>
      ) : (
        <Link
          to={route.workflow}
          params={{ id: lane.workflow.id }}
          className="truncate font-medium hover:underline"
          title={lane.title}
        >
          {lane.title}
        </Link>
      )}
    </div>
  )
}

function Legend() {
  return (
    <ul aria-label="Shapes" className="mr-2 hidden items-center gap-3 text-xs text-faint xl:flex">
      {(['running', 'succeeded', 'failed', 'waiting', 'interrupted', 'cancelled'] as const).map((status) => (
        <li key={status} className="flex items-center gap-1">
          <Glyph status={status} size={12} />
          {
            {
              running: 'Running',
              succeeded: 'Succeeded',
              failed: 'Failed',
              waiting: 'Waiting',
              interrupted: 'Interrupted',
              cancelled: 'Stopped',
            }[status]
          }
        </li>
      ))}
    </ul>
  )
}

/** Drag the paper, or wheel sideways. */
function useDrag(ref: React.RefObject<HTMLDivElement | null>, msPerPx: number, scroll: (ms: number) => void) {
  const from = useRef<{ x: number; moved: boolean }>(undefined)
  const latest = useRef({ msPerPx, scroll })
  latest.current = { msPerPx, scroll }
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    function onWheel(event: WheelEvent) {
      const sideways = event.shiftKey ? event.deltaY : event.deltaX
      if (Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return
      // Otherwise the browser takes it for "back".
      event.preventDefault()
      latest.current.scroll(sideways * latest.current.msPerPx)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [ref])
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) from.current = { x: event.clientX, moved: false }
    },
    onPointerMove: (event: PointerEvent) => {
      const start = from.current
      if (start === undefined || event.buttons === 0) return
      const dx = event.clientX - start.x
      if (!start.moved && Math.abs(dx) < 5) return
      if (!start.moved) event.currentTarget.setPointerCapture(event.pointerId)
      from.current = { x: event.clientX, moved: true }
      latest.current.scroll(-dx * latest.current.msPerPx)
    },
    onPointerUp: () => {
      from.current = undefined
    },
    onPointerCancel: () => {
      from.current = undefined
    },
  }
}

function useScoreKeys(act: { in: () => void; out: () => void; now: () => void }) {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '+' || event.key === '=') latest.current.in()
      else if (event.key === '-') latest.current.out()
      else if (event.key === 'n') latest.current.now()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
