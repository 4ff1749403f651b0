// Stop, Resume and Re-run, wherever a run is shown, and what a run waits for. Which actions are there comes
// from the table of states.

import { useNavigate } from '@tanstack/react-router'
import { Play, RotateCcw, Square } from 'lucide-react'
import type { RunSummary } from '#src/workflows/contract.ts'
import { route } from '../api/paths.ts'
import { useRunDo } from '../api/queries.ts'
import { TroubleCard } from './bits.tsx'
import { Button } from './button.tsx'
import { runCan } from './status.ts'
import { useToasts } from './toast.tsx'

interface RunActionsProps {
  run: RunSummary
  small?: boolean
  /** Where there is room for one only. */
  only?: 'resume'
}

export function RunActions({ run, small = false, only }: RunActionsProps) {
  const act = useRunDo()
  const toasts = useToasts()
  const navigate = useNavigate()
  const stopping = run.stopRequestedAt !== null && run.endedAt === null

  const go = (verb: 'cancel' | 'resume' | 'rerun') =>
    act.mutate(
      { id: run.id, verb },
      {
        onError: (thrown) => toasts.fail(thrown),
        onSuccess: (next) => {
          if (verb === 'rerun') void navigate({ to: route.run, params: { id: next.id } })
        },
      },
    )

  return (
    <>
      {runCan.resume(run) && (
        <Button
          small={small}
          look="primary"
          icon={<Play className="size-4" />}
          disabled={act.isPending}
          onClick={() => go('resume')}
        >
          Resume
        </Button>
      )}
      {only === undefined && runCan.stop(run) && (
        <Button
          small={small}
          look="danger"
          icon={<Square className="size-3.5 fill-current" />}
          disabled={act.isPending}
          onClick={() => go('cancel')}
        >
          {run.status === 'waiting' ? 'Cancel run' : 'Stop'}
        </Button>
      )}
      {stopping && (
        <Button small={small} because="Asked to stop; it ends as soon as its process has gone.">
          Stopping
        </Button>
      )}
      {only === undefined && runCan.rerun(run) && (
        <Button
          small={small}
          look="primary"
          icon={<RotateCcw className="size-4" />}
          disabled={act.isPending}
          onClick={() => go('rerun')}
        >
          Re-run
        </Button>
      )}
    </>
  )
}

/** What a parked run waits for, and both ways on. */
export function WaitingCard({ run }: { run: RunSummary }) {
  return (
    <TroubleCard
      tone="waiting"
      title={run.waitingFor === null ? 'This run waits for you' : 'This run waits'}
      detail={run.waitingFor ?? 'It goes on when you say so.'}
      action={<RunActions run={run} />}
    />
  )
}

/** Takes over the results before that step (0-based) and goes on from it. */
export function RerunFrom({ run, step }: { run: RunSummary; step: number }) {
  const act = useRunDo()
  const toasts = useToasts()
  const navigate = useNavigate()
  return (
    <Button
      small
      look="quiet"
      icon={<RotateCcw className="size-3.5" />}
      disabled={act.isPending}
      className="-ml-2"
      onClick={() =>
        act.mutate(
          { id: run.id, verb: 'rerun', fromStep: step },
          {
            onError: (thrown) => toasts.fail(thrown),
            onSuccess: (next) => void navigate({ to: route.run, params: { id: next.id } }),
          },
        )
      }
    >
      Re-run from here
    </Button>
  )
}
