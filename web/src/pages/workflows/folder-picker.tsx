// One folder of all, as a list of radio buttons in the shape of the tree: arrows choose.

import { clsx } from 'clsx'
import { Folder as FolderIcon, Library } from 'lucide-react'
import { useId } from 'react'
import type { Folder } from '#src/workflows/contract.ts'
import { crumbs, nameOf } from './tree.ts'

interface FolderPickerProps {
  label: string
  folders: readonly Folder[]
  value: string
  onChange: (path: string) => void
}

export function FolderPicker({ label, folders, value, onChange }: FolderPickerProps) {
  const name = useId()
  const paths = ['', ...folders.map((folder) => folder.path)]
  return (
    <fieldset className="max-h-72 overflow-y-auto rounded-lg border border-line p-1">
      <legend className="sr-only">{label}</legend>
      {paths.map((path) => {
        const Icon = path === '' ? Library : FolderIcon
        return (
          <label
            key={path}
            style={{ paddingLeft: 8 + (crumbs(path).length - 1) * 16 }}
            className={clsx(
              'flex min-h-8 cursor-pointer items-center gap-2 rounded-md pr-2 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-brass-line touch:min-h-11',
              path === value && 'bg-brass-wash font-medium',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={path === value}
              onChange={() => onChange(path)}
              className="sr-only"
            />
            <Icon className="size-4 shrink-0 text-faint" />
            <span className="truncate">{nameOf(path)}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
