// What a command prints, as a terminal shows it: only the rows in sight are drawn, the end is followed while the
// reader is at it, and text is found in what has been read.

import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { ArrowDown, ChevronDown, ChevronUp, Download, Search, WrapText, X } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { parseAnsi, type Style } from '../../lib/ansi.ts'
import { bytes, plural } from '../../lib/format.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { ErrorCard } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import type { Output } from './use-output.ts'

const rowPx = 20
const mostFound = 5_000

interface TerminalProps {
  output: Output
  name: string
  isLive: boolean
  /** What stands before the tools: which stream. */
  before: ReactNode
  onDownload: () => void
  downloading: string | undefined
  /** What to say when nothing was printed. */
  empty: string
}

export function Terminal({ output, name, isLive, before, onDownload, downloading, empty }: TerminalProps) {
  const { buffer, version } = output
  const [wraps, setWraps] = useState(true)
  const [isSearching, setIsSearching] = useState(false)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = useDeferredValue(text.trim())
  const scroller = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const lastTop = useRef(0)
  const [away, setAway] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const headRows = buffer.headRows
  const holeAt = buffer.hole === undefined ? -1 : headRows

  const found = useMemo(
    () => (wanted === '' ? [] : buffer.find(wanted, mostFound)),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the buffer is the same; what it holds has a version
    [buffer, version, wanted],
  )
  const isFound = useMemo(() => new Set(found), [found])
  const current = found[Math.min(at, found.length - 1)]

  const virtual = useVirtualizer({
    count: buffer.rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 24,
    paddingStart: 8,
    paddingEnd: 8,
  })

  useEffect(() => {
    virtual.measure()
  }, [wraps, virtual])

  useEffect(() => {
    const count = buffer.rowCount
    if (following.current && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [buffer, version, wraps, virtual])

  useEffect(() => {
    if (current === undefined) return
    following.current = false
    virtual.scrollToIndex(current, { align: 'center' })
  }, [current, virtual])

  function onScroll() {
    const element = scroller.current
    if (element === null) return
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < rowPx * 2
    // Only a move upward is the reader leaving: growth alone must not look like one.
    if (isAtEnd) following.current = true
    else if (element.scrollTop < lastTop.current - 1) following.current = false
    lastTop.current = element.scrollTop
    setAway(!following.current && !isAtEnd)
  }

  function jump() {
    following.current = true
    setAway(false)
    virtual.scrollToIndex(buffer.rowCount - 1, { align: 'end' })
  }

  function toTop() {
    following.current = false
    virtual.scrollToIndex(0, { align: 'start' })
  }

  function openSearch() {
    setIsSearching(true)
    requestAnimationFrame(() => search.current?.select())
  }

  function closeSearch() {
    setIsSearching(false)
    setText('')
    scroller.current?.focus()
  }

  const step = (by: number) => found.length > 0 && setAt((old) => (old + by + found.length) % found.length)

  useKeys((event) => {
    if (document.querySelector('[role="dialog"]') !== null) return
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
      event.preventDefault()
      openSearch()
    } else if (event.target === scroller.current && (event.key === 'End' || event.key === 'Home')) {
      event.preventDefault()
      if (event.key === 'End') jump()
      else toTop()
    }
  })

  return (
    <section aria-label={name} className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-4 py-1.5 md:px-6">
        {before}
        <span className="flex-1" />
        {isSearching ? (
          <div role="search" className="flex items-center gap-1 max-sm:order-last max-sm:w-full">
            <input
              ref={search}
              data-search
              type="search"
              aria-label="Find in the output"
              placeholder="Find"
              className="field !w-48 max-sm:!w-auto max-sm:flex-1"
              value={text}
              onChange={(event) => {
                setText(event.target.value)
                setAt(0)
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
                if (event.key === 'Escape') {
                  event.preventDefault()
                  event.stopPropagation()
                  closeSearch()
                }
              }}
            />
            <span role="status" className="min-w-18 text-center text-xs text-soft">
              {wanted === ''
                ? ''
                : found.length === 0
                  ? 'not found'
                  : `${Math.min(at, found.length - 1) + 1} of ${found.length}${found.length === mostFound ? '+' : ''}`}
            </span>
            <IconButton label="Previous" keys="Shift Enter" onClick={() => step(-1)}>
              <ChevronUp />
            </IconButton>
            <IconButton label="Next" keys="Enter" onClick={() => step(1)}>
              <ChevronDown />
            </IconButton>
            <IconButton label="Close the search" keys="Esc" onClick={closeSearch}>
              <X />
            </IconButton>
          </div>
        ) : (
          <IconButton label="Find in the output" keys="Ctrl F" onClick={openSearch}>
            <Search />
          </IconButton>
        )}
        <IconButton
          label={wraps ? 'Long lines: wrapped' : 'Long lines: not wrapped'}
          aria-pressed={wraps}
          className={clsx(wraps && '!bg-hover !text-ink')}
          onClick={() => setWraps(!wraps)}
        >
          <WrapText />
        </IconButton>
        <IconButton
          label={downloading ?? 'Download all of it'}
          disabled={downloading !== undefined || output.total === 0}
          onClick={onDownload}
        >
          <Download />
        </IconButton>
      </div>
      {output.error !== null && (
        <div className="px-4 pt-3 md:px-6">
          <ErrorCard thrown={output.error} />
        </div>
      )}
      <div className="relative flex min-h-0 flex-1 flex-col">
        <div
          ref={scroller}
          role="log"
          aria-live="off"
          aria-label={`${name}: text`}
          tabIndex={0}
          onScroll={onScroll}
          className="min-h-40 flex-1 overflow-auto bg-sunken font-mono text-xs focus-visible:-outline-offset-2"
        >
          {output.isRead && buffer.rowCount === 0 && (
            <p className="px-4 py-3 font-sans text-sm text-soft md:px-6">{empty}</p>
          )}
          <div className="relative min-w-full" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                style={{ transform: `translateY(${item.start}px)` }}
                className={clsx(
                  'absolute left-0 top-0 min-h-5 px-4 leading-5 md:px-6',
                  wraps ? 'w-full whitespace-pre-wrap wrap-anywhere' : 'w-max min-w-full whitespace-pre',
                  isFound.has(item.index) && 'bg-brass-wash',
                  item.index === current && 'shadow-[inset_3px_0_0_var(--brass-line)]',
                )}
              >
                {item.index === holeAt ? <Hole output={output} /> : <Row output={output} index={item.index} />}
              </div>
            ))}
          </div>
        </div>
        {away && buffer.rowCount > 0 && (
          <Button
            small
            className="enter absolute bottom-3 left-1/2 -translate-x-1/2 shadow-float"
            icon={<ArrowDown className="size-3.5" />}
            onClick={() => {
              jump()
              // The button goes: what it was for takes over.
              scroller.current?.focus()
            }}
          >
            {isLive ? 'Follow the end' : 'To the end'}
          </Button>
        )}
      </div>
      <p className="border-t border-line px-4 py-1.5 text-xs text-faint md:px-6">
        {bytes(output.total)} printed, {plural(buffer.rowCount - (holeAt === -1 ? 0 : 1), 'line')} on show
        {buffer.hole !== undefined && `, ${bytes(buffer.hole.to - buffer.hole.from)} left out`}
      </p>
    </section>
  )
}

