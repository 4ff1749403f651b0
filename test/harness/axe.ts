// axe-core on a page as it stands: what the rules of WCAG 2.2 A and AA find. Told to the page by the debugger,
// so that its content policy has no say and stays as it is.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

interface Found {
  id: string
  impact: string | null
  help: string
  nodes: { html: string; target: unknown[]; any: { message: string }[]; all: { message: string }[] }[]
}

const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
let source: Promise<string> | undefined

/** Rules about parts that a page of one application must have; all others count as they are. */
const options = JSON.stringify({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  // It would fetch style sheets; none of the rules asked for needs them.
  preload: false,
})

/**
 * What axe calls serious or critical, one line an element: the rule, what is wrong, the element.
 * @throws when axe cannot run on the page.
 */
export async function seriousIssues(page: Page): Promise<string[]> {
  source ??= readFile(path, 'utf8')
  if (!(await page.evaluate<boolean>('typeof window.axe === "object"')))
    await page.evaluate(`${await source};undefined`)
  const found = await page.evaluate<Found[]>(`axe.run(document, ${options}).then((result) => result.violations)`)
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ html, any, all }) =>
          `${id}: ${[...any, ...all].map((each) => each.message).join('; ') || help} ${html.slice(0, 200)}`,
      ),
    )
}
