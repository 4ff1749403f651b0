// Pictures of pages at three widths in both themes, for people to look at. Nothing is compared.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { signedIn, type TestBrowser } from './browser.ts'
import { enter, type Scene } from './scenes.ts'
import type { TestServer } from './server.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 360, height: 740 },
] as const

interface ShotsOptions {
  browser: TestBrowser
  server: TestServer
  scenes: readonly Scene[]
  folder: string
}

/** One PNG a scene, size and theme: `editor.360.dark.png`. */
export async function takeShots({ browser, server, scenes, folder }: ShotsOptions): Promise<void> {
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
      for (const scene of scenes) {
        await enter(page, scene)
        await page.evaluate('document.fonts.ready.then(() => undefined)')
        const path = join(folder, `${scene.name}.${viewport.width}.${colorScheme}.png`)
        await page.screenshot({ path, animations: 'disabled' })
      }
      await person.close()
    }
  }
}
