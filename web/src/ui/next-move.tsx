// The one button that does the next thing about a failure.

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { TaskError } from '#src/tasks/contract.ts'
import type { RunSummary } from '#src/workflows/contract.ts'
import { route } from '../api/paths.ts'
import { buttonClass } from './button.tsx'
import { RunActions } from './run-actions.tsx'

export function nextMove(error: TaskError | null, run: RunSummary): ReactNode {
  switch (error?.kind) {
    case 'auth':
    case 'credits':
      return (
        <Link to={route.models} className={buttonClass('primary', true)}>
          Open the keys
        </Link>
      )
    case 'mcp_unavailable':
      return (
        <Link to={route.mcpServers} className={buttonClass('primary', true)}>
          Open MCP Servers
        </Link>
      )
    case 'budget':
      return (
        <Link to={route.models} className={buttonClass('primary', true)}>
          Open the budget
        </Link>
      )
    case 'not_installed':
      return (
        <Link to={route.agents} className={buttonClass('primary', true)}>
          Install the agent
        </Link>
      )
    case 'model_not_found':
    case 'bad_usage':
    case 'bad_request':
    case 'permission_denied':
    case 'max_turns':
    case 'wall_timeout':
    case 'idle_timeout':
      return (
        <Link to={route.workflow} params={{ id: run.workflowId }} className={buttonClass('primary', true)}>
          Edit the workflow
        </Link>
      )
    default:
      return <RunActions run={run} small />
  }
}
