// Keys of a page, wherever the focus is, as long as the page is there.

import { useEffect, useRef } from 'react'

export function useKeys(onKey: (event: KeyboardEvent) => void) {
  const latest = useRef(onKey)
  latest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
