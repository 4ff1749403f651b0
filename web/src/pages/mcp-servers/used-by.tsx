// Which workflows give an MCP server to their prompts.

import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { route } from '../../api/paths.ts'
import { workflowQuery, workflowsQuery } from '../../api/queries.ts'

export function useUsers(serverId: string): WorkflowSummary[] {
  return useQuery(workflowsQuery).data?.filter((each) => each.mcpServerIds.includes(serverId)) ?? []
}

/** Names as links; `most` and then how many more. */
export function UsedBy({ serverId, most = 3 }: { serverId: string; most?: number }) {
  const users = useUsers(serverId)
  if (users.length === 0) return <span className="text-faint">No workflow uses it yet</span>
  return (
    <span className="text-soft">
      Used by{' '}
      {users.slice(0, most).map((workflow, at) => (
        <span key={workflow.id}>
          {at > 0 && ', '}
          <Link
            to={route.workflow}
            params={{ id: workflow.id }}
            className="font-medium text-ink underline decoration-edge underline-offset-2 hover:decoration-current"
          >
            {workflow.name}
          </Link>
        </span>
      ))}
      {users.length > most && ` and ${users.length - most} more`}
    </span>
  )
}

/** The prompts that have it, for who is about to take it away. */
export function PromptsUsing({ serverId }: { serverId: string }) {
  const users = useUsers(serverId)
  const whole = useQueries({ queries: users.map((user) => workflowQuery(user.id)) })
  if (users.length === 0) return null
  return (
    <ul className="flex list-disc flex-col gap-0.5 pl-5">
      {users.map((user, at) => {
        const prompts = whole[at]?.data?.steps.flatMap((step, index) =>
          step.mcpServerIds?.includes(serverId) === true ? [index + 1] : [],
        )
        return (
          <li key={user.id}>
            {user.name}
            {prompts !== undefined && prompts.length > 0 && (
              <span className="text-soft">
                , {prompts.length === 1 ? 'prompt' : 'prompts'} {prompts.join(', ')}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
