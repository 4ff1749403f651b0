// `maestro rules list | add | remove`: what agents may not do, must ask for, and may do without a question.

import { type NewRule, Rule } from '#src/calls/contract.ts'
import { RuleList } from '../answers.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, shortId, table } from '../format.ts'
import { resolveRuleId } from '../resolve.ts'
import { clip } from '../style.ts'

type AddOptions = GlobalOptions & Omit<NewRule, 'effect'>

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/rules', RuleList)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no rules: agents may do what their scopes say\n')
    else {
      const rows = items.map((rule) => [
        { text: shortId(rule.id), paint: cli.style.cyan },
        { text: rule.effect, paint: paintOf(cli, rule.effect) },
        clip(patternsOf(rule), 80),
        clip(rule.note ?? '', 40),
        ago(rule.createdAt, cli.io.now()),
      ])
      cli.io.out(table(cli.style, ['RULE', 'EFFECT', 'FOR', 'NOTE', 'MADE'], rows))
    }
    return exit.ok
  })
}

export function add(cli: Cli, options: AddOptions, effect = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { client, tool, host, path, command, note } = options
    const given = { effect, client, tool, host, path, command, note }
    const rule = await api.call('POST', '/rules', Rule, given)
    if (options.json === true) printJson(cli, rule)
    else cli.io.out(`${rule.id}: ${rule.effect} ${clip(patternsOf(rule), 200)}\n`)
    if (options.json !== true && rule.command !== undefined) {
      cli.io.err('A shell has many ways to say one thing: a rule about a command line is advice, not a wall.\n')
    }
    return exit.ok
  })
}

export function remove(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const rule = await api.call('DELETE', `/rules/${await resolveRuleId(api, typed)}`, Rule)
    if (options.json === true) printJson(cli, rule)
    else cli.io.out(`Removed ${rule.id}: ${rule.effect} ${clip(patternsOf(rule), 200)}\n`)
    return exit.ok
  })
}

function patternsOf(rule: Rule): string {
  const named = (['client', 'tool', 'host', 'path', 'command'] as const).flatMap((key) =>
    rule[key] === undefined ? [] : [`${key} ${rule[key]}`],
  )
  return named.length === 0 ? 'everything' : named.join(', ')
}

function paintOf({ style }: Cli, effect: Rule['effect']): (text: string) => string {
  return { deny: style.red, ask: style.yellow, allow: style.green }[effect]
}
