// Environment variables or headers, a row each. A stored secret shows that it is set and its end; its value can
// be replaced or removed, never seen.

import { Eye, EyeOff, Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { lacksValue, looksSecret, settingRow, type SettingDraft } from './draft.ts'

interface SettingRowsProps {
  title: string
  /** As in "Remove variable 2". */
  noun: string
  rows: readonly SettingDraft[]
  problemAt: (index: number) => string | undefined
  onChange: (rows: SettingDraft[]) => void
}

export function SettingRows({ title, noun, rows, problemAt, onChange }: SettingRowsProps) {
  const list = useRef<HTMLUListElement>(null)
  const change = (row: SettingDraft, part: Partial<SettingDraft>) =>
    onChange(rows.map((each) => (each === row ? { ...each, ...part } : each)))

  function add() {
    onChange([...rows, settingRow()])
    requestAnimationFrame(() => {
      const inputs = list.current?.querySelectorAll<HTMLElement>('[data-name]')
      inputs?.[inputs.length - 1]?.focus()
    })
  }

  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium text-soft">{title}</legend>
      <ul ref={list} className="flex flex-col gap-2">
        {rows.map((row, at) => (
          <li key={row.key}>
            <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-1 gap-y-1.5 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
              <input
                data-name
                aria-label={`Name of ${noun} ${at + 1}`}
                aria-invalid={problemAt(at) !== undefined}
                className="field code-field"
                placeholder="NAME"
                spellCheck={false}
                autoComplete="off"
                readOnly={row.kept !== null}
                title={
                  row.kept === null
                    ? undefined
                    : 'The secret is stored under this name: remove the row to give it another.'
                }
                value={row.name}
                onChange={(event) => {
                  const name = event.target.value
                  // While it is being named: a name like API_KEY makes it a secret.
                  const isSecret = row.value === '' ? looksSecret(name) : row.isSecret
                  change(row, { name, isSecret })
                }}
              />
              <div className="order-last col-span-2 sm:order-none sm:col-span-1">
                {row.kept === null ? (
                  <Value row={row} noun={noun} at={at} onChange={(part) => change(row, part)} />
                ) : (
                  <Kept row={row} hint={row.kept.hint} onReplace={() => change(row, { kept: null, value: '' })} />
                )}
              </div>
              <IconButton
                label={`Remove ${noun} ${row.name === '' ? at + 1 : row.name}`}
                onClick={() => onChange(rows.toSpliced(at, 1))}
              >
                <X />
              </IconButton>
            </div>
            {problemAt(at) !== undefined ? (
              <p className="mt-1 text-sm text-failed">{problemAt(at)}</p>
            ) : (
              lacksValue(row) && (
                <p className="mt-1 text-xs text-waiting">No value yet: the server is not started without it.</p>
              )
            )}
          </li>
        ))}
      </ul>
      <Button small className={rows.length > 0 ? 'mt-2' : ''} icon={<Plus className="size-4" />} onClick={add}>
        Add {noun}
      </Button>
    </fieldset>
  )
}

interface ValueProps {
  row: SettingDraft
  noun: string
  at: number
  onChange: (part: Partial<SettingDraft>) => void
}

function Value({ row, noun, at, onChange }: ValueProps) {
  const [shown, setShown] = useState(false)
  const hidden = row.isSecret && !shown
  const name = row.name === '' ? `${noun} ${at + 1}` : row.name
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <div className="relative min-w-0 flex-1 basis-40">
        <textarea
          rows={1}
          aria-label={`Value of ${name}`}
          className={`field grow-lines code-field ${row.isSecret ? '!pr-9' : ''} ${hidden ? 'masked' : ''}`}
          placeholder="value"
          spellCheck={false}
          autoComplete="off"
          value={row.value}
          onChange={(event) => onChange({ value: event.target.value })}
        />
        {row.isSecret && (
          <IconButton
            label={hidden ? `Show what is typed for ${name}` : `Hide what is typed for ${name}`}
            aria-pressed={!hidden}
            className="!absolute right-0.5 top-0.5 !size-7.5 touch:!size-10"
            onClick={() => setShown(hidden)}
          >
            {hidden ? <Eye /> : <EyeOff />}
          </IconButton>
        )}
      </div>
      <label className="flex cursor-pointer items-center gap-1.5 text-sm text-soft touch:min-h-11">
        <input
          type="checkbox"
          className="tick"
          aria-label={`${name} is secret`}
          checked={row.isSecret}
          onChange={(event) => onChange({ isSecret: event.target.checked })}
        />
        Secret
      </label>
    </div>
  )
}

function Kept({ row, hint, onReplace }: { row: SettingDraft; hint: string | null; onReplace: () => void }) {
  return (
    <div className="flex min-h-8.5 flex-wrap items-center gap-x-3 gap-y-1">
      <span className="inline-flex items-center gap-1.5 text-sm text-succeeded">
        <Glyph status="succeeded" size={13} />
        Set{hint === null ? '' : `, ends in …${hint}`}
      </span>
      <Button small aria-label={`Replace ${row.name}`} onClick={onReplace}>
        Replace
      </Button>
    </div>
  )
}
