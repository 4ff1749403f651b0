// Pictures of pages at three widths in both themes, for people to look at. Nothing is compared.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { signedIn, type TestBrowser } from './browser.ts'
import type { TestServer } from './server.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 360, height: 740 },
] as const

interface ShotsOptions {
  browser: TestBrowser
  server: TestServer
  addresses: readonly string[]
  settled: (page: Page, address: string) => Promise<void>
  folder: string
}

/** One PNG an address, size and theme: `runs-id-raw.360.dark.png`. */
export async function takeShots({ browser, server, addresses, settled, folder }: ShotsOptions): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of sizes) {
      const person = await browser.person({
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        hasTouch: viewport.width < 500,
      })
      const page = await signedIn(person, await server.signInLink())
      for (const address of addresses) {
        await settled(page, address)
        await page.evaluate('document.fonts.ready.then(() => undefined)')
        const path = join(folder, `${nameOf(address)}.${viewport.width}.${colorScheme}.png`)
        await page.screenshot({ path, animations: 'disabled' })
      }
      await person.close()
    }
  }
}

function nameOf(address: string): string {
  const plain = address.replaceAll(/(run|wf)_\w+/g, 'id').replaceAll(/[^a-z0-9]+/gi, '-')
  return plain.replaceAll(/^-|-$/g, '') || 'score'
}
