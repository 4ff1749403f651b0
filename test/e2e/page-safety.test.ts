// What agents, workflows and their authors write is text to the page, whatever it says: no script runs, nothing is
// fetched, the content policy has nothing to refuse, and one can read it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Run, Workflow } from '#src/workflows/contract.ts'
import { signedIn, startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { flat } from '#test/harness/page-truth.ts'
import { payloads, type Payload } from '#test/harness/payloads.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'

describe('the page takes what it is told for text', { skip: without('chromium') }, () => {
  let canary: { url: string; asked: string[] }
  let corpus: Payload[]
  let server: TestServer
  let browser: TestBrowser
  let page: Page
  let run: Run
  const open = new AsyncDisposableStack()

  before(async () => {
    canary = await startCanary(open)
    corpus = payloads(canary.url)
    server = open.use(await startServer({ auth: true }))
    browser = open.use(await startBrowser(server.url))
    page = await signedIn(await browser.person(), await server.signInLink())
    run = await server.run({ ...hostile(corpus), agent: 'fake' })
  })
  after(() => open.disposeAsync())

  /** Nothing acted on the page as it stands, and nothing in it could. */
  async function assertHarmless(what: string): Promise<void> {
    assert.equal(await page.evaluate('window.pwned'), undefined, `script ran on ${what}`)
    assert.deepEqual(await page.evaluate<string[]>('inPage.live()'), [], `something live on ${what}`)
  }

  async function assertReadable(shown: string, wanted: readonly string[], what: string): Promise<void> {
    const text = flat(shown)
    const missing = wanted.filter((each) => !text.includes(flat(each)))
    assert.deepEqual(missing, [], `not to be read on ${what}`)
  }

  test('the corpus bites where nothing defends: scripts run and the canary is asked', async () => {
    await using careless = await startBrowser('about:blank')
    const victim = await (await careless.person()).newPage()
    for (const { text } of corpus.slice(0, 25)) {
      await victim.setContent(`<!doctype html><body>${text}`, { waitUntil: 'load' })
    }
    assert.ok(careless.watch.dialogs.length > 8, `${careless.watch.dialogs.length} dialogs`)
    assert.ok(canary.asked.length > 3, `${canary.asked.length} requests`)
    canary.asked.length = 0
  })

  test('an agent’s answer: every payload is read in it, inline and as a block of its own', async () => {
    assert.ok(corpus.length >= 100)
    assert.equal(run.steps[0]?.status, 'succeeded', JSON.stringify(run.error))
    await page.goto(`/runs/${run.id}`)
    const region = page.getByRole('region', { name: /^Step 1:/ })
    // One text an answer, then the last words.
    await region.locator('.prose').nth(corpus.length).getByText('the end').waitFor()
    const answer = (await region.locator('.prose').allTextContents()).join('\n')
    await assertReadable(
      answer,
      corpus.map(({ mark }) => `${mark} says`),
      'the answer',
    )
    for (const literal of ['<script>alert(top.pwned=1)</script>', '<svg onload=', '<iframe srcdoc="<script>'])
      await assertReadable(answer, [literal], 'the answer')
    const links = await region.locator('.prose a').all()
    assert.ok(links.length > 0, 'a link to the web stays a link')
    for (const link of links) assert.match((await link.getAttribute('href')) ?? '', /^https?:\/\//)
    await assertHarmless('the run')
  })

  test('its prompt, its tool calls, its error, and the raw log', async () => {
    const region = page.getByRole('region', { name: /^Step 1:/ })
    await region.getByRole('button', { name: 'Whole prompt' }).click()
    const prompt = await region.locator('.whitespace-pre-wrap').first().textContent()
    await assertReadable(
      prompt ?? '',
      corpus.map(({ text }) => text),
      'the prompt',
    )
    const calls = page.getByRole('region', { name: /^Step 2:/ })
    await calls.getByRole('button', { name: /earlier calls/ }).click()
    await calls.locator('button[aria-expanded=false]').evaluateAll((rows) => {
      for (const row of rows) (row as unknown as { click(): void }).click()
    })
    await calls
      .getByText('Input', { exact: true })
      .nth(corpus.length - 1)
      .waitFor()
    await page.getByRole('alert').getByText('<img/src=x/onerror=alert(top.pwned=1)>').waitFor()
    await assertHarmless('the opened tool calls')
    await page.keyboard.press('l')
    const log = page.getByRole('log', { name: 'Raw log' })
    await log.waitFor()
    await page.getByRole('textbox', { name: 'Filter lines' }).fill('P001')
    await log.getByText('<script>alert(top.pwned=1)</script>').first().waitFor()
    await assertHarmless('the raw log')
  })

  test('names, descriptions, folders and models, on every page that shows them', async () => {
    const { name } = hostile(corpus)
    const id = run.workflowId
    for (const [address, place] of [
      ['/', page.getByRole('main')],
      [`/?panel=${run.id}`, page.getByRole('complementary', { name: 'Run preview' })],
      ['/workflows?q=img', page.getByRole('main')],
      ['/runs', page.getByRole('listbox', { name: 'Runs' })],
      [`/workflows/${id}`, page.getByRole('heading', { level: 1 })],
    ] as const) {
      await page.goto(address)
      await place
        .getByText(name)
        .first()
        .or(place.filter({ hasText: name }))
        .first()
        .waitFor()
      await assertHarmless(address)
    }
    const field = page.getByRole('textbox', { name: 'Prompt of step 1' })
    if ((await field.count()) === 0) await page.getByRole('button', { name: /^P001/ }).first().click()
    await field.waitFor()
    await assertHarmless('the editor')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('img')
    await page.getByRole('option', { name: `Run ${name}` }).waitFor()
    await assertHarmless('the palette')
  })

  test('a conflict and a deletion, which repeat names in their own words', async () => {
    const workflow = await server.createWorkflow(hostile(corpus.slice(0, 3)))
    await page.goto(`/workflows/${workflow.id}`)
    await page.getByRole('textbox', { name: 'Description' }).fill('<img src=x onerror=alert(top.pwned=1)>')
    await server.api<Workflow>('PUT', `/workflows/${workflow.id}`, {
      ...hostile(corpus.slice(0, 2)),
      ifVersion: workflow.version,
    })
    const dialog = page.getByRole('dialog', { name: 'Someone else saved this workflow' })
    await browser.expectErrors(/status of 409/, async () => {
      await page.keyboard.press('Control+s')
      await dialog.getByText('<img src=x onerror=alert(top.pwned=1)>').first().waitFor()
    })
    await assertHarmless('the conflict')
    await dialog.getByRole('button', { name: 'Take theirs' }).click()
    await page.goto('/workflows?q=img')
    const row = page.getByRole('listitem').filter({ hasText: workflow.name }).first()
    await row.getByRole('button', { name: /^More for/ }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await assertHarmless('the question')
    await page.getByRole('button', { name: 'Delete workflow' }).click()
    await page.getByText(`Deleted "${workflow.name}"`).waitFor()
    await assertHarmless('the toast')
  })

  test('all the while: no dialog, no error, nothing refused by the content policy, no one else asked', () => {
    const { dialogs, errors, violations, origins } = browser.watch
    assert.deepEqual(dialogs, [])
    assert.deepEqual(errors, [])
    assert.deepEqual(violations, [])
    assert.deepEqual([...origins], [server.url])
    assert.deepEqual(canary.asked, [])
  })
})

/** Every field a person can fill, filled with payloads; three turns that answer, call tools and fail with them. */
function hostile(corpus: readonly Payload[]) {
  const name = '"><img src=x onerror=alert(top.pwned=1)> \u202Egpj.exe <script>alert(top.pwned=2)</script>'
  // A call between two answers makes each answer a text of its own: an open fence or comment ends with it.
  const answers = corpus.map(({ mark, text }) => `[[say ${mark} says ${text}\n\n${text}\n]] [[tool note {}]]`)
  const calls = corpus.map(({ text }) => `[[tool <img/src=x/onerror=alert(top.pwned=1)> ${JSON.stringify({ text })}]]`)
  return {
    name,
    description: '<svg onload=alert(top.pwned=1)> [a](javascript:alert(top.pwned=1))',
    path: '<img src=x onerror=alert(top.pwned=1)>/<b>',
    model: '<img/src=x/onerror=alert(top.pwned=1)>',
    steps: steps(
      { text: `${answers.join('\n')} [[say the end]]`, name: 'P001 <script>alert(top.pwned=1)</script>' },
      { text: `${calls.join('\n')} [[say done]]`, name: '<iframe srcdoc="<script>alert(top.pwned=1)</script>">' },
      { text: '[[error <img/src=x/onerror=alert(top.pwned=1)>]]', maxRetries: 0 },
    ),
  }
}

/** Answers anyone, so that what got out would go on acting. */
async function startCanary(open: AsyncDisposableStack): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}
