// The hosts there are, as tools.

import { z } from 'zod'
import { type AnyTool, defineTool, listOf } from '#src/core/index.ts'
import { HostInfo } from '../contract.ts'
import type { Hosts } from '../host.ts'

const HostStatus = z.object({
  hosts: z.record(
    z.string(),
    z.object({ status: HostInfo.shape.status, local: z.boolean(), error: z.string().optional() }),
  ),
  /** How many can be used now. */
  available: z.int().nonnegative(),
  total: z.int().nonnegative(),
})

export function hostTools(hosts: Hosts): AnyTool[] {
  return [
    defineTool({
      name: 'maestro_hosts',
      title: 'List hosts',
      description:
        'The machines that commands and files can be worked with: name, tags, system, shell, state, where commands begin, where files may be read and written.',
      effect: 'read',
      scope: 'hosts:read',
      input: z.object({}),
      output: listOf(HostInfo),
      http: { method: 'get', path: '/hosts' },
      mcp: {
        profiles: ['default', 'core'],
        brief: ({ items }) =>
          items
            .map(
              (host) =>
                `${host.name}: ${host.status}, ${host.os ?? 'unknown system'}, ${host.shell}${tagsOf(host.tags)}`,
            )
            .join('\n'),
      },
      subject: () => [],
      run: async () => ({ items: hosts.list().map((host) => host.info()) }),
    }),
    defineTool({
      name: 'maestro_status',
      title: 'State of the hosts',
      description: 'Which hosts can be reached: a state for each, how many are available, how many there are.',
      effect: 'read',
      scope: 'hosts:read',
      input: z.object({}),
      output: HostStatus,
      mcp: {
        profiles: ['default', 'compat'],
        brief: ({ hosts: states, available, total }) =>
          [
            ...Object.entries(states).map(
              ([name, state]) =>
                `${name}: ${state.local ? 'local' : state.status}${state.error === undefined ? '' : ` (${state.error})`}`,
            ),
            `${available}/${total} hosts available`,
          ].join('\n'),
      },
      subject: () => [],
      run: async () => {
        const all = hosts.list().map((host) => host.info())
        return {
          hosts: Object.fromEntries(
            all.map((host) => [
              host.name,
              {
                status: host.status,
                local: host.is_local,
                ...(host.last_error === null ? {} : { error: host.last_error }),
              },
            ]),
          ),
          available: all.filter(({ status }) => status === 'connected' || status === 'reconnected').length,
          total: all.length,
        }
      },
    }),
  ]
}

const tagsOf = (tags: readonly string[]): string => (tags.length === 0 ? '' : `, tags ${tags.join(' ')}`)
