// What rules say about one call. Pure: rules and the call in, a verdict out.

import type { Rule } from './contract.ts'
import { compileGlob, type Glob } from './glob.ts'
import type { Touches } from './subject-lines.ts'

/** A rule with its patterns ready to use; an absent pattern is undefined and fits everything. */
export interface ReadyRule {
  readonly rule: Rule
  readonly client: Glob | undefined
  readonly tool: Glob | undefined
  readonly host: Glob | undefined
  readonly path: Glob | undefined
  readonly command: Glob | undefined
}

export interface RuledCall extends Touches {
  readonly client: string
  readonly tool: string
}

export interface RuleVerdict {
  readonly effect: Rule['effect']
  readonly reason: string
}

/** Subjects show this much of a command line: a longer one was not seen whole, so no rule can allow it. */
const shownCommandLetters = 200

export function readyRule(rule: Rule): ReadyRule {
  const compile = (pattern: string | undefined, kind: 'segments' | 'line' | 'one-command' = 'segments') =>
    pattern === undefined ? undefined : compileGlob(pattern, kind)
  return {
    rule,
    client: compile(rule.client),
    tool: compile(rule.tool),
    host: compile(rule.host),
    path: compile(rule.path),
    // What is refused is looked for anywhere; what is let through must be that one command.
    command: compile(rule.command, rule.effect === 'allow' ? 'one-command' : 'line'),
  }
}

/**
 * Deny wins, then ask, then allow. Undefined when no rule has anything to say: then the caller's scopes decide.
 *
 * A deny or ask rule holds when the call touches anything that fits it. Allow rules are lists of what passes without a
 * question: where some name paths (or commands, or hosts) for this caller and tool, each path (command, host) of the
 * call must be in one of them, else a person is asked.
 */
export function judge(rules: readonly ReadyRule[], call: RuledCall): RuleVerdict | undefined {
  const mine = rules.filter((ready) => fits(ready.client, call.client) && fits(ready.tool, call.tool))
  for (const effect of ['deny', 'ask'] as const) {
    const holding = mine.find((ready) => ready.rule.effect === effect && touchesAny(ready, call))
    if (holding !== undefined) return { effect, reason: reasonOf(holding.rule) }
  }
  const allowing = mine.filter(({ rule }) => rule.effect === 'allow')
  if (allowing.length === 0) return undefined
  const unnamed = firstUnnamed(allowing, call)
  if (unnamed !== undefined) return { effect: 'ask', reason: `no rule allows ${unnamed} without a question` }
  const first = allowing.find((ready) => touchesAny(ready, call))
  return first === undefined ? undefined : { effect: 'allow', reason: reasonOf(first.rule) }
}

const fits = (glob: Glob | undefined, text: string): boolean => glob === undefined || glob(text)

/** Every pattern finds something in the call that fits it. */
function touchesAny(ready: ReadyRule, call: RuledCall): boolean {
  const { host, path, command } = ready
  if (path !== undefined && !call.paths.some((one) => fits(host, one.host) && path(one.path))) return false
  if (command !== undefined && !call.commands.some((one) => fits(host, one.host) && command(one.text))) return false
  return host === undefined || path !== undefined || command !== undefined || call.hosts.some(host)
}

/** The first thing of the call that stands in no list although there is one for it, in words. */
function firstUnnamed(allowing: readonly ReadyRule[], call: RuledCall): string | undefined {
  const names = (what: 'host' | 'path' | 'command') => allowing.some((ready) => ready[what] !== undefined)
  const { paths, commands } = call
  if (names('path') || names('host')) {
    const missing = paths.find((one) => !allowing.some((ready) => allowsPath(ready, one, call)))
    if (missing !== undefined) return `the path ${missing.path} on ${missing.host}`
  }
  if (names('command') || names('host')) {
    const missing = commands.find((one) => !allowing.some((ready) => allowsCommand(ready, one, call)))
    if (missing !== undefined) return `this command on ${missing.host}`
  }
  if (names('host')) {
    const bare = call.hosts.filter((host) => ![...paths, ...commands].some((one) => one.host === host))
    const missing = bare.find((one) => !allowing.some(({ host }) => fits(host, one)))
    if (missing !== undefined) return `the host ${missing}`
  }
  return undefined
}

/** A list of commands says nothing about paths: only one of paths does, or a rule that names neither. */
function allowsPath(ready: ReadyRule, one: RuledCall['paths'][number], call: RuledCall): boolean {
  if (!fits(ready.host, one.host)) return false
  if (ready.path === undefined) return ready.command === undefined
  return ready.path(one.path) && call.commands.every((command) => commandFits(ready, command))
}

function allowsCommand(ready: ReadyRule, one: RuledCall['commands'][number], call: RuledCall): boolean {
  if (!fits(ready.host, one.host)) return false
  if (ready.command === undefined) return ready.path === undefined
  return commandFits(ready, one) && call.paths.every(({ path }) => fits(ready.path, path))
}

function commandFits(ready: ReadyRule, { text }: RuledCall['commands'][number]): boolean {
  return ready.command === undefined || (text.length < shownCommandLetters && ready.command(text))
}

function reasonOf(rule: Rule): string {
  const verb = { deny: 'forbids it', ask: 'asks for an approval', allow: 'allows it' }[rule.effect]
  return `rule ${rule.id} ${verb}${rule.note === undefined || rule.note === '' ? '' : ` (${rule.note})`}`
}