function Row({ output, index }: { output: Output; index: number }) {
  const row = output.buffer.row(index)
  if (row === undefined) return null
  return parseAnsi(row.raw, row.style).spans.map((span, at) => (
    <span key={at} className={look(span.style)}>
      {span.text}
    </span>
  ))
}

function Hole({ output }: { output: Output }) {
  const { hole } = output.buffer
  if (hole === undefined) return null
  return (
    <div className="sticky left-0 my-2 flex max-w-[calc(100vw-2rem)] flex-wrap items-center gap-2 rounded-lg border border-dashed border-edge px-3 py-2 font-sans whitespace-normal">
      <span className="min-w-0 flex-1 basis-56 text-soft">{bytes(hole.to - hole.from)} in between are not shown.</span>
      {output.canFill ? (
        <>
          <Button small disabled={output.isFilling} onClick={() => output.fill('after')}>
            Show what follows above
          </Button>
          <Button small disabled={output.isFilling} onClick={() => output.fill('before')}>
            Show what comes before
          </Button>
        </>
      ) : (
        <span className="text-soft">Download it to see all.</span>
      )}
    </div>
  )
}

const colours: Record<NonNullable<Style['colour']>, string> = {
  black: 'text-faint',
  red: 'text-failed',
  green: 'text-succeeded',
  yellow: 'text-waiting',
  blue: 'text-running',
  magenta: 'text-interrupted',
  cyan: 'text-cyan',
  white: 'text-ink',
}

const backs: Record<NonNullable<Style['back']>, string> = {
  black: 'bg-hover',
  red: 'bg-failed-wash',
  green: 'bg-succeeded-wash',
  yellow: 'bg-waiting-wash',
  blue: 'bg-running-wash',
  magenta: 'bg-interrupted-wash',
  cyan: 'bg-running-wash',
  white: 'bg-hover',
}

/** On a coloured ground the text is plain ink: any two colours of a program need not go together. */
function look(style: Style): string {
  return clsx(
    style.inverse === true
      ? 'bg-ink text-paper'
      : style.back !== undefined
        ? [backs[style.back], 'text-ink']
        : style.colour !== undefined
          ? colours[style.colour]
          : style.dim === true && 'text-faint',
    style.bold === true && 'font-semibold',
    style.italic === true && 'italic',
    (style.underline === true || style.struck === true) && [
      style.underline === true && 'underline',
      style.struck === true && 'line-through',
    ],
  )
}
