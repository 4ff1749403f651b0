// Which theme is shown: light, dark or as the system says. Before the first paint public/theme.js
// reads the same key; here it is changed and followed.

import { useSyncExternalStore } from 'react'

export type ThemeChoice = 'system' | 'light' | 'dark'

const key = 'maestro.theme'
const changed = new EventTarget()

/** Storage may be refused (a private window): the choice then lasts as long as the page. */
let remembered: ThemeChoice = read()

function read(): ThemeChoice {
  try {
    const stored = localStorage.getItem(key)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

const systemDark = matchMedia('(prefers-color-scheme: dark)')

function paint() {
  const dark = remembered === 'dark' || (remembered === 'system' && systemDark.matches)
  document.documentElement.setAttribute('data-theme', dark ? 'dark' : 'light')
}

systemDark.addEventListener('change', paint)

export function chooseTheme(choice: ThemeChoice) {
  remembered = choice
  try {
    if (choice === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, choice)
  } catch {
    // Nothing to keep it in; `remembered` holds it.
  }
  paint()
  changed.dispatchEvent(new Event('change'))
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(
    (onChange) => {
      changed.addEventListener('change', onChange)
      return () => changed.removeEventListener('change', onChange)
    },
    () => remembered,
  )
}
