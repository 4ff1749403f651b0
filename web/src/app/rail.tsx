// Where one can go: a rail beside the page, a bar below it on phones. Only what works.

import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Bot, ListMusic, Music4, Search, Settings, Play } from 'lucide-react'
import { route } from '../api/paths.ts'
import { Hint } from '../ui/button.tsx'
import { Mark } from './mark.tsx'
import { useFrame } from './frame.ts'
import type { TopRoute } from './shortcuts.ts'

interface Entry {
  to: TopRoute
  label: string
  Icon: typeof Bot
  keys: string
}

export const entries: readonly Entry[] = [
  { to: route.score, label: 'Score', Icon: Music4, keys: 'g s' },
  { to: route.workflows, label: 'Workflows', Icon: ListMusic, keys: 'g w' },
  { to: route.runs, label: 'Runs', Icon: Play, keys: 'g r' },
  { to: route.agents, label: 'Agents', Icon: Bot, keys: 'g a' },
  { to: route.settings, label: 'Settings', Icon: Settings, keys: 'g ,' },
]

const item =
  'group relative flex flex-col items-center justify-center gap-1 rounded-lg text-2xs font-medium text-faint hover:bg-hover hover:text-ink transition-colors duration-100'
const current = '!text-ink [&>svg]:text-brass-text'

function RailLink({ entry, className }: { entry: Entry; className?: string }) {
  return (
    <Link
      to={entry.to}
      activeOptions={{ exact: entry.to === route.score, includeSearch: false }}
      activeProps={{ className: clsx(current, 'bg-hover'), 'aria-current': 'page' }}
      className={clsx(item, className)}
    >
      <entry.Icon className="size-5" strokeWidth={1.75} aria-hidden="true" />
      {entry.label}
    </Link>
  )
}

export function Rail() {
  const { openPalette } = useFrame()
  return (
    <nav
      aria-label="Main"
      className="hidden w-21 shrink-0 flex-col items-stretch gap-1 border-r border-line bg-sunken px-2 py-3 md:flex"
    >
      <Link to={route.score} className="mb-2 flex justify-center rounded-lg py-1" aria-label="Maestro, to the score">
        <Mark className="size-9" />
      </Link>
      <Hint text="Find anything" keys="Ctrl K">
        <button type="button" onClick={openPalette} className={clsx(item, 'h-14')}>
          <Search className="size-5" strokeWidth={1.75} aria-hidden="true" />
          Search
        </button>
      </Hint>
      <hr className="mx-3 my-1 border-line" />
      {entries.slice(0, 3).map((entry) => (
        <RailLink key={entry.to} entry={entry} className="h-14" />
      ))}
      <hr className="mx-3 my-1 border-line" />
      {entries.slice(3, 4).map((entry) => (
        <RailLink key={entry.to} entry={entry} className="h-14" />
      ))}
      <span className="flex-1" />
      {entries.slice(4).map((entry) => (
        <RailLink key={entry.to} entry={entry} className="h-14" />
      ))}
    </nav>
  )
}

export function BottomBar() {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex h-14 items-stretch border-t border-line bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {entries.map((entry) => (
        <RailLink key={entry.to} entry={entry} className="flex-1 rounded-none" />
      ))}
    </nav>
  )
}
