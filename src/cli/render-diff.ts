// What differs between two states of a workflow, as lines for a terminal. Pure.

import type { FieldChange, Remark, WorkflowDiff } from '#src/workflows/contract.ts'
import { clip, safe, type Style } from './style.ts'

export function renderDiff(style: Style, { changes }: Pick<WorkflowDiff, 'changes'>): string {
  return changes.map((change) => renderChange(style, change)).join('')
}

function renderChange(style: Style, change: FieldChange): string {
  const head = `${style.bold(clip(change.label, 80))}  ${style.dim(change.kind)}\n`
  if (change.lines !== null) {
    const lines = change.lines.map(({ op, text }) => {
      switch (op) {
        case 'added':
          return style.green(`  + ${safe(text)}`)
        case 'removed':
          return style.red(`  - ${safe(text)}`)
        case 'same':
          return `    ${safe(text)}`
        case 'gap':
          return style.dim('    …')
      }
    })
    return `${head}${lines.join('\n')}\n`
  }
  if (change.kind === 'moved') return head
  const old = change.kind === 'added' ? '' : `${style.red(`  - ${value(change.before)}`)}\n`
  const now = change.kind === 'removed' ? '' : `${style.green(`  + ${value(change.after)}`)}\n`
  return `${head}${old}${now}`
}

function value(given: unknown): string {
  if (given === undefined || given === null) return '(none)'
  return clip(typeof given === 'string' ? given : JSON.stringify(given), 300)
}

export function renderRemarks(style: Style, remarks: readonly Remark[]): string {
  return remarks
    .map(({ level, path, message, hint }) => {
      const mark = level === 'error' ? style.red('✗') : style.yellow('!')
      const where = path === '' ? '' : `${style.dim(safe(path))}  `
      const advice = hint === null ? '' : `  ${style.cyan('hint:')} ${safe(hint)}\n`
      return `${mark} ${where}${safe(message)}\n${advice}`
    })
    .join('')
}
