// One row an argument, given to the program exactly so. A whole pasted line is taken apart when the person says so.

import { arrayMove } from '@dnd-kit/sortable'
import { Plus, X } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { splitWords } from '../../lib/command-line.ts'
import { plural } from '../../lib/format.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { SortableList, SortableRow } from '../../ui/sortable-list.tsx'
import { argumentRow, type ArgumentRow } from './draft.ts'

interface ArgumentRowsProps {
  rows: readonly ArgumentRow[]
  onChange: (rows: ArgumentRow[]) => void
}

export function ArgumentRows({ rows, onChange }: ArgumentRowsProps) {
  const list = useRef<HTMLOListElement>(null)
  const [pasted, setPasted] = useState<{ key: string; text: string }>()

  /** Focus goes to the row once it is there. */
  const focus = (at: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll('textarea')[Math.max(0, at)]?.focus())

  function add(at: number) {
    onChange(rows.toSpliced(at, 0, argumentRow('')))
    focus(at)
  }
  function remove(at: number) {
    onChange(rows.toSpliced(at, 1))
    focus(at - 1)
  }

  function onKeyDown(event: KeyboardEvent, at: number) {
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      add(at + 1)
    } else if (event.key === 'Backspace' && rows[at]?.text === '') {
      event.preventDefault()
      remove(at)
    }
  }

  const splitting = rows.find((row) => row.key === pasted?.key && row.text === pasted.text)
  const words = splitting === undefined ? [] : splitWords(splitting.text)

  function split() {
    const at = rows.findIndex((row) => row.key === splitting?.key)
    onChange(rows.toSpliced(at, 1, ...words.map(argumentRow)))
    focus(at + words.length - 1)
    setPasted(undefined)
  }

  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium text-soft">Arguments</legend>
      <SortableList
        ref={list}
        label="Arguments"
        className="flex flex-col gap-1.5"
        keys={rows.map((row) => row.key)}
        onMove={(from, to) => onChange(arrayMove([...rows], from, to))}
      >
        {rows.map((row, at) => (
          <SortableRow key={row.key} id={row.key} handleLabel={`Move argument ${at + 1}`}>
            <textarea
              rows={1}
              aria-label={`Argument ${at + 1}`}
              className="field grow-lines code-field"
              spellCheck={false}
              autoComplete="off"
              value={row.text}
              onChange={(event) => {
                const text = event.target.value
                onChange(rows.map((each) => (each === row ? { ...each, text } : each)))
              }}
              onKeyDown={(event) => onKeyDown(event, at)}
              onPaste={(event) => {
                const { selectionStart, selectionEnd, value } = event.currentTarget
                const text = event.clipboardData.getData('text/plain')
                // Only what becomes the whole row is a line that may be several arguments.
                const isWhole = selectionEnd - selectionStart === value.length
                if (isWhole && splitWords(text).length > 1) setPasted({ key: row.key, text })
              }}
            />
            <IconButton label={`Remove argument ${at + 1}`} onClick={() => remove(at)}>
              <X />
            </IconButton>
          </SortableRow>
        ))}
      </SortableList>
      {words.length > 1 && (
        <div role="status" className="enter mt-2 flex flex-wrap items-center gap-2 rounded-lg bg-brass-wash px-3 py-2">
          <span className="min-w-0 flex-1">This looks like {plural(words.length, 'argument')}.</span>
          <Button small onClick={() => setPasted(undefined)}>
            Keep as one
          </Button>
          <Button small look="primary" onClick={split}>
            Split into {words.length}
          </Button>
        </div>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <Button small icon={<Plus className="size-4" />} onClick={() => add(rows.length)}>
          Add argument
        </Button>
        {rows.some((row) => row.text === '') && (
          <span className="text-xs text-waiting">An empty row is passed as an empty argument.</span>
        )}
      </div>
    </fieldset>
  )
}
