// A rule as a sentence, and which recorded calls it would have met. Patterns as the server reads them: `*` stands for
// any text without `/`, `**` for any text; in a command both do. An estimate for the person who writes the rule: what
// holds is decided by the server. Pure.

import type { AuditRow, NewRule } from '#src/calls/contract.ts'

/** `claude-* may use maestro_exec on local with a command like npm *`, in pieces: what is set is code. */
export function sentenceOf(rule: NewRule): readonly { readonly text: string; readonly isCode: boolean }[] {
  const code = (text: string) => ({ text, isCode: true })
  const word = (text: string) => ({ text, isCode: false })
  return [
    rule.client === undefined ? word('any agent') : code(rule.client),
    word(rule.tool === undefined ? 'does anything' : 'uses'),
    ...(rule.tool === undefined ? [] : [code(rule.tool)]),
    ...(rule.host === undefined ? [] : [word('on'), code(rule.host)]),
    ...(rule.path === undefined ? [] : [word('touching'), code(rule.path)]),
    ...(rule.command === undefined ? [] : [word('with a command like'), code(rule.command)]),
  ]
}

function globOf(pattern: string | undefined, isLine = false): (text: string) => boolean {
  if (pattern === undefined || pattern.trim() === '') return () => true
  const source = pattern
    .trim()
    .split(/(\*+)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      return isLine || part.length > 1 ? '[^]*' : '[^/]*'
    })
    .join('')
  const whole = new RegExp(`^${source}$`)
  const folder = !isLine && pattern.trim().endsWith('/**') ? pattern.trim().slice(0, -3) : undefined
  return (text) => whole.test(text) || text === folder
}

/** Callers that rules hold for: programs, not the person at the page or the command line. */
export function agentName(actor: AuditRow['actor']): string | undefined {
  if (actor.kind === 'client' || actor.kind === 'token') return actor.name
  return actor.kind === 'run' ? 'run' : undefined
}

const split = (line: string) => /^(path|command):([^:]*):([^]*)$/.exec(line)

export function meets(rule: NewRule, row: Pick<AuditRow, 'actor' | 'tool' | 'subject'>): boolean {
  const name = agentName(row.actor)
  if (name === undefined || !globOf(rule.client)(name) || !globOf(rule.tool)(row.tool)) return false
  const onHost = globOf(rule.host)
  const has = (kind: 'path' | 'command', fits: (text: string) => boolean) =>
    row.subject.some((line) => {
      const [, found, host = '', text = ''] = split(line) ?? []
      return found === kind && onHost(host) && fits(text)
    })
  if (rule.path !== undefined && !has('path', globOf(rule.path))) return false
  if (rule.command !== undefined && !has('command', globOf(rule.command, true))) return false
  if (rule.host === undefined || rule.path !== undefined || rule.command !== undefined) return true
  return row.subject.some((line) => onHost(/^(?:host|path|command):([^:]*)/.exec(line)?.[1] ?? ''))
}

/** One line per call: a call's beginning and its end are two rows of the log. */
export function callsOf<T extends Pick<AuditRow, 'callId'>>(rows: readonly T[]): T[] {
  const seen = new Set<string>()
  return rows.filter(({ callId }) => !seen.has(callId) && seen.add(callId))
}
