// What starts a workflow and what it starts, in plain words. Pure.

import type { OnSuccess, WorkflowSummary } from '#src/workflows/contract.ts'

const dayNames: Record<string, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}
const dayOrder = Object.keys(dayNames)

/** Empty when there is no schedule. A schedule of Maistro: frequency, time, days, dayOfMonth. */
export function scheduleWords(schedule: WorkflowSummary['schedule']): string {
  if (schedule === null) return ''
  const time = typeof schedule['time'] === 'string' ? ` at ${schedule['time']}` : ''
  const when = whenWords(schedule)
  if (when === undefined) return ''
  return schedule.enabled === true ? `${when}${time}` : `${when}${time}, switched off`
}

function whenWords(schedule: Record<string, unknown>): string | undefined {
  switch (schedule['frequency']) {
    case 'daily':
      return 'Every day'
    case 'weekly': {
      const days = Array.isArray(schedule['days']) ? schedule['days'].map(String) : []
      const known = dayOrder.filter((day) => days.includes(day))
      if (known.length === 0) return 'Weekly, on no day'
      if (known.join() === 'mon,tue,wed,thu,fri') return 'On weekdays'
      return `Every ${listWords(known.map((day) => dayNames[day] ?? day))}`
    }
    case 'monthly':
      return `Every month on day ${Number(schedule['dayOfMonth'] ?? 1)}`
    default:
      return undefined
  }
}

/** Empty when nothing follows. */
export function triggerWords(onSuccess: OnSuccess | null, nameOf: (id: string) => string | undefined): string {
  if (onSuccess === null) return ''
  const words = `Then ${nameOf(onSuccess.workflowId) ?? `${onSuccess.workflowId} (gone)`}`
  const session = onSuccess.preserveSession ? ', same conversation' : ''
  return onSuccess.enabled ? `${words}${session}` : `${words}${session}, switched off`
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
