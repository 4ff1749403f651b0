// Where one is (the breadcrumb, which takes drops too), the search and the tags.

import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ChevronRight, Search, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { route } from '../../api/paths.ts'
import { usePlace } from './drag.tsx'
import { crumbs, type Thing } from './tree.ts'

interface FinderProps {
  folder: string
  q: string
  tag: string | undefined
  tags: readonly string[]
  drawer: ReactNode
  placeOf: (thing: Thing) => string
  onLook: (part: { q?: string | undefined; tag?: string | undefined }) => void
  onEnter: (path: string) => void
}

const tagsShown = 12

export function Finder({ folder, q, tag, tags, drawer, placeOf, onLook }: FinderProps) {
  const way = crumbs(folder)
  const shownTags = tag !== undefined && !tags.slice(0, tagsShown).includes(tag) ? [tag, ...tags] : tags
  return (
    <div className="mb-3 flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-2">
        {drawer}
        <nav aria-label="Breadcrumb" className="min-w-0 flex-1 max-sm:basis-[60%]">
          <ol className="flex min-w-0 flex-wrap items-center text-sm">
            {way.map(({ path, name }, index) => (
              <li key={path} className="flex min-w-0 items-center">
                {index > 0 && <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 text-faint" />}
                <Crumb path={path} name={name} isHere={index === way.length - 1} placeOf={placeOf} />
              </li>
            ))}
          </ol>
        </nav>
        <div className="relative w-full sm:w-72">
          <Search className="pointer-events-none absolute left-3 top-1/2 size-4 -translate-y-1/2 text-faint" />
          <input
            data-search
            type="search"
            aria-label="Search workflows"
            placeholder={folder === '' ? 'Search names, prompts, tags' : 'Search in this folder'}
            className="field !pl-9"
            value={q}
            onChange={(event) => onLook({ q: event.target.value === '' ? undefined : event.target.value })}
          />
        </div>
      </div>
      {shownTags.length > 0 && (
        <div role="group" aria-label="Tags" className="flex flex-wrap gap-1.5">
          {shownTags.slice(0, tagsShown).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === tag}
              onClick={() => onLook({ tag: each === tag ? undefined : each })}
              className={clsx(
                'inline-flex h-6 items-center gap-1 rounded-full border px-2.5 text-xs touch:h-9',
                each === tag
                  ? 'border-brass-line bg-brass-wash font-medium text-ink'
                  : 'border-line text-soft hover:bg-hover hover:text-ink',
              )}
            >
              {each}
              {each === tag && <X aria-hidden="true" className="size-3" />}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function Crumb(props: { path: string; name: string; isHere: boolean; placeOf: (thing: Thing) => string }) {
  const { path, name, isHere } = props
  const place = usePlace('crumb', path, props.placeOf)
  return (
    <Link
      ref={place.ref}
      to={route.workflows}
      search={path === '' ? {} : { folder: path }}
      activeOptions={{ exact: true, includeSearch: true }}
      {...(isHere ? { 'aria-current': 'page' as const } : {})}
      className={clsx(
        'truncate rounded-md px-1.5 py-1 hover:bg-hover',
        isHere ? 'font-medium text-ink' : 'text-soft',
        place.isOver && 'bg-brass-wash outline-2 -outline-offset-2 outline-brass-line',
      )}
    >
      {name}
    </Link>
  )
}
