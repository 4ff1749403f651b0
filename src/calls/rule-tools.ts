// Rules as tools.

import { z } from 'zod'
import { type AnyTool, defineTool, listOf } from '#src/core/index.ts'
import { NewRule, Rule } from './contract.ts'
import type { Control } from './control.ts'

export interface RuleToolsDeps {
  readonly control: Control
}

export function ruleTools({ control }: RuleToolsDeps): AnyTool[] {
  return [
    defineTool({
      name: 'rule_list',
      title: 'List rules',
      description: 'What agents may not do, must ask for, and may do without a question. Oldest first.',
      effect: 'read',
      scope: 'rules:read',
      input: z.object({}),
      output: listOf(Rule),
      http: { method: 'get', path: '/rules' },
      subject: () => [],
      run: async () => ({ items: await control.listRules() }),
    }),
    defineTool({
      name: 'rule_add',
      title: 'Add a rule',
      description:
        'Deny wins, then ask, then allow. Deny and ask hold for a call that touches anything that fits; allow makes a list of what passes without a question. Rules bind MCP clients, tokens and runs, never the person at the page or the command line.',
      effect: 'write',
      scope: 'rules:write',
      input: NewRule,
      output: Rule,
      http: { method: 'post', path: '/rules', status: 201 },
      examples: [
        { title: 'Ask before any command', input: { effect: 'ask', tool: 'maestro_exec' } },
        { title: 'Nothing of a folder', input: { effect: 'deny', path: '/home/me/.ssh/**' } },
      ],
      subject: () => ['rule:new'],
      run: (ctx, rule) => control.addRule(ctx.actor, rule),
    }),
    defineTool({
      name: 'rule_delete',
      title: 'Remove a rule',
      description: 'It no longer holds from the next call on, on every node.',
      effect: 'destructive',
      scope: 'rules:write',
      input: z.object({ ruleId: z.string().max(100) }),
      output: Rule,
      http: { method: 'delete', path: '/rules/{ruleId}' },
      subject: ({ ruleId }) => [`rule:${ruleId}`],
      run: (_ctx, { ruleId }) => control.deleteRule(ruleId),
    }),
  ]
}
