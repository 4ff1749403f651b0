// All workflows: what they are, how they went, and Run now.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Copy, Ellipsis, Pencil, Play, Plus, Search, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { client } from '../../api/api.ts'
import { newWorkflow, route } from '../../api/paths.ts'
import { useDeleteWorkflow, useSaveWorkflow, useStartRun, workflowsQuery } from '../../api/queries.ts'
import { Page } from '../../app/page.tsx'
import { plural } from '../../lib/format.ts'
import { Ago, Chip, Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { RunDots } from '../../ui/run-dots.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { inputOf } from '../editor/draft.ts'

export function WorkflowsPage() {
  const workflows = useQuery(workflowsQuery)
  const { q = '' } = useSearch({ from: '/workflows' })
  const navigate = useNavigate()
  const wanted = q.trim().toLowerCase()
  const shown = workflows.data?.filter((each) =>
    `${each.path} ${each.name} ${each.description ?? ''} ${each.agents.join(' ')}`.toLowerCase().includes(wanted),
  )

  return (
    <Page
      title="Workflows"
      actions={
        <Link to={route.workflow} params={{ id: newWorkflow }} className={buttonClass('primary')}>
          <Plus className="size-4" /> New workflow
        </Link>
      }
    >
      <div className="mx-auto max-w-6xl px-4 py-4 md:px-6">
        {workflows.data !== undefined && workflows.data.length > 0 && (
          <div className="relative mb-3 max-w-sm">
            <Search className="pointer-events-none absolute left-3 top-1/2 size-4 -translate-y-1/2 text-faint" />
            <input
              data-search
              type="search"
              aria-label="Search workflows"
              placeholder="Search workflows"
              className="field !pl-9"
              value={q}
              onChange={(event) =>
                void navigate({
                  to: '.',
                  search: event.target.value === '' ? {} : { q: event.target.value },
                  replace: true,
                })
              }
            />
          </div>
        )}
        {workflows.error !== null && workflows.data === undefined && (
          <ErrorCard thrown={workflows.error} onRetry={() => void workflows.refetch()} />
        )}
        {workflows.isPending && <Skeleton rows={5} className="h-16" />}
        {shown !== undefined && shown.length > 0 && (
          <ul aria-label="Workflows" className="panel divide-y divide-line">
            {shown.map((workflow) => (
              <Row key={workflow.id} workflow={workflow} names={workflows.data?.map((each) => each.name) ?? []} />
            ))}
          </ul>
        )}
        {workflows.data?.length === 0 && (
          <Empty
            title="No workflows yet"
            action={
              <Link to={route.workflow} params={{ id: newWorkflow }} className={buttonClass('primary')}>
                Write the first one
              </Link>
            }
          >
            A workflow is a list of prompts that an agent works through in one conversation.
          </Empty>
        )}
        {shown?.length === 0 && wanted !== '' && (
          <Empty title={`Nothing matches "${q}"`}>Names, descriptions, folders and agents are searched.</Empty>
        )}
      </div>
    </Page>
  )
}

function Row({ workflow, names }: { workflow: WorkflowSummary; names: readonly string[] }) {
  const start = useStartRun()
  const save = useSaveWorkflow()
  const toasts = useToasts()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const last = workflow.lastRuns[0]

  const runNow = () =>
    start.mutate(workflow.id, {
      onSuccess: (run) => void navigate({ to: route.run, params: { id: run.id } }),
      onError: (thrown) => toasts.fail(thrown),
    })

  async function duplicate() {
    try {
      const input = inputOf(await client.workflow(workflow.id))
      const copy = await save.mutateAsync({
        id: undefined,
        input: { ...input, name: copyName(workflow.name, names) },
        ifVersion: '',
      })
      await navigate({ to: route.workflow, params: { id: copy.id } })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  return (
    <li className="group relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover lg:grid-cols-[minmax(0,1fr)_180px_110px_auto]">
      <div className="min-w-0">
        <Link
          to={route.workflow}
          params={{ id: workflow.id }}
          className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-brass-line"
        >
          {workflow.path !== '' && <span className="text-faint">{workflow.path} / </span>}
          {workflow.name}
        </Link>
        <p className="truncate text-sm text-soft">{workflow.description ?? ''}</p>
        <div className="mt-1 flex flex-wrap gap-1">
          <Chip>{plural(workflow.stepCount, 'step')}</Chip>
          {workflow.agents.map((agent) => (
            <Chip key={agent}>{agent}</Chip>
          ))}
          {workflow.models.map((model) =>
            model === null ? null : (
              <Chip key={model} mono>
                {model.split('/').at(-1)}
              </Chip>
            ),
          )}
        </div>
      </div>
      <div className="relative z-1 max-lg:col-start-1 max-lg:row-start-2">
        <RunDots runs={workflow.lastRuns} />
      </div>
      <p className="text-sm text-faint max-lg:hidden">{last === undefined ? '' : <Ago at={last.createdAt} />}</p>
      <div className="relative z-1 flex items-center gap-1 max-lg:col-start-2 max-lg:row-span-2 max-lg:row-start-1">
        <Button
          small
          icon={<Play className="size-3.5" />}
          disabled={start.isPending}
          onClick={runNow}
          aria-label={`Run now: ${workflow.name}`}
        >
          Run now
        </Button>
        <Menu
          trigger={
            <IconButton label={`More for ${workflow.name}`}>
              <Ellipsis />
            </IconButton>
          }
          items={[
            {
              label: 'Edit',
              icon: <Pencil />,
              onSelect: () => void navigate({ to: route.workflow, params: { id: workflow.id } }),
            },
            { label: 'Duplicate', icon: <Copy />, onSelect: () => void duplicate() },
            { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => setDeleting(true) },
          ]}
        />
      </div>
      <DeleteWorkflow workflow={workflow} open={deleting} onClose={() => setDeleting(false)} />
    </li>
  )
}

/** Names the workflow and what stays; afterwards Undo writes the same workflow again, under a new id. */
function DeleteWorkflow({
  workflow,
  open,
  onClose,
}: {
  workflow: WorkflowSummary
  open: boolean
  onClose: () => void
}) {
  const remove = useDeleteWorkflow()
  const save = useSaveWorkflow()
  const toasts = useToasts()

  async function onConfirm() {
    try {
      const kept = inputOf(await client.workflow(workflow.id))
      await remove.mutateAsync(workflow.id)
      onClose()
      toasts.say(`Deleted "${workflow.name}"`, {
        label: 'Undo',
        run: () =>
          save.mutate({ id: undefined, input: kept, ifVersion: '' }, { onError: (thrown) => toasts.fail(thrown) }),
      })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={`Delete "${workflow.name}"?`}
      consequence={`Its ${plural(workflow.stepCount, 'step')} are removed. Runs that were recorded stay in Runs.`}
      verb="Delete workflow"
      busy={remove.isPending}
      onConfirm={() => void onConfirm()}
    />
  )
}

function copyName(name: string, taken: readonly string[]): string {
  let copy = `${name} (copy)`
  for (let count = 2; taken.includes(copy); count++) copy = `${name} (copy ${count})`
  return copy
}
