// Two ways to use a page: with a mouse, and with a keyboard alone. A test that is written for hands holds for both.

import type { Page } from 'playwright-core'
import { tabTo } from './browser.ts'

type Role = 'button' | 'link' | 'checkbox' | 'combobox' | 'textbox'

export interface Hands {
  readonly name: string
  /** Presses, ticks, follows. */
  use(role: Role, name: string | RegExp): Promise<void>
  /** Goes to a field, takes out what is in it, and types. */
  write(name: string | RegExp, text: string): Promise<void>
  /** To a page of the rail: `keys` are what takes the keyboard there. */
  go(place: string, keys: string): Promise<void>
}

export function mouse(page: Page): Hands {
  return {
    name: 'by mouse',
    use: (role, name) =>
      page
        .getByRole(role, { name, ...exactly(name) })
        .first()
        .click(),
    async write(name, text) {
      await page.getByLabel(name, exactly(name)).first().click()
      await replace(page, text)
    },
    async go(place) {
      const main = page.getByRole('navigation', { name: 'Main' }).filter({ visible: true })
      const link = main.getByRole('link', { name: place, exact: true })
      if ((await link.count()) > 0) await link.click()
      else {
        await main.getByRole('button', { name: 'More' }).click()
        await page.getByRole('navigation', { name: 'More' }).getByRole('link', { name: place, exact: true }).click()
      }
      await arrived(page, place)
    },
  }
}

export function keyboard(page: Page): Hands {
  return {
    name: 'by keyboard',
    async use(role, name) {
      await tabTo(page, name)
      await page.keyboard.press(role === 'checkbox' ? 'Space' : 'Enter')
    },
    async write(name, text) {
      await tabTo(page, name)
      await replace(page, text)
    },
    async go(place, keys) {
      for (const key of keys.split(' ')) await page.keyboard.press(key)
      await arrived(page, place)
    },
  }
}

async function replace(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

const exactly = (name: string | RegExp) => (typeof name === 'string' ? { exact: true } : {})

const arrived = (page: Page, place: string) => page.getByRole('heading', { name: place, level: 1 }).waitFor()
