// Opens a sign-in link in the desktop's browser. The link goes through a private file, because the arguments
// of a program can be read by every user of the machine.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Io } from './io.ts'

/** The desktop's opener, or undefined where nobody looks at a screen. */
function desktopOpener(io: Io, platform: NodeJS.Platform = process.platform): string | undefined {
  const has = (name: string) => (io.env[name] ?? '') !== ''
  if (has('SSH_CONNECTION') || has('CI')) return undefined
  if (platform === 'darwin') return 'open'
  return has('WAYLAND_DISPLAY') || has('DISPLAY') ? 'xdg-open' : undefined
}

/**
 * True when a program was started. The file holds a link that works once and is overwritten the next time; it
 * lies in the data folder because packaged browsers may not read the temp folder.
 */
export async function openInBrowser(io: Io, dataDir: string, link: string): Promise<boolean> {
  const opener = desktopOpener(io)
  if (opener === undefined) return false
  const path = join(dataDir, 'sign-in.html')
  const target = JSON.stringify(link).replaceAll('<', '\\u003c')
  writeFileSync(
    path,
    `<!doctype html><meta charset="utf-8"><title>Maestro</title><script>location.replace(${target})</script>\n`,
    { mode: 0o600 },
  )
  return io.launch(opener, [pathToFileURL(path).href])
}
