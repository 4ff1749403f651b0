// The adapter of the rehearsal agent: offline, without a key, honest about being no model. For the
// sample workflow, for trying out limits and failures, and for every test that needs a real process.

import path from 'node:path'
import { z } from 'zod'
import { MaestroError } from '#src/core/index.ts'
import type { AgentAdapter, LaunchPlan, TurnInput } from '../adapter.ts'
import { interpretFake } from './interpret.ts'

export interface FakeAdapterOptions {
  /** Absolute path of a Node binary: the agent's program. */
  readonly nodePath: string
  /** Absolute path of fake-agent.mjs. */
  readonly scriptPath: string
  readonly baseEnv: Readonly<Record<string, string>>
}

const Conversation = z.looseObject({ id: z.string() })

export function createFakeAdapter(options: FakeAdapterOptions): AgentAdapter {
  return {
    id: 'fake',
    title: 'Rehearsal agent',
    capabilities: {
      needsModel: false,
      usageIsCumulative: true,
      reportsCost: true,
      modes: ['plan', 'edit', 'full'],
      mcp: true,
    },
    probe: async () => ({
      installed: true,
      path: options.nodePath,
      version: process.versions.node,
      supported: true,
      problems: [],
    }),
    plan: (input) => planFake(input, options),
    interpreter: interpretFake,
    async checkpoint(input, _binary, outcome, exec) {
      const argv = ['cat', conversationFile(input)] as const
      const result = await exec({ argv, env: options.baseEnv, timeoutMs: 10_000, maxBytes: 64 * 1024 * 1024 })
      const conversation = Conversation.safeParse(parseJson(result.stdout))
      if (result.exitCode !== 0 || !conversation.success) {
        throw new MaestroError('corrupt_data', 'the rehearsal’s conversation could not be read', {
          hint: 'run the step again',
        })
      }
      const { id } = conversation.data
      return { adapter: 'fake', sessionId: id, cumulative: outcome.cumulative, data: result.stdout }
    },
  }
}

const conversationFile = (input: TurnInput): string => path.join(input.rootDir, 'conversation.json')

function planFake(input: TurnInput, options: FakeAdapterOptions): LaunchPlan {
  const names = input.mcpServers.map((server) => server.name).join(',')
  return {
    argv: [
      options.nodePath,
      options.scriptPath,
      '--root',
      input.rootDir,
      ...(input.model === null ? [] : ['--model', input.model.model]),
      ...(names === '' ? [] : ['--mcp', names]),
    ],
    env: { ...options.baseEnv, HOME: input.rootDir },
    cwd: input.cwd,
    stdin: input.prompt,
    files: input.checkpoint === null ? [] : [{ path: conversationFile(input), content: input.checkpoint.data }],
    before: [],
    withSession: null,
    stop: { signal: 'TERM', graceMs: 1_000 },
    secrets: [],
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
