// Where one can go: a rail beside the page; on phones a bar below it with the main places, and a drawer with the
// others. Only what works.

import { Link, useLocation } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Menu as MenuIcon, OctagonPause, Search } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { Fragment, useState } from 'react'
import { route } from '../api/paths.ts'
import { useWaitingCount } from '../api/policy.ts'
import { plural } from '../lib/format.ts'
import { Hint } from '../ui/button.tsx'
import { Mark } from './mark.tsx'
import { useFrame } from './frame.ts'
import { groups, mainPlaces, otherPlaces, type Place } from './places.ts'

const item =
  'group relative flex flex-col items-center justify-center gap-1 rounded-lg text-2xs font-medium text-faint hover:bg-hover hover:text-ink transition-colors duration-100'
const current = '!text-ink [&>svg]:text-brass-text'

interface PlaceLinkProps {
  place: Place
  className?: string
  onClick?: () => void
}

function PlaceLink({ place, className, onClick }: PlaceLinkProps) {
  const { pathname } = useLocation()
  // Rules are a page beside the audit, without a place of their own.
  const isBeside = place.to === route.audit && pathname === route.rules
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: place.to === route.score, includeSearch: false }}
      activeProps={{ className: clsx(current, 'bg-hover'), 'aria-current': 'page' }}
      className={clsx(item, isBeside && [current, 'bg-hover'], className)}
      onClick={onClick}
    >
      <place.Icon className="size-5" strokeWidth={1.75} aria-hidden="true" />
      {place.label}
      {place.to === route.approvals && <WaitingBadge />}
    </Link>
  )
}

/** How many calls wait for a yes. */
function WaitingBadge() {
  const count = useWaitingCount()
  if (count === 0) return null
  return (
    <span className="absolute right-3 top-0.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-waiting px-1 text-2xs font-semibold text-surface">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="sr-only">: {plural(count, 'call')} waiting</span>
    </span>
  )
}

export function Rail() {
  const { openPalette, openBrakes } = useFrame()
  return (
    <nav
      aria-label="Main"
      className="hidden w-21 shrink-0 flex-col items-stretch gap-1 overflow-y-auto border-r border-line bg-sunken px-1.5 py-3 md:flex"
    >
      <Link to={route.score} className="mb-2 flex justify-center rounded-lg py-1" aria-label="Maestro, to the score">
        <Mark className="size-9" />
      </Link>
      <Hint text="Find anything" keys="Ctrl K">
        <button type="button" onClick={openPalette} className={clsx(item, 'h-12 shrink-0')}>
          <Search className="size-5" strokeWidth={1.75} aria-hidden="true" />
          Search
        </button>
      </Hint>
      {groups.map((group) => (
        <Fragment key={group[0]?.to}>
          <hr className="mx-3 my-1 border-line" />
          {group.map((place) => (
            <PlaceLink key={place.to} place={place} className="h-12 shrink-0" />
          ))}
        </Fragment>
      ))}
      <Hint text="Pause, read-only, stop all" keys="!">
        <button type="button" onClick={openBrakes} className={clsx(item, 'mt-auto h-12 shrink-0')}>
          <OctagonPause className="size-5" strokeWidth={1.75} aria-hidden="true" />
          Brakes
        </button>
      </Hint>
    </nav>
  )
}

export function BottomBar() {
  const { openPalette, openBrakes } = useFrame()
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const isElsewhere = otherPlaces.some((place) => pathname.startsWith(place.to))

  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex h-14 items-stretch border-t border-line bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {mainPlaces.map((place) => (
        <PlaceLink key={place.to} place={place} className="min-w-0 flex-1 rounded-none" />
      ))}
      <button type="button" onClick={openPalette} className={clsx(item, 'min-w-0 flex-1 rounded-none')}>
        <Search className="size-5" strokeWidth={1.75} aria-hidden="true" />
        Search
      </button>
      <Radix.Root open={open} onOpenChange={setOpen}>
        <Radix.Trigger className={clsx(item, 'min-w-0 flex-1 rounded-none', isElsewhere && [current, 'bg-hover'])}>
          <MenuIcon className="size-5" strokeWidth={1.75} aria-hidden="true" />
          More
          <WaitingBadge />
        </Radix.Trigger>
        <Radix.Portal>
          <div className="shade fixed inset-0 z-40 md:hidden" aria-hidden="true" />
          <Radix.Content
            aria-describedby={undefined}
            className="enter fixed inset-x-0 bottom-0 z-50 rounded-t-xl border-t border-line bg-surface px-3 pt-3 pb-[calc(12px+env(safe-area-inset-bottom))] shadow-float outline-none md:hidden"
          >
            <Radix.Title className="sr-only">More places</Radix.Title>
            <nav aria-label="More" className="grid grid-cols-4 gap-1">
              {otherPlaces.map((place) => (
                <PlaceLink key={place.to} place={place} className="h-16" onClick={close} />
              ))}
              <button
                type="button"
                className={clsx(item, 'h-16')}
                onClick={() => {
                  close()
                  openBrakes()
                }}
              >
                <OctagonPause className="size-5" strokeWidth={1.75} aria-hidden="true" />
                Brakes
              </button>
            </nav>
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </nav>
  )
}
