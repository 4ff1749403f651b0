// Models to try in order when the one before failed for a reason that the next may not have.

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import type { FallbackModel } from '#src/workflows/contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ModelBox } from '../../ui/model-box.tsx'

interface FallbacksProps {
  /** `step 2`, `the workflow` */
  name: string
  /** Null: as the level above says. */
  value: FallbackModel[] | null | undefined
  onChange: (value: FallbackModel[] | null) => void
}

const most = 10

export function Fallbacks({ name, value, onChange }: FallbacksProps) {
  const list = value ?? []
  const set = (next: FallbackModel[]) => onChange(next.length === 0 ? null : next)
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-soft">Fallback models</legend>
      <ol className="flex flex-col gap-1.5">
        {list.map((each, index) => (
          <li key={index} className="flex items-center gap-1">
            <div className="min-w-0 flex-1">
              <ModelBox
                label={`Fallback ${index + 1} of ${name}`}
                defaultLabel="Choose a model"
                value={{ provider: each.provider ?? null, model: each.model }}
                onChange={({ provider, model }) =>
                  set(model === null ? list.toSpliced(index, 1) : list.with(index, { provider, model }))
                }
              />
            </div>
            <IconButton
              label={`Try fallback ${index + 1} earlier`}
              disabled={index === 0}
              onClick={() => set(list.with(index, list[index - 1] ?? each).with(index - 1, each))}
            >
              <ArrowUp />
            </IconButton>
            <IconButton
              label={`Try fallback ${index + 1} later`}
              disabled={index === list.length - 1}
              onClick={() => set(list.with(index, list[index + 1] ?? each).with(index + 1, each))}
            >
              <ArrowDown />
            </IconButton>
            <IconButton label={`Remove fallback ${index + 1}`} onClick={() => set(list.toSpliced(index, 1))}>
              <X />
            </IconButton>
          </li>
        ))}
      </ol>
      {list.length < most && (
        <div className="mt-1.5 flex items-center gap-2">
          <Plus className="size-3.5 text-faint" aria-hidden="true" />
          <ModelBox
            compact
            label={`Another fallback of ${name}`}
            defaultLabel={list.length === 0 ? 'Add a fallback' : 'Add another'}
            value={{ provider: null, model: null }}
            onChange={({ provider, model }) => {
              if (model !== null) set([...list, { provider, model }])
            }}
          />
          {list.length > 0 && (
            <Button small look="quiet" onClick={() => onChange(null)}>
              None
            </Button>
          )}
        </div>
      )}
      <p className="mt-1 text-xs text-faint">Tried in order when a model is out of reach, over its limit or unknown.</p>
    </fieldset>
  )
}
