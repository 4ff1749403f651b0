// What was chosen in the palette lately, in this browser.

import { remember } from './rank.ts'

const key = 'maestro.palette'

export function recentCommands(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
  } catch {
    return []
  }
}

export function rememberCommand(id: string) {
  try {
    localStorage.setItem(key, JSON.stringify(remember(recentCommands(), id)))
  } catch {
    // A private window: nothing is remembered.
  }
}
