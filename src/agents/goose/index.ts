// The adapter for Goose (headless `goose run`).

import type { AgentAdapter } from '../adapter.ts'
import { exportGoose } from './checkpoint.ts'
import { interpretGoose } from './interpret.ts'
import { planGoose, type GooseOptions } from './plan.ts'
import { probeGoose } from './probe.ts'

export type { GooseOptions } from './plan.ts'

export interface GooseAdapterOptions extends GooseOptions {
  /** Where Goose is, if anywhere: locate.ts. */
  readonly locate: () => Promise<string | undefined>
}

export function createGooseAdapter(options: GooseAdapterOptions): AgentAdapter {
  return {
    id: 'goose',
    title: 'Goose',
    // Comes with the state machine and reads help texts; no setting turns it off.
    unaskedTools: ['load_skill'],
    capabilities: {
      needsModel: true,
      usageIsCumulative: true,
      reportsCost: true,
      // No "edit": without a terminal, Goose either runs every tool or has none.
      modes: ['plan', 'full'],
      mcp: true,
    },
    probe: async (exec) => probeGoose(await options.locate(), exec, options.baseEnv),
    plan: (input, binary) => planGoose(input, binary, options),
    interpreter: interpretGoose,
    checkpoint: (input, binary, outcome, exec) => exportGoose(input, binary, outcome, exec, options.baseEnv),
  }
}
