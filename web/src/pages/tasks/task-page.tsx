// A command: what was run, where, by whom and how it ended; below it what it prints, live. A run has its own page.

import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import type { CommandRecord } from '#src/fleet/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import { route } from '../../api/paths.ts'
import { commandQuery, taskQuery, type Stream } from '../../api/tasks.ts'
import { Page } from '../../app/page.tsx'
import { bytes, firstLine } from '../../lib/format.ts'
import { ErrorCard, Skeleton, TroubleCard } from '../../ui/bits.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { isActive, isTrouble, states } from '../../ui/status.ts'
import { hostOf } from './filter.ts'
import { TaskActions } from './task-actions.tsx'
import { TaskFacts } from './task-facts.tsx'
import { Terminal } from './terminal.tsx'
import { useDownload } from './use-download.ts'
import { useGrowth } from './use-growth.ts'
import { useOutput } from './use-output.ts'

export function TaskPage() {
  const { id } = useParams({ from: route.task })
  const task = useQuery(taskQuery(id))
  const record = useQuery({ ...commandQuery(id), enabled: task.data?.kind === 'command' })
  if (task.data !== undefined && task.data.kind !== 'command')
    return <Navigate to={route.run} params={{ id: task.data.rootId }} replace />
  return (
    <Page
      fill
      title={task.data === undefined ? 'Task' : firstLine(record.data?.command ?? task.data.title, 80)}
      crumb={
        <Link to={route.tasks} aria-label="To the tasks" className={`${buttonClass('quiet')} -ml-2 !size-8 !px-0`}>
          <ArrowLeft className="size-4" />
        </Link>
      }
      actions={task.data !== undefined && <TaskActions task={task.data} record={record.data} />}
    >
      {task.data !== undefined ? (
        <Command key={id} task={task.data} record={record.data} />
      ) : (
        <div className="p-6">
          {task.error === null ? <Skeleton /> : <ErrorCard thrown={task.error} onRetry={() => void task.refetch()} />}
        </div>
      )}
    </Page>
  )
}

const names: Record<Stream, string> = { stdout: 'Output', stderr: 'Errors' }

function Command({ task, record }: { task: Task; record: CommandRecord | undefined }) {
  const growth = useGrowth(task.id)
  const [chosen, setChosen] = useState<Stream>()
  const sizes = {
    stdout: Math.max(growth.stdout, record?.bytes.stdout ?? 0),
    stderr: Math.max(growth.stderr, record?.bytes.stderr ?? 0),
  }
  // What only complains is shown complaining.
  const stream = chosen ?? (sizes.stdout === 0 && sizes.stderr > 0 ? 'stderr' : 'stdout')
  const isLive = isActive(task.status)
  const output = useOutput(task.id, stream, growth[stream], growth.ended || !isLive)
  const { save, progress } = useDownload(task.id, stream)
  const lost = record === undefined ? 0 : record.bytes[stream] - record.kept_bytes[stream]

  return (
    <>
      <div className="flex max-h-[55%] shrink-0 flex-col gap-3 overflow-y-auto border-b border-line px-4 py-3 md:px-6">
        <TaskFacts task={task} record={record} />
        {task.error !== null && isTrouble(task.status) && record?.exit_code == null && (
          <TroubleCard title={states[task.status].word} detail={task.error.message} hint={task.error.hint} />
        )}
        {task.status === 'waiting' && (
          <TroubleCard tone="waiting" title="It waits" detail={task.waitingFor ?? 'It goes on by itself.'} />
        )}
      </div>
      <Terminal
        key={stream}
        output={output}
        name={names[stream]}
        isLive={isLive}
        empty={emptyWords(stream, isLive, record?.kept_bytes[stream] ?? 0)}
        before={
          <>
            <Segments
              label="What it prints"
              value={stream}
              options={[
                ['stdout', <Sized key="stdout" name={names.stdout} size={sizes.stdout} />],
                ['stderr', <Sized key="stderr" name={names.stderr} size={sizes.stderr} />],
              ]}
              onChange={setChosen}
            />
            {lost > 0 && <span className="text-xs text-waiting">{bytes(lost)} were over the limit, and not kept</span>}
          </>
        }
        downloading={progress}
        onDownload={() => void save(`${hostOf(task) ?? 'task'}-${task.id.slice(-8)}-${stream}.txt`)}
      />
    </>
  )
}

function emptyWords(stream: Stream, isLive: boolean, kept: number): string {
  if (isLive) return 'Nothing printed yet.'
  if (kept > 0)
    return `The ${bytes(kept)} it printed are no longer kept: output goes after some days, the oldest first.`
  return stream === 'stdout' ? 'It printed nothing.' : 'It complained of nothing.'
}

function Sized({ name, size }: { name: string; size: number }) {
  return (
    <>
      {name}
      {size > 0 && <span className="ml-1.5 font-normal text-faint max-sm:hidden">{bytes(size)}</span>}
    </>
  )
}
