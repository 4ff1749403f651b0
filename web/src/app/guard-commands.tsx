// Commands of the palette about commands, agents and what holds them back.

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  Cable,
  Eye,
  OctagonX,
  Pause,
  Play,
  Plus,
  Scale,
  ShieldCheck,
  ShieldQuestionMark,
  SquareTerminal,
} from 'lucide-react'
import { route } from '../api/paths.ts'
import { brakesQuery, useSetBrakes, useWaitingCount } from '../api/policy.ts'
import { useToasts } from '../ui/toast.tsx'
import type { Command } from './use-commands.tsx'

export function useGuardCommands(openBrakes: () => void): Command[] {
  const navigate = useNavigate()
  const brakes = useQuery(brakesQuery).data
  const set = useSetBrakes()
  const toasts = useToasts()
  const waiting = useWaitingCount()

  // The palette is gone by the time of an answer: only a promise still hears it.
  async function put(next: { paused?: boolean; readOnly?: boolean }) {
    try {
      await set.mutateAsync(next)
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  const group = 'Do'
  return [
    {
      id: 'do:run-command',
      group,
      label: 'Run a command',
      words: 'exec shell terminal host',
      icon: <SquareTerminal />,
      run: () => navigate({ to: route.tasks, search: { run: true } }),
    },
    {
      id: 'do:approvals',
      group,
      label: 'Decide approvals',
      words: 'approve deny waiting yes',
      icon: <ShieldQuestionMark />,
      ...(waiting > 0 ? { aside: `${waiting} waiting` } : {}),
      run: () => navigate({ to: route.approvals }),
    },
    {
      id: 'go:/rules',
      group: 'Go to',
      label: 'Rules',
      words: 'policy allow deny ask agents open page',
      icon: <Scale />,
      run: () => navigate({ to: route.rules }),
    },
    {
      id: 'do:add-rule',
      group,
      label: 'Add a rule',
      words: 'policy allow deny ask',
      icon: <Plus />,
      run: () => navigate({ to: route.rules, search: { add: true } }),
    },
    {
      id: 'do:audit',
      group,
      label: 'Verify the audit log',
      words: 'chain hash record',
      icon: <ShieldCheck />,
      run: () => navigate({ to: route.audit }),
    },
    {
      id: 'do:connect',
      group,
      label: 'Connect a client',
      words: 'mcp claude codex cursor goose gemini vscode token',
      icon: <Cable />,
      run: () => navigate({ to: route.connect }),
    },
    brakes?.paused === true
      ? {
          id: 'do:unpause',
          group,
          label: 'Let everything go on',
          words: 'resume unpause brakes',
          icon: <Play />,
          run: () => put({ paused: false }),
        }
      : {
          id: 'do:pause',
          group,
          label: 'Pause everything',
          words: 'brakes hold stop',
          icon: <Pause />,
          run: () => put({ paused: true }),
        },
    {
      id: 'do:read-only',
      group,
      label: brakes?.readOnly === true ? 'Let agents change things again' : 'Read-only for agents',
      words: 'brakes',
      icon: <Eye />,
      run: () => put({ readOnly: brakes?.readOnly !== true }),
    },
    {
      id: 'do:stop-all',
      group,
      label: 'Stop all…',
      words: 'brakes emergency kill cancel',
      icon: <OctagonX />,
      keys: '!',
      run: openBrakes,
    },
  ]
}
