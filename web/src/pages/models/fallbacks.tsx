// Models to try, in order, when a step's own model fails for a reason that another may not have.

import { arrayMove } from '@dnd-kit/sortable'
import { X } from 'lucide-react'
import type { ModelList, ModelRef } from '#src/llm/contract.ts'
import { models, useListWrite } from '../../api/providers.ts'
import { IconButton } from '../../ui/button.tsx'
import { SortableList, SortableRow } from '../../ui/sortable-list.tsx'
import { useToasts } from '../../ui/toast.tsx'

const most = 10
const keyOf = ({ provider, id }: ModelRef) => `${provider} ${id}`

export function Fallbacks({ list }: { list: ModelList }) {
  const toasts = useToasts()
  const write = useListWrite(models.setFallbacks)
  // What was just chosen is shown at once; the stored order comes back with the next answer.
  const shown = write.isPending ? [...write.variables] : list.fallbacks
  const rest = list.items.filter((model) => !shown.some((each) => keyOf(each) === keyOf(model)))
  const set = (next: readonly ModelRef[]) =>
    write.mutate(
      next.map(({ provider, id }) => ({ provider, id })),
      { onError: (thrown) => toasts.fail(thrown) },
    )

  return (
    <div className="flex flex-col gap-2">
      {shown.length === 0 ? (
        <p className="text-soft">None: a step whose model fails is tried again with the same one.</p>
      ) : (
        <SortableList
          label="Fallback models"
          className="panel flex flex-col divide-y divide-line px-2 py-1"
          keys={shown.map(keyOf)}
          onMove={(from, to) => set(arrayMove([...shown], from, to))}
        >
          {shown.map((model, at) => (
            <SortableRow key={keyOf(model)} id={keyOf(model)} handleLabel={`Move ${model.id}`}>
              <div className="flex min-h-8.5 min-w-0 flex-1 items-center gap-2">
                <span className="w-4 shrink-0 text-right text-sm text-faint">{at + 1}</span>
                <span className="min-w-0 flex-1 font-mono text-xs leading-5 wrap-anywhere">{model.id}</span>
                <IconButton label={`Take ${model.id} off the fallbacks`} onClick={() => set(shown.toSpliced(at, 1))}>
                  <X />
                </IconButton>
              </div>
            </SortableRow>
          ))}
        </SortableList>
      )}
      {rest.length > 0 && shown.length < most && (
        <select
          aria-label="Add a fallback model"
          className="select field"
          value=""
          disabled={write.isPending}
          onChange={(event) => {
            const model = rest.find((each) => keyOf(each) === event.target.value)
            if (model !== undefined) set([...shown, model])
          }}
        >
          <option value="">Add a fallback model</option>
          {rest.map((model) => (
            <option key={keyOf(model)} value={keyOf(model)}>
              {model.id}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
