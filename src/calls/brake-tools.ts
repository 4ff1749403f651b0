// The brakes as tools: pause, read-only, and stopping everything at once.

import { z } from 'zod'
import { type AnyTool, defineTool, MaestroError } from '#src/core/index.ts'
import type { Task } from '#src/tasks/contract.ts'
import { Brakes, BrakesChange, StopAll } from './contract.ts'
import type { Control } from './control.ts'

export interface BrakeToolsDeps {
  readonly control: Control
  readonly tasks: {
    list(filter: {
      status: readonly Task['status'][]
      limit: number
      cursor?: string
    }): Promise<{ items: Task[]; next: string | null }>
    requestStop(id: string, reason: string): Promise<Task>
  }
}

const pageSize = 500

export function brakeTools({ control, tasks }: BrakeToolsDeps): AnyTool[] {
  /** Roots only: what is below them stops with them. */
  async function stopOpenRoots(): Promise<StopAll['asked']> {
    const asked = { runs: 0, commands: 0 }
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = await tasks.list({
        status: ['queued', 'running', 'waiting'],
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const task of page.items) {
        if (task.parentId !== null) continue
        await tasks.requestStop(task.id, 'everything was stopped by a person')
        if (task.kind === 'command') asked.commands += 1
        else asked.runs += 1
      }
      cursor = page.next
    }
    return asked
  }

  return [
    defineTool({
      name: 'brakes_get',
      title: 'See the brakes',
      description: 'Is Maestro paused, or read-only for agents; since when and by whom.',
      effect: 'read',
      scope: 'brakes:read',
      input: z.object({}),
      output: Brakes,
      http: { method: 'get', path: '/brakes' },
      subject: () => [],
      run: () => control.brakes(),
    }),
    defineTool({
      name: 'brakes_set',
      title: 'Pause, or let go on',
      description:
        'paused: no queued run is taken up, no command starts, agents change nothing; what is under way goes on. readOnly: agents may only read. Both hold on every node at once.',
      effect: 'write',
      scope: 'brakes:write',
      input: BrakesChange,
      output: Brakes,
      http: { method: 'put', path: '/brakes' },
      subject: ({ paused, readOnly }) => [
        ...(paused === undefined ? [] : [`brakes:paused:${paused}`]),
        ...(readOnly === undefined ? [] : [`brakes:read-only:${readOnly}`]),
      ],
      async run(ctx, change) {
        if (change.paused === undefined && change.readOnly === undefined) {
          throw new MaestroError('invalid_input', 'neither paused nor readOnly is given', {
            hint: 'give at least one of them: true or false',
          })
        }
        return control.setBrakes(ctx.actor, change)
      },
    }),
    defineTool({
      name: 'stop_all',
      title: 'Stop everything',
      description:
        'Pauses Maestro, then asks every run and command that is queued, waiting or running to stop. The server itself goes on.',
      effect: 'destructive',
      scope: 'brakes:write',
      input: z.object({}),
      output: StopAll,
      http: { method: 'post', path: '/brakes/stop-all' },
      subject: () => ['brakes:stop-all'],
      async run(ctx) {
        // First, so that nothing begins behind the list.
        const brakes = await control.setBrakes(ctx.actor, { paused: true })
        return { brakes, asked: await stopOpenRoots() }
      },
    }),
  ]
}
