// What holds everything back: pausing, read-only, stopping all. One dialog from the rail, by `!` and from the palette;
// while a brake is on, a strip on every page says so and lets go.

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Eye, OctagonX, Pause, Play } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Task } from '#src/tasks/contract.ts'
import { brakesQuery, useSetBrakes, useStopAll } from '../api/policy.ts'
import { openTasks } from '../api/tasks.ts'
import { actorWords, lowerFirst } from '../lib/actor.ts'
import { plural } from '../lib/format.ts'
import { Ago, ErrorCard } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useToasts } from '../ui/toast.tsx'

/** On every page while a brake is on. */
export function BrakesStrip({ onOpen }: { onOpen: () => void }) {
  const brakes = useQuery(brakesQuery).data
  const set = useSetBrakes()
  const toasts = useToasts()
  if (brakes === undefined || !(brakes.paused || brakes.readOnly)) return null
  return (
    <div
      role="status"
      aria-label="Brakes"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-waiting-wash px-4 py-1.5 text-sm md:px-6"
    >
      <span className="flex min-w-0 flex-1 basis-60 items-center gap-2">
        {brakes.paused ? (
          <Pause className="size-4 shrink-0 text-waiting" aria-hidden="true" />
        ) : (
          <Eye className="size-4 shrink-0 text-waiting" aria-hidden="true" />
        )}
        <span>
          <strong className="font-semibold text-waiting">
            {brakes.paused ? (brakes.readOnly ? 'Paused and read-only' : 'Paused') : 'Read-only'}
          </strong>{' '}
          {brakes.paused ? 'Nothing new starts.' : 'Agents may look, not change.'}
          {brakes.since !== null && (
            <span className="text-soft max-sm:hidden">
              {' '}
              Since <Ago at={brakes.since} />
              {brakes.by !== null && `, ${lowerFirst(actorWords(brakes.by))}`}.
            </span>
          )}
        </span>
      </span>
      <Button small look="quiet" onClick={onOpen}>
        Brakes
      </Button>
      <Button
        small
        icon={<Play className="size-3.5" />}
        disabled={set.isPending}
        onClick={() => set.mutate({ paused: false, readOnly: false }, { onError: (thrown) => toasts.fail(thrown) })}
      >
        Let it go on
      </Button>
    </div>
  )
}

export function BrakesDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const brakes = useQuery({ ...brakesQuery, enabled: open })
  const set = useSetBrakes()
  const [asks, setAsks] = useState(false)
  const state = brakes.data
  if (asks)
    return (
      <StopAll
        open={open}
        onClose={(isDone) => {
          setAsks(false)
          if (isDone) onClose()
        }}
      />
    )
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Brakes"
      description="Each can be let go again. Stopping all cannot: what was stopped has ended."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="flex flex-col divide-y divide-line">
        <Brake
          icon={<Pause />}
          title={state?.paused === true ? 'Paused' : 'Pause'}
          text="Queued runs wait, no new command starts, agents change nothing. What runs goes on."
          isOn={state?.paused === true}
          busy={set.isPending || state === undefined}
          onSet={(paused) => set.mutate({ paused })}
        />
        <Brake
          icon={<Eye />}
          title="Read-only for agents"
          text="Agents and tokens may look, and change nothing. You are not bound."
          isOn={state?.readOnly === true}
          busy={set.isPending || state === undefined}
          onSet={(readOnly) => set.mutate({ readOnly })}
        />
        <div className="flex items-start gap-3 py-3">
          <OctagonX className="mt-0.5 size-4.5 shrink-0 text-failed" aria-hidden="true" />
          <div className="min-w-0 flex-1">
            <p className="font-medium">Stop all</p>
            <p className="text-sm text-soft">Pauses, and ends everything that runs now.</p>
          </div>
          <Button look="danger" small onClick={() => setAsks(true)}>
            Stop all…
          </Button>
        </div>
      </div>
      {(set.error ?? brakes.error) !== null && <ErrorCard thrown={set.error ?? brakes.error} />}
    </Dialog>
  )
}

interface BrakeProps {
  icon: ReactNode
  title: string
  text: string
  isOn: boolean
  busy: boolean
  onSet: (isOn: boolean) => void
}

function Brake({ icon, title, text, isOn, busy, onSet }: BrakeProps) {
  return (
    <div className="flex items-start gap-3 py-3">
      <span className={clsx('mt-0.5 [&>svg]:size-4.5', isOn ? 'text-waiting' : 'text-faint')}>{icon}</span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="text-sm text-soft">{text}</p>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-label={title === 'Paused' ? 'Pause' : title}
        disabled={busy}
        onClick={() => onSet(!isOn)}
        className={clsx(
          'relative mt-0.5 h-6 w-10 shrink-0 rounded-full border transition-colors duration-100',
          isOn ? 'border-waiting bg-waiting' : 'border-edge bg-sunken',
        )}
      >
        <span
          className={clsx(
            'absolute top-1/2 size-4 -translate-y-1/2 rounded-full',
            isOn ? 'right-1 bg-surface' : 'left-1 bg-faint',
          )}
        />
      </button>
    </div>
  )
}

/** Says first what it would end. */
function StopAll({ open, onClose }: { open: boolean; onClose: (isDone: boolean) => void }) {
  const tasks = useQuery({ queryKey: ['tasks', 'open'], queryFn: openTasks, enabled: open, refetchInterval: 3_000 })
  const stop = useStopAll()
  const toasts = useToasts()
  return (
    <Dialog
      open={open}
      onClose={() => onClose(false)}
      title={tasks.data === undefined ? 'Stop all?' : stopTitle(tasks.data)}
      description="Everything is asked to end, and killed if it does not. What it has done by then stays done. Then Maestro is paused until you let it go on."
      footer={
        <>
          <Button onClick={() => onClose(false)}>Keep them</Button>
          <Button
            look="danger"
            icon={<OctagonX className="size-4" />}
            disabled={stop.isPending || tasks.data === undefined}
            onClick={() =>
              stop.mutate(undefined, {
                onSuccess: () => {
                  toasts.say('Asked everything to stop, and paused')
                  onClose(true)
                },
              })
            }
          >
            Stop all and pause
          </Button>
        </>
      }
    >
      {tasks.data !== undefined && tasks.data.length > 0 && (
        <ul aria-label="What it stops" className="max-h-56 overflow-y-auto">
          {tasks.data.map((task) => (
            <li
              key={task.id}
              className="flex items-baseline justify-between gap-3 border-b border-line py-1.5 last:border-b-0"
            >
              <span className={clsx('min-w-0 truncate', task.kind === 'command' && 'font-mono text-xs')}>
                {task.title}
              </span>
              <Ago at={task.createdAt} className="text-xs text-faint" />
            </li>
          ))}
        </ul>
      )}
      {(stop.error ?? tasks.error) !== null && <ErrorCard thrown={stop.error ?? tasks.error} />}
    </Dialog>
  )
}

function stopTitle(tasks: readonly Task[]): string {
  const runs = tasks.filter((task) => task.kind === 'run').length
  const commands = tasks.length - runs
  const parts = [...(runs === 0 ? [] : [plural(runs, 'run')]), ...(commands === 0 ? [] : [plural(commands, 'command')])]
  return parts.length === 0 ? 'Nothing runs now. Pause?' : `Stop ${parts.join(' and ')}?`
}
