// A spec from outside, checked with every problem at once.

import { ComposeSpec } from '../../contract.ts'
import { MusicError } from '../error.ts'

/** @throws MusicError naming each field that is wrong, its value and what would be right. */
export function loadSpec(value: unknown): ComposeSpec {
  const parsed = ComposeSpec.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }))
  const list = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`))
  throw new MusicError(`what is to be composed is not valid: ${list.join('; ')}`, { issues })
}
