// A run as Markdown, to be pasted somewhere. Pure.

import type { Run } from '#src/workflows/contract.ts'
import { cost, duration, tokens } from '../../lib/format.ts'
import { states } from '../../ui/status.ts'
import type { RunLog } from './run-log.ts'

export function transcript(run: Run, log: RunLog): string {
  const took = run.startedAt !== null && run.endedAt !== null ? `, took ${duration(run.endedAt - run.startedAt)}` : ''
  const lines = [
    `# ${run.workflowName}`,
    '',
    `${states[run.status].word}${took}, ${new Date(run.createdAt).toISOString()}, ${run.id}`,
    '',
  ]
  for (const step of run.steps) {
    const logged = log.steps.find((each) => each.index === step.index)
    lines.push(`## ${step.index + 1}. ${step.title}`, '')
    lines.push(
      `${states[step.status].word}, ${step.agent}${step.model === null ? '' : `, ${step.model}`}${figures(step.usage)}`,
      '',
    )
    lines.push(...step.prompt.split('\n').map((line) => `> ${line}`), '')
    for (const attempt of logged?.attempts ?? []) {
      if (attempt.number > 1) lines.push(`### Attempt ${attempt.number}: ${attempt.reason}`, '')
      for (const block of attempt.blocks) {
        if (block.kind === 'text') lines.push(block.text, '')
        else if (block.kind === 'tool')
          lines.push(`- \`${block.tool}\` ${block.ok === null ? 'has not answered' : block.ok ? 'ok' : 'failed'}`, '')
        else if (block.kind === 'note') lines.push(`_${block.text}_`, '')
      }
    }
    if (logged === undefined && step.output !== null) lines.push(step.output, '')
    if (step.error !== null)
      lines.push(`**${step.error.message}**${step.error.hint === undefined ? '' : ` ${step.error.hint}`}`, '')
  }
  return `${lines.join('\n').trimEnd()}\n`
}

function figures(usage: Run['usage']): string {
  if (usage === null) return ''
  return `, ${tokens(usage.inputTokens)} tokens in, ${tokens(usage.outputTokens)} out, cost ${cost(usage.costUsd)}`
}
