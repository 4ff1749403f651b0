// Workflows that start each other on success: is there a circle? Only triggers that are on count. Pure.

import { MaestroError } from '#src/core/index.ts'
import type { OnSuccess } from '../contract.ts'

export interface Link {
  readonly id: string
  readonly name: string
  readonly onSuccess?: OnSuccess | null | undefined
}

/** The names along a circle through `start`, as `A, B, A`; undefined when its triggers end somewhere. */
export function circleThrough(start: Link, find: (id: string) => Link | undefined): string[] | undefined {
  const names = [start.name]
  const seen = new Set<string>()
  for (let at: Link = start; ;) {
    const next = at.onSuccess
    if (next == null || !next.enabled) return undefined
    if (next.workflowId === start.id) return [...names, start.name]
    const target = find(next.workflowId)
    // A circle further on that does not lead back here is not this workflow's.
    if (target === undefined || seen.has(target.id)) return undefined
    seen.add(target.id)
    names.push(target.name)
    at = target
  }
}

/** @throws `invalid_input` naming the circle that saving `changed` would close */
export function assertNoCircle(changed: Link, all: readonly Link[]): void {
  const byId = new Map(all.map((link) => [link.id, link]))
  const circle = circleThrough(changed, (id) => (id === changed.id ? changed : byId.get(id)))
  if (circle === undefined) return
  const message = circleMessage(circle)
  throw new MaestroError('invalid_input', `the workflow is not valid: onSuccess: ${message}`, {
    hint: 'let one of them end without starting another',
    issues: [{ path: 'onSuccess', message }],
  })
}

export const circleMessage = (names: readonly string[]): string =>
  `these workflows would start each other for ever: ${names.map((name) => `"${name}"`).join(' -> ')}`
