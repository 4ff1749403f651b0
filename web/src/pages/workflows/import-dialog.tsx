// Brings workflows in from a file or a text: first shows what would happen, every program in full, then does it.

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { useState, type DragEvent } from 'react'
import type { Folder, ImportReport } from '#src/workflows/contract.ts'
import { askLibraryAgain, library, type ImportAsk } from '../../api/library.ts'
import { plural } from '../../lib/format.ts'
import { ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { ImportPreview } from './import-preview.tsx'
import { topName } from './tree.ts'

interface ImportDialogProps {
  folder: string
  folders: readonly Folder[]
  onClose: () => void
}

const conflictWords: Record<ImportAsk['onConflict'], string> = {
  copy: 'Keep both: the imported one becomes a copy',
  replace: 'Replace the one that is there',
  skip: 'Leave the one that is there',
}

export function ImportDialog({ folder, folders, onClose }: ImportDialogProps) {
  const [content, setContent] = useState('')
  const [from, setFrom] = useState<string>()
  const [path, setPath] = useState(folder)
  const [onConflict, setOnConflict] = useState<ImportAsk['onConflict']>('copy')
  const queries = useQueryClient()
  const toasts = useToasts()
  const look = useMutation({ mutationFn: () => library.import({ content, path, onConflict, dryRun: true }) })
  const take = useMutation({
    mutationFn: () => library.import({ content, path, onConflict, dryRun: false }),
    onSuccess: async (report) => {
      await askLibraryAgain(queries)
      void queries.invalidateQueries({ queryKey: ['mcp-servers'] })
      toasts.say(importedWords(report))
      onClose()
    },
  })
  const report = look.data

  async function read(file: File | undefined) {
    if (file === undefined) return
    setContent(await file.text())
    setFrom(file.name)
    look.reset()
  }

  function onDrop(event: DragEvent) {
    event.preventDefault()
    void read(event.dataTransfer.files[0])
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Import workflows"
      description="A bundle of Maestro, a Maistro configs.json, or a Goose recipe. Nothing is stored before you have seen what it holds."
      footer={
        report === undefined ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              look="primary"
              disabled={look.isPending}
              {...(content.trim() === '' ? { because: 'Choose a file or paste its text first.' } : {})}
              onClick={() => look.mutate()}
            >
              Look inside
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => look.reset()}>Back</Button>
            <Button
              look="primary"
              disabled={take.isPending}
              {...(report.workflows.every(({ action }) => action === 'skip')
                ? { because: 'There is nothing in it to import.' }
                : {})}
              onClick={() => take.mutate()}
            >
              {report.commands.length === 0 ? 'Import' : 'I have read the commands: import'}
            </Button>
          </>
        )
      }
    >
      {report !== undefined ? (
        <>
          <ImportPreview report={report} />
          {take.error !== null && (
            <div className="mt-4">
              <ErrorCard thrown={take.error} />
            </div>
          )}
        </>
      ) : (
        <div className="flex flex-col gap-4">
          <div role="presentation" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
            <label className="flex min-h-20 cursor-pointer flex-col items-center justify-center gap-1 rounded-lg border border-dashed border-edge px-4 py-3 text-center text-soft hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-brass-line">
              <input
                type="file"
                accept=".json,.yaml,.yml,application/json"
                className="sr-only"
                onChange={(event) => void read(event.target.files?.[0])}
              />
              <FileUp className="size-5 text-faint" />
              <span>{from ?? 'Choose a file, or drop one here'}</span>
            </label>
          </div>
          <Field label="Or paste its text">
            {(ties) => (
              <textarea
                {...ties}
                rows={7}
                spellCheck={false}
                className="field resize-y font-mono !text-xs"
                value={content}
                onChange={(event) => {
                  setContent(event.target.value)
                  setFrom(undefined)
                }}
              />
            )}
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Put them in">
              {(ties) => (
                <select
                  {...ties}
                  className="select field"
                  value={path}
                  onChange={(event) => setPath(event.target.value)}
                >
                  <option value="">{topName}</option>
                  {folders.map((each) => (
                    <option key={each.path} value={each.path}>
                      {each.path}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label="When one is there already">
              {(ties) => (
                <select
                  {...ties}
                  className="select field"
                  value={onConflict}
                  onChange={(event) => setOnConflict(event.target.value as ImportAsk['onConflict'])}
                >
                  {Object.entries(conflictWords).map(([value, words]) => (
                    <option key={value} value={value}>
                      {words}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          {look.error !== null && <ErrorCard thrown={look.error} />}
        </div>
      )}
    </Dialog>
  )
}

function importedWords(report: ImportReport): string {
  const done = report.workflows.filter(({ action }) => action !== 'skip').length
  const secrets = report.requiredSecrets.length
  return `Imported ${plural(done, 'workflow')}${secrets === 0 ? '' : `; ${plural(secrets, 'secret')} to enter`}`
}
