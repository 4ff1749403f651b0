// Which rows of the audit log somebody asked for. Pure.

import { type Actor, actorKey } from '#src/core/index.ts'
import { callerName } from './callers.ts'
import type { AuditEntry, AuditFilter } from './contract.ts'

export function fitsFilter(entry: AuditEntry, filter: AuditFilter): boolean {
  const { tool, actor, outcome, subject } = filter
  if (tool !== undefined && entry.tool !== tool) return false
  if (actor !== undefined && !isCalled(entry.actor, actor.toLowerCase())) return false
  if (outcome !== undefined && (entry.outcome ?? (entry.phase === 'denied' ? 'denied' : 'begun')) !== outcome)
    return false
  const wanted = subject?.toLowerCase()
  return wanted === undefined || entry.subject.some((line) => line.toLowerCase().includes(wanted))
}

function isCalled(actor: Actor, wanted: string): boolean {
  const names = [actor.kind, callerName(actor), actorKey(actor), `${actor.kind}:${callerName(actor)}`]
  return names.some((name) => name.toLowerCase() === wanted)
}
