// All tools of the room, for `app`.

import type { AnyTool, Clock } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { createCallsRepo, toModelCall } from './gateway/calls-repo.ts'
import type { Outgoing } from './gateway/outgoing.ts'
import type { Models } from './models.ts'
import { moneyTools } from './money-tools.ts'
import { createProviderCheck } from './provider-check.ts'
import { providerTools } from './provider-tools.ts'
import { secretTools } from './secret-tools.ts'
import { viewSpend } from './spend.ts'
import { modelTools } from './model-tools.ts'

export interface LlmToolDeps {
  readonly models: Models
  readonly store: Pick<Store, 'db' | 'tx'>
  readonly outgoing: Outgoing
  readonly clock: Clock
}

const maxCalls = 5_000

export function llmTools({ models, store, outgoing, clock }: LlmToolDeps): AnyTool[] {
  const repo = createCallsRepo(store)
  return [
    ...modelTools(models),
    ...providerTools(models, createProviderCheck({ providers: models, outgoing, clock })),
    ...secretTools(models),
    ...moneyTools({
      budget: () => repo.budget(),
      async setBudget(budget) {
        await repo.setBudget(budget)
        return repo.budget()
      },
      spend: (days) => viewSpend({ store, budget: () => repo.budget(), clock }, days),
      callsOf: async (runId) => (await repo.callsOfRun(runId, maxCalls)).map(toModelCall),
    }),
  ]
}
