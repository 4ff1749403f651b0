// Words to find a workflow by. Enter or a comma adds one, Backspace in the empty field takes the last away.

import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { workflowsQuery } from '../../api/queries.ts'
import { tagsOf } from '../workflows/tree.ts'

interface TagsInputProps {
  id: string
  'aria-invalid': boolean
  'aria-describedby'?: string
  value: readonly string[]
  onChange: (tags: string[]) => void
}

export function TagsInput({ value, onChange, ...rest }: TagsInputProps) {
  const [text, setText] = useState('')
  const known = tagsOf(useQuery(workflowsQuery).data ?? []).filter((tag) => !value.includes(tag))
  const list = useId()
  function add(words: string) {
    const fresh = words
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
    onChange([...new Set([...value, ...fresh])])
    setText('')
  }
  return (
    <div className="field flex flex-wrap items-center gap-1 !py-1 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-brass-line">
      {value.map((tag) => (
        <span key={tag} className="inline-flex h-6 items-center rounded-md bg-sunken pl-2 text-sm touch:h-9">
          {tag}
          <button
            type="button"
            aria-label={`Remove the tag ${tag}`}
            onClick={() => onChange(value.filter((each) => each !== tag))}
            className="flex size-6 items-center justify-center rounded text-faint hover:text-ink touch:size-9"
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      <input
        {...rest}
        list={list}
        className="min-h-6 min-w-24 flex-1 bg-transparent outline-none placeholder:text-faint"
        placeholder={value.length === 0 ? 'weekly, review' : ''}
        value={text}
        onChange={(event) => (event.target.value.includes(',') ? add(event.target.value) : setText(event.target.value))}
        onBlur={() => {
          if (text.trim() !== '') add(text)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && text.trim() !== '') {
            event.preventDefault()
            add(text)
          } else if (event.key === 'Backspace' && text === '' && value.length > 0) onChange(value.slice(0, -1))
        }}
      />
      <datalist id={list}>
        {known.map((tag) => (
          <option key={tag} value={tag}>
            {tag}
          </option>
        ))}
      </datalist>
    </div>
  )
}
