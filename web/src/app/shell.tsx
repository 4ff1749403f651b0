// The frame: rail (a bottom bar on phones), top bar, one scroll area, side panel. Also holds what is
// always one key away: the palette, the list of keys, and the thin bar while Maestro is out of reach.

import { Outlet, useNavigate } from '@tanstack/react-router'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { useLiveFeed } from '../api/live.ts'
import { Skeleton } from '../ui/bits.tsx'
import { BrakesDialog, BrakesStrip } from './brakes.tsx'
import { FrameContext, type Frame } from './frame.ts'
import { KeysHelp } from './keys-help.tsx'
import { Palette } from './palette.tsx'
import { BottomBar, Rail } from './rail.tsx'
import { SidePanel } from './side-panel.tsx'
import { useShortcuts } from './shortcuts.ts'

/** A blip is not worth a bar. */
const offlineAfterMs = 1_200

export function Shell() {
  const feed = useLiveFeed()
  const [open, setOpen] = useState<'palette' | 'keys' | 'brakes' | null>(null)
  const navigate = useNavigate()
  const frame = useMemo<Frame>(
    () => ({
      openPalette: () => setOpen('palette'),
      openKeys: () => setOpen('keys'),
      openBrakes: () => setOpen('brakes'),
    }),
    [],
  )
  useShortcuts({
    palette: frame.openPalette,
    keys: frame.openKeys,
    brakes: frame.openBrakes,
    go: (to) => void navigate({ to }),
  })

  return (
    <FrameContext value={frame}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:left-2 focus:top-2 focus:z-50 focus:rounded-lg focus:bg-brass focus:px-3 focus:py-2 focus:text-brass-ink"
      >
        Skip to content
      </a>
      <OfflineBar offline={feed === 'offline'} />
      <div className="flex h-full min-h-0">
        <Rail />
        <div className="flex min-w-0 flex-1 flex-col pb-14 md:pb-0">
          <BrakesStrip onOpen={frame.openBrakes} />
          <Suspense
            fallback={
              <div className="p-6">
                <Skeleton />
              </div>
            }
          >
            <Outlet />
          </Suspense>
        </div>
        <SidePanel />
      </div>
      <BottomBar />
      <Palette
        open={open === 'palette'}
        onClose={() => setOpen(null)}
        onKeys={frame.openKeys}
        onBrakes={frame.openBrakes}
      />
      <BrakesDialog open={open === 'brakes'} onClose={() => setOpen(null)} />
      <KeysHelp open={open === 'keys'} onClose={() => setOpen(null)} />
    </FrameContext>
  )
}

function OfflineBar({ offline }: { offline: boolean }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!offline) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), offlineAfterMs)
    return () => clearTimeout(timer)
  }, [offline])
  if (!shown) return null
  return (
    <div role="status" className="fixed inset-x-0 top-0 z-50 flex justify-center">
      <div className="h-0.5 w-full bg-waiting" />
      <p className="enter absolute top-1 rounded-full bg-waiting-wash px-3 py-0.5 text-xs font-medium text-waiting shadow-float">
        No connection to Maestro. Trying again; nothing is lost.
      </p>
    </div>
  )
}
