// What is known of a command, in one line of figures, and the command itself as it ran.

import type { ReactNode } from 'react'
import type { CommandRecord } from '#src/fleet/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import { actorWords } from '../../lib/actor.ts'
import { shortId } from '../../lib/format.ts'
import { spanText } from '../../lib/span.ts'
import { Ago, CopyButton } from '../../ui/bits.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { isActive } from '../../ui/status.ts'
import { Elapsed } from '../run/step.tsx'
import { hostOf } from './filter.ts'

export function TaskFacts({ task, record }: { task: Task; record: CommandRecord | undefined }) {
  const stopping = task.stopRequestedAt !== null && task.endedAt === null
  const end = endWords(record)
  const host = record?.host ?? hostOf(task)
  return (
    <>
      <dl className="flex flex-wrap items-center gap-x-6 gap-y-1 text-sm">
        <Fact name="State">
          <StatusWord status={task.status} stopping={stopping} />
          {end !== undefined && <span className="ml-2 text-soft">{end}</span>}
        </Fact>
        {host !== undefined && <Fact name="Host">{host}</Fact>}
        {record?.cwd != null && (
          <Fact name="Folder">
            <span className="font-mono text-xs wrap-anywhere">{record.cwd}</span>
          </Fact>
        )}
        <Fact name={isActive(task.status) ? 'So far' : 'Took'}>
          {task.startedAt === null ? (
            'not started'
          ) : (
            <Elapsed from={task.startedAt} to={task.endedAt} ticks={isActive(task.status)} />
          )}
          {record !== undefined && (
            <span className="text-faint">
              {record.timeout_s === null
                ? ',\u00a0no limit'
                : `\u00a0of at most ${spanText(Math.round(record.timeout_s))}`}
            </span>
          )}
        </Fact>
        <Fact name="Started">
          <span>
            {actorWords(task.startedBy)}, <Ago at={task.createdAt} />
          </span>
        </Fact>
        <Fact name="Task">
          <span className="font-mono text-xs text-soft">{shortId(task.id)}</span>
          <span className="-my-2">
            <CopyButton label="Copy the task's id" text={() => task.id} />
          </span>
        </Fact>
      </dl>
      {stopping && (
        <p role="status" className="text-sm text-soft">
          Asked to stop <Ago at={task.stopRequestedAt ?? 0} />. It ends as soon as its processes have gone; what does
          not listen is killed.
        </p>
      )}
      <div className="flex items-start gap-1 rounded-lg bg-sunken py-0.5 pl-3 pr-1">
        <pre
          tabIndex={0}
          aria-label="Command"
          className="max-h-40 min-w-0 flex-1 overflow-auto py-1.5 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
        >
          {record?.interpreter != null && (
            <span className="text-faint select-none">
              {record.interpreter}
              {'\n'}
            </span>
          )}
          {record?.command ?? task.title}
        </pre>
        <CopyButton label="Copy the command" text={() => record?.command ?? task.title} />
      </div>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-6 min-w-0 items-center gap-2">
      <dt className="text-faint">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center">{children}</dd>
    </div>
  )
}

function endWords(record: CommandRecord | undefined): string | undefined {
  if (record?.signal != null) return `ended by ${record.signal}`
  if (record?.exit_code != null) return `exit code ${record.exit_code}`
  return undefined
}
