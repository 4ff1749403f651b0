// Money as tools: budgets, what was spent, and each call of a run.

import { type AnyTool, defineTool } from '#src/core/index.ts'
import { listOf } from '../core/contract.ts'
import { z } from 'zod'
import { Budget, ModelCall, Spend } from './contract.ts'

export interface Money {
  budget(): Promise<Budget>
  setBudget(budget: Budget): Promise<Budget>
  spend(days: number): Promise<Spend>
  callsOf(runId: string): Promise<ModelCall[]>
}

export function moneyTools(money: Money): AnyTool[] {
  return [
    defineTool({
      name: 'budget_get',
      title: 'Show the budgets',
      description:
        'The limits in US dollars for a calendar month (UTC) and for a run that names none; null is no limit.',
      effect: 'read',
      scope: 'models:read',
      input: z.object({}),
      output: Budget,
      http: { method: 'get', path: '/budget' },
      subject: () => [],
      run: () => money.budget(),
    }),
    defineTool({
      name: 'budget_set',
      title: 'Set the budgets',
      description:
        'Limits what models may cost, in a month and in a run. They count from the next call on, in runs under way too.',
      effect: 'write',
      scope: 'models:write',
      input: Budget,
      output: Budget,
      http: { method: 'put', path: '/budget' },
      subject: () => ['budget'],
      run: (_ctx, budget) => money.setBudget(budget),
    }),
    defineTool({
      name: 'spend_view',
      title: 'Show what was spent',
      description:
        'What model calls cost today, this month, and in the last days by day, model and workflow (UTC, US dollars). Calls whose cost nobody told are counted apart.',
      effect: 'read',
      scope: 'models:read',
      input: z.object({ days: z.int('a whole number from 1 to 366').min(1).max(366).default(30) }),
      output: Spend,
      http: { method: 'get', path: '/spend' },
      subject: () => [],
      run: (_ctx, { days }) => money.spend(days),
    }),
    defineTool({
      name: 'model_calls',
      title: 'List a run’s model calls',
      description:
        'Every call of a model that a run has made, oldest first, at most 5,000: tokens, cost, and how it ended.',
      effect: 'read',
      scope: 'runs:read',
      input: z.object({ runId: z.string().min(1).max(100) }),
      output: listOf(ModelCall),
      http: { method: 'get', path: '/runs/{runId}/model-calls' },
      subject: ({ runId }) => [`run:${runId}`],
      run: async (_ctx, { runId }) => ({ items: await money.callsOf(runId) }),
    }),
  ]
}
