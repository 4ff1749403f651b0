// Keeps a growing page at its end while the reader is there, and never moves it otherwise.

import { useCallback, useEffect, useRef, useState } from 'react'

const nearPx = 48

/** Put `scroller` on what scrolls and `content` on what grows in it. */
export function useFollow(startAtEnd: boolean) {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(startAtEnd)
  const [away, setAway] = useState(false)

  useEffect(() => {
    const outer = scroller.current
    const inner = content.current
    if (outer === null || inner === null) return
    following.current = startAtEnd
    let lastTop = outer.scrollTop
    const rest = () => outer.scrollHeight - outer.scrollTop - outer.clientHeight

    function onScroll() {
      if (outer === null) return
      // Only a move upward is the reader leaving: growth alone must not look like one.
      if (rest() <= nearPx) following.current = true
      else if (outer.scrollTop < lastTop - 1) following.current = false
      lastTop = outer.scrollTop
      setAway(!following.current && rest() > nearPx)
    }
    const observer = new ResizeObserver(() => {
      if (following.current) outer.scrollTop = outer.scrollHeight
      setAway(!following.current && rest() > nearPx)
    })
    observer.observe(inner)
    outer.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      outer.removeEventListener('scroll', onScroll)
    }
  }, [startAtEnd])

  const jump = useCallback(() => {
    following.current = true
    setAway(false)
    const outer = scroller.current
    outer?.scrollTo({ top: outer.scrollHeight })
  }, [])

  return { scroller, content, away, jump }
}
