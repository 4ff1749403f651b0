// Keys that work everywhere. Single letters only while nothing is being typed.

import { useEffect, useRef } from 'react'
import { places, type TopRoute } from './places.ts'

/** `g` and then this letter goes there. */
const goKeys = new Map<string, TopRoute>(places.map((place) => [place.keys.replace('g ', ''), place.to]))

const chordMs = 1_200

export function isTyping(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null
  return (
    element !== null && element.closest('input, textarea, select, [contenteditable="true"], [data-editor]') !== null
  )
}

interface Handlers {
  palette(): void
  keys(): void
  brakes(): void
  go(to: TopRoute): void
}

export function useShortcuts(handlers: Handlers) {
  const latest = useRef(handlers)
  latest.current = handlers
  useEffect(() => {
    /** When `g` was pressed, if it was the last key. Not 0: times begin with the page, and a young one would take any letter for the second. */
    let chordAt: number | undefined
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        latest.current.palette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') {
        event.preventDefault()
        latest.current.keys()
        return
      }
      if (event.key === '!') {
        event.preventDefault()
        latest.current.brakes()
        return
      }
      if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('[data-search]')
        if (search !== null) {
          event.preventDefault()
          search.focus()
        }
        return
      }
      const to = goKeys.get(event.key)
      if (to !== undefined && chordAt !== undefined && event.timeStamp - chordAt < chordMs) {
        event.preventDefault()
        latest.current.go(to)
      }
      chordAt = event.key === 'g' ? event.timeStamp : undefined
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
