// Figures and tables as people read them. Pure.

import type { Usage } from '#src/core/contract.ts'
import type { ModelPrice } from '#src/llm/contract.ts'
import type { TaskStatus } from '#src/tasks/contract.ts'
import type { StepStatus } from '#src/workflows/contract.ts'
import { safe, type Style } from './style.ts'

export function duration(ms: number): string {
  if (ms > 0 && ms < 50) return `${Math.ceil(ms)} ms`
  if (ms < 9_950) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600)]
  if (hours === 0) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

export function ago(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1_000)
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** In UTC to the minute: the same on every machine, and sortable. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Empty when nobody told anything; an unknown figure is left out, never shown as 0. */
export function usageParts(usage: Usage | null): string[] {
  if (usage === null) return []
  const count = (value: number | null) => (value === null ? '?' : value.toLocaleString('en-US'))
  const parts: string[] = []
  if (usage.inputTokens !== null || usage.outputTokens !== null) {
    parts.push(`${count(usage.inputTokens)} in / ${count(usage.outputTokens)} out tokens`)
  }
  if (usage.costUsd !== null) parts.push(money(usage.costUsd))
  return parts
}

export function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? `$${usd.toPrecision(1)}` : `$${usd.toFixed(2)}`
}

/** For a million tokens that go in and come out. */
/** For a million tokens each. */
export function price(of: ModelPrice): string {
  const parts = [
    [of.inputUsdPerMillion, 'in'],
    [of.outputUsdPerMillion, 'out'],
    [of.cacheReadUsdPerMillion, 'cache read'],
    [of.cacheWriteUsdPerMillion, 'cache write'],
  ] as const
  return parts
    .filter(([usd]) => usd !== undefined)
    .map(([usd, what]) => `$${usd} ${what}`)
    .join(' / ')
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

export function shortId(id: string): string {
  const border = id.indexOf('_')
  return border === -1 ? id : id.slice(0, border + 9)
}

export function statusWord(status: TaskStatus | StepStatus): string {
  return status.replaceAll('_', ' ')
}

export function statusMark(status: TaskStatus | StepStatus): string {
  switch (status) {
    case 'succeeded':
      return '✓'
    case 'failed':
    case 'timed_out':
    case 'budget_exceeded':
    case 'interrupted':
      return '✗'
    case 'cancelled':
      return '■'
    case 'running':
      return '▸'
    case 'waiting':
      return '‖'
    case 'queued':
    case 'pending':
    case 'skipped':
      return '·'
  }
}

export function paintStatus(style: Style, status: TaskStatus | StepStatus, text: string): string {
  switch (status) {
    case 'succeeded':
      return style.green(text)
    case 'failed':
    case 'timed_out':
    case 'budget_exceeded':
    case 'interrupted':
      return style.red(text)
    case 'waiting':
    case 'cancelled':
      return style.yellow(text)
    case 'running':
      return style.cyan(text)
    case 'queued':
    case 'pending':
    case 'skipped':
      return style.dim(text)
  }
}

export interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
}

/** Columns aligned by two spaces; cells are made safe, widths count letters, the last column is not padded. */
export function table(style: Style, head: readonly string[], rows: readonly (readonly (string | Cell)[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? { text: oneLine(cell) } : { ...cell, text: oneLine(cell.text) })),
  )
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => [...(row[column]?.text ?? '')].length)),
  )
  const line = (row: readonly Cell[]) =>
    row
      .map((cell, column) => {
        const space = column === row.length - 1 ? 0 : (widths[column] ?? 0) - [...cell.text].length
        return (cell.paint?.(cell.text) ?? cell.text) + ' '.repeat(space)
      })
      .join('  ')
      .trimEnd()
  return [line(head.map((text) => ({ text, paint: style.dim }))), ...cells.map(line)]
    .map((text) => `${text}\n`)
    .join('')
}

function oneLine(text: string): string {
  return safe(text).replace(/\s+/g, ' ').trim()
}
