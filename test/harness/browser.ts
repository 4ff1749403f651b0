// A real Chromium on the page of a test server, and everything that must never happen in it: what it complains
// of, what its content policy refused, and where it sent requests.

import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findPart } from '../parts.ts'

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What happened in all pages of the contexts it was given. */
export interface Watch {
  /** Console errors and uncaught exceptions. */
  readonly errors: string[]
  /** Reports of the content policy. */
  readonly violations: string[]
  /** Origins that were asked, `data:` and `blob:` by their scheme. */
  readonly origins: Set<string>
  /** `alert`, `confirm`, `prompt` and the like. */
  readonly dialogs: string[]
}

export interface TestBrowser extends AsyncDisposable {
  readonly watch: Watch
  /** A browser of its own: cookies, storage, theme, size. */
  person(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Chromium reports every refused request; in `work` those like `pattern` are meant. Others stay on the list. */
  expectErrors(pattern: RegExp, work: () => Promise<void>): Promise<void>
}

/** One Chromium; every context of it is watched from before its first page. */
export async function startBrowser(baseURL: string): Promise<TestBrowser> {
  const executablePath = findPart('chromium')
  if (executablePath === undefined) throw new Error('no Chromium here')
  const browser: Browser = await chromium.launch({ executablePath, args: switches })
  const watch: Watch = { errors: [], violations: [], origins: new Set(), dialogs: [] }
  return {
    watch,
    async person(options = {}) {
      const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 }, ...options })
      context.setDefaultTimeout(15_000)
      await context.exposeBinding('reportViolation', (_source, text: string) => watch.violations.push(text))
      await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') })
      context.on('request', (request) => {
        const url = new URL(request.url())
        watch.origins.add(url.origin === 'null' ? url.protocol : url.origin)
      })
      context.on('console', (message) => {
        if (message.type() !== 'error') return
        const { url } = message.location()
        watch.errors.push(`${message.text()} ${url === '' ? '' : new URL(url).pathname}`.trim())
      })
      context.on('weberror', (error) => watch.errors.push(`uncaught: ${error.error().message}`))
      context.on('dialog', (dialog) => {
        // Leaving with unsaved work asks; whoever opens it on purpose takes it off the list.
        watch.dialogs.push(`${dialog.type()}: ${dialog.message()}`)
        void dialog.dismiss()
      })
      return context
    },
    async expectErrors(pattern, work) {
      const already = watch.errors.length
      await work()
      watch.errors.push(...watch.errors.splice(already).filter((error) => !pattern.test(error)))
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
    },
  }
}

/** Opens a page that is signed in by a fresh link, on the Score. */
export async function signedIn(context: BrowserContext, link: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('heading', { name: 'Score', level: 1 }).waitFor()
  return page
}

/** Where the keyboard is. */
const focusedName = (page: Page): Promise<string> => page.evaluate<string>('inPage.focusedName()')

/**
 * Presses Tab until the element of that name has the focus, as a person without a mouse does.
 * @throws after 80 presses, with the names that were passed.
 */
export async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press(key)
    const at = await focusedName(page)
    if (typeof name === 'string' ? at === name : name.test(at)) return
    passed.push(at.slice(0, 60))
  }
  throw new Error(`Tab does not reach ${String(name)}; it passed ${passed.join(' | ')}`)
}
