// Stopping a command, and running it again: as it was, for a person to look at first.

import { RotateCcw, Square } from 'lucide-react'
import { useState } from 'react'
import type { CommandRecord } from '#src/fleet/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import { useCancelTask } from '../../api/tasks.ts'
import { firstLine } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { isActive, runCan } from '../../ui/status.ts'
import { useToasts } from '../../ui/toast.tsx'
import { RunCommand } from './run-command.tsx'

export function TaskActions({ task, record }: { task: Task; record: CommandRecord | undefined }) {
  const cancel = useCancelTask()
  const toasts = useToasts()
  const [asks, setAsks] = useState<'stop' | 'again'>()
  const close = () => setAsks(undefined)
  const canRepeat = record?.tool === 'maestro_exec' && !isActive(task.status)

  return (
    <>
      {runCan.stop(task) && (
        <Button look="danger" icon={<Square className="size-3.5 fill-current" />} onClick={() => setAsks('stop')}>
          Stop
        </Button>
      )}
      {isActive(task.status) && task.stopRequestedAt !== null && (
        <Button because="Asked to stop; it ends as soon as its processes have gone.">Stopping</Button>
      )}
      {canRepeat && (
        <Button icon={<RotateCcw className="size-4" />} onClick={() => setAsks('again')}>
          Run again
        </Button>
      )}
      {asks === 'stop' && (
        <Confirm
          open
          onClose={close}
          title="Stop this command?"
          consequence={`${firstLine(record?.command ?? task.title, 80)} is asked to end, and killed if it does not. What it has done by then stays done.`}
          verb="Stop it"
          busy={cancel.isPending}
          onConfirm={() =>
            cancel.mutate(task.id, {
              onSuccess: close,
              onError: (thrown) => {
                close()
                toasts.fail(thrown)
              },
            })
          }
        />
      )}
      {asks === 'again' && record !== undefined && (
        <RunCommand
          onClose={close}
          from={{ host: record.host, command: record.command, cwd: record.cwd, timeoutSec: record.timeout_s }}
        />
      )}
    </>
  )
}
