// What was said and done inside an attempt, one component per kind. Memoised: a streaming answer
// draws only itself.

import { clsx } from 'clsx'
import { ChevronRight, CircleAlert, Info, Lightbulb } from 'lucide-react'
import { memo, useState, type ReactNode } from 'react'
import { duration, firstLine, plural } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import type { Block, ToolCall } from './run-log.ts'

/** More calls in a row than this fold to one line. */
const foldAbove = 8
const keepOpen = 3

/** A long attempt is drawn by its beginning and its end; what lies between comes in pieces when asked for. */
const headShown = 50
const tailShown = 350
const moreShown = 400

export const Blocks = memo(function Blocks({ blocks, live }: { blocks: readonly Block[]; live: boolean }) {
  const [more, setMore] = useState(0)
  const items = group(blocks)
  const from = Math.max(0, items.length - tailShown - more)
  const hidden = Math.max(0, from - headShown)
  const draw = (item: (typeof items)[number]) =>
    Array.isArray(item) ? (
      <ToolGroup key={item[0]?.id} calls={item} live={live} />
    ) : (
      <OneBlock key={item.id} block={item} live={live && item === blocks.at(-1)} />
    )
  return (
    <div className="flex flex-col gap-2">
      {items.slice(0, Math.min(from, headShown)).map(draw)}
      {hidden > 0 && (
        <button
          type="button"
          onClick={() => setMore(more + moreShown)}
          className="flex min-h-9 w-full items-center justify-center gap-2 rounded-lg border border-dashed border-edge text-sm text-soft hover:bg-hover"
        >
          <ChevronRight className="size-3.5 rotate-90" />
          {plural(hidden, 'entry', 'entries')} between: show {Math.min(hidden, moreShown)} before what follows
        </button>
      )}
      {items.slice(from).map(draw)}
    </div>
  )
})

/** Runs of consecutive tool calls become lists. */
function group(blocks: readonly Block[]): (Exclude<Block, ToolCall> | ToolCall[])[] {
  const items: (Exclude<Block, ToolCall> | ToolCall[])[] = []
  for (const block of blocks) {
    const last = items.at(-1)
    if (block.kind !== 'tool') items.push(block)
    else if (Array.isArray(last)) last.push(block)
    else items.push([block])
  }
  return items
}

const OneBlock = memo(function OneBlock({ block, live }: { block: Exclude<Block, ToolCall>; live: boolean }) {
  switch (block.kind) {
    case 'text':
      return (
        <div className="lazy-row py-0.5">
          <Markdown text={block.text} />
          {live && <span className="pulsing mt-1 inline-block h-4 w-2 rounded-sm bg-brass" aria-hidden="true" />}
        </div>
      )
    case 'thinking':
      return (
        <Fold
          icon={<Lightbulb className={clsx('size-3.5', live && 'pulsing')} />}
          title={live ? 'Thinking' : 'Thought'}
          line={firstLine(block.text, 90)}
        >
          <div className="whitespace-pre-wrap px-3 pb-2 text-sm text-soft wrap-anywhere">{block.text}</div>
        </Fold>
      )
    case 'note':
      return (
        <p
          className={clsx(
            'flex items-start gap-2 text-sm wrap-anywhere',
            block.tone === 'waiting' ? 'text-waiting' : block.tone === 'failed' ? 'text-failed' : 'text-faint',
          )}
        >
          {block.tone === 'muted' ? (
            <Info className="mt-1 size-3.5 shrink-0" />
          ) : (
            <CircleAlert className="mt-1 size-3.5 shrink-0" />
          )}
          {block.text}
        </p>
      )
  }
})

function ToolGroup({ calls, live }: { calls: readonly ToolCall[]; live: boolean }) {
  const [all, setAll] = useState(false)
  const hidden = all || calls.length <= foldAbove ? 0 : calls.length - keepOpen
  const failed = calls.slice(0, hidden).filter((call) => call.ok === false).length
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      {hidden > 0 && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="flex h-8 w-full items-center gap-2 border-b border-line bg-sunken px-3 text-sm text-soft hover:bg-hover"
        >
          <ChevronRight className="size-3.5" />
          {hidden} earlier calls
          {failed > 0 && <span className="text-failed">{failed} failed</span>}
        </button>
      )}
      {calls.slice(hidden).map((call) => (
        <ToolRow key={call.id} call={call} live={live} />
      ))}
    </div>
  )
}

const ToolRow = memo(function ToolRow({ call, live }: { call: ToolCall; live: boolean }) {
  const status = call.ok === null ? (live ? 'running' : 'interrupted') : call.ok ? 'succeeded' : 'failed'
  const word = call.ok === null ? (live ? 'running' : 'no answer') : call.ok ? 'ok' : 'failed'
  return (
    <Fold
      row
      icon={<Glyph status={status} size={13} />}
      title={
        <span className="font-mono text-xs">{call.server === null ? call.tool : `${call.server}.${call.tool}`}</span>
      }
      line={<span className="font-mono text-xs">{argument(call.input)}</span>}
      aside={
        <span className={call.ok === false ? 'text-failed' : ''}>
          {word}
          {call.endedAt === null
            ? live && <Since at={call.startedAt} />
            : ` · ${duration(call.endedAt - call.startedAt)}`}
        </span>
      }
    >
      <div className="flex flex-col gap-2 px-3 pb-3">
        <Code label="Input" text={typeof call.input === 'string' ? call.input : JSON.stringify(call.input, null, 2)} />
        {call.output !== '' && <Code label={call.truncated ? 'Output, cut short' : 'Output'} text={call.output} />}
      </div>
    </Fold>
  )
})

function Since({ at }: { at: number }) {
  const now = useNow(1_000)
  return <> · {duration(Math.max(0, now - at))}</>
}

/** The argument that tells calls apart best: the only one, or the first text. */
function argument(input: unknown): string {
  if (typeof input === 'string') return firstLine(input, 100)
  if (typeof input !== 'object' || input === null) return ''
  const values: unknown[] = Object.values(input)
  const first = values.find((value) => typeof value === 'string') ?? values[0]
  return first === undefined ? '' : firstLine(typeof first === 'string' ? first : JSON.stringify(first), 100)
}

function Code({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <p className="mb-1 text-xs text-faint">{label}</p>
      <pre className="max-h-80 overflow-auto rounded-md bg-sunken px-2.5 py-2 font-mono text-xs leading-4.5 whitespace-pre-wrap wrap-anywhere">
        {text}
      </pre>
    </div>
  )
}

interface FoldProps {
  icon: ReactNode
  title: ReactNode
  line: ReactNode
  aside?: ReactNode
  /** One of a list with a frame of its own. */
  row?: boolean
  children: ReactNode
}

/** One line that opens. Its content is drawn only then. */
function Fold({ icon, title, line, aside, row = false, children }: FoldProps) {
  const [open, setOpen] = useState(false)
  return (
    <div className={clsx('lazy-row', row ? 'not-last:border-b border-line' : 'rounded-lg border border-line')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-8 w-full min-w-0 items-center gap-2 px-3 text-left text-sm text-soft hover:bg-hover focus-visible:-outline-offset-2 touch:h-11"
      >
        <ChevronRight
          className={clsx('size-3.5 shrink-0 text-faint transition-transform duration-100', open && 'rotate-90')}
        />
        {icon}
        <span className="shrink-0 font-medium text-ink">{title}</span>
        <span className="min-w-0 flex-1 truncate text-faint">{line}</span>
        {aside !== undefined && <span className="shrink-0 text-xs text-faint">{aside}</span>}
      </button>
      {open && children}
    </div>
  )
}
