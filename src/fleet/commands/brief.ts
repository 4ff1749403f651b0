// A command's answer as short text for a model: what it printed, then in brackets what the streams do not say. Pure.

import type { CommandResult } from '../contract.ts'

export function briefOf(result: CommandResult): string {
  const parts: string[] = []
  if (result.stdout !== '') parts.push(result.stdout.replace(/\n$/, ''))
  if (result.stderr !== '') parts.push(`[stderr]\n${result.stderr.replace(/\n$/, '')}`)
  if (result.status === 'running' || result.status === 'queued') {
    const seconds = Math.round(result.duration_ms / 1_000)
    parts.push(
      `[still running after ${seconds} s as ${result.task_id}; go on with: task {"action": "wait", "task_id": "${result.task_id}"}]`,
    )
    return parts.join('\n')
  }
  if (parts.length === 0) parts.push('[no output]')
  if (result.exit_code !== null && result.exit_code !== 0) {
    parts.push(`[exit code: ${result.exit_code}${result.signal === null ? '' : `, ${result.signal}`}]`)
  }
  const { error } = result
  if (error !== null) {
    parts.push(`[${error.kind}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}]`)
  }
  return parts.join('\n')
}
