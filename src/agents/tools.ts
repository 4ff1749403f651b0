// Agents as tools: which there are, and fetching one.

import { type AnyTool, defineTool, listOf, Slug } from '#src/core/index.ts'
import { z } from 'zod'
import { AgentInfo, AgentInstall } from './contract.ts'
import type { Installs } from './installs.ts'
import type { AgentList } from './list-agents.ts'

const AgentRef = z.object({ agentId: Slug })

export function agentTools(agents: AgentList, installs: Installs): AnyTool[] {
  return [
    defineTool({
      name: 'agent_list',
      title: 'List agents',
      description: 'The agent CLIs Maestro can conduct: installed or not, version, what is missing and how to get it.',
      effect: 'read',
      scope: 'agents:read',
      input: z.object({ fresh: z.boolean().default(false).describe('look again instead of within the last 30 s') }),
      output: listOf(AgentInfo),
      http: { method: 'get', path: '/agents' },
      subject: () => [],
      run: async (_ctx, { fresh }) => ({ items: await agents.listAgents({ fresh }) }),
    }),
    defineTool({
      name: 'agent_install',
      title: 'Install an agent',
      description: 'Fetches an agent CLI into the data folder, pinned and tried out. Answers at once; watch its state.',
      effect: 'write',
      scope: 'agents:write',
      input: AgentRef,
      output: z.object({ started: z.literal(true) }),
      http: { method: 'post', path: '/agents/{agentId}/install', status: 202 },
      subject: ({ agentId }) => [`agent:${agentId}`],
      run: async (_ctx, { agentId }) => {
        installs.start(agentId)
        return { started: true as const }
      },
    }),
    defineTool({
      name: 'agent_install_state',
      title: 'Watch an installation',
      description: 'How far the installation of an agent is, with its lines.',
      effect: 'read',
      scope: 'agents:read',
      input: AgentRef,
      output: AgentInstall,
      http: { method: 'get', path: '/agents/{agentId}/install' },
      subject: ({ agentId }) => [`agent:${agentId}`],
      run: async (_ctx, { agentId }) => {
        const install = installs.state(agentId)
        if (install.state === 'done') await agents.listAgents({ fresh: true })
        return install
      },
    }),
  ]
}
