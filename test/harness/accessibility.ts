// What a person without a mouse or without sight needs of a page: a name on everything that acts, and a mark on
// what has the focus.

import type { Page } from 'playwright-core'

const interactive = new Set([
  'button',
  'checkbox',
  'combobox',
  'link',
  'listbox',
  'menuitem',
  'option',
  'radio',
  'searchbox',
  'slider',
  'spinbutton',
  'switch',
  'tab',
  'textbox',
])

interface AxNode {
  ignored: boolean
  role?: { value?: string }
  name?: { value?: string }
  backendDOMNodeId?: number
}

/** Roles, in Chromium's own accessibility tree, of what acts and says nothing. */
export async function unnamed(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  try {
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: AxNode[] }
    const acting = nodes.filter((node) => !node.ignored && interactive.has(node.role?.value ?? ''))
    if (acting.length === 0) return ['the tree has nothing that acts']
    return acting
      .filter((node) => (node.name?.value ?? '').trim() === '')
      .map((node) => `${node.role?.value} ${node.backendDOMNodeId}`)
  } finally {
    await session.detach()
  }
}

/**
 * Tabs once through the page. Names of what had the focus and did not show it: no outline, and not a pixel
 * different from when it has not.
 */
export async function focusUnseen(page: Page): Promise<string[]> {
  const unseen: string[] = []
  await page.evaluate('document.activeElement?.blur()')
  let first: string | undefined
  for (let press = 0; press < 120; press++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate<string>('inPage.focusedPath()')
    if (at === '' || at === first) break
    first ??= at
    if (await page.evaluate<boolean>('inPage.hasFocusOutline()')) continue
    const isSeen = await changesPicture(page)
    if (!isSeen) unseen.push(at)
  }
  return unseen
}

async function changesPicture(page: Page): Promise<boolean> {
  const clip = await page.evaluate<{ x: number; y: number; width: number; height: number }>('inPage.focusedBox()')
  const focused = await page.screenshot({ clip, animations: 'disabled' })
  await page.evaluate('inPage.blur()')
  const plain = await page.screenshot({ clip, animations: 'disabled' })
  await page.evaluate('inPage.focusAgain()')
  return !focused.equals(plain)
}
