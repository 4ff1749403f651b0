// The page in a real Chromium on a real server with sign-in on: the first minute, writing, running, watching,
// stopping and finding again, through reloads and a killed server, by keyboard wherever a person would; in the
// dark on a phone; and with nothing refused, missing or sent elsewhere on the way.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { RunSummary, Workflow } from '#src/workflows/contract.ts'
import { startBrowser, signedIn, tabTo, type TestBrowser } from '#test/harness/browser.ts'
import { focusUnseen, unnamed } from '#test/harness/accessibility.ts'
import { assertShowsTheLog, stepRegion, waitingRun } from '#test/harness/page-truth.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'
import { enter, everyScene, type Scene } from '#test/harness/scenes.ts'
import { takeShots } from '#test/harness/shots.ts'
import { without } from '#test/parts.ts'

const base = { agent: 'fake', model: 'sample/violin' }
const refused =
  /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/

describe('the page', { skip: without('chromium') }, () => {
  let server: TestServer
  let browser: TestBrowser
  let me: BrowserContext
  let page: Page
  const open = new AsyncDisposableStack()

  before(async () => {
    server = open.use(await startServer({ auth: true, keepPort: true, env: { GOOSE_BIN: '/nowhere/goose' } }))
    browser = open.use(await startBrowser(server.url))
    me = await browser.person()
    page = await me.newPage()
  })
  after(() => open.disposeAsync())

  const workflowOf = (name: string, prompts: Parameters<typeof steps>, more: object = {}): Promise<Workflow> =>
    server.createWorkflow({ ...base, ...more, name, steps: steps(...prompts) })

  const region = (number: number) => stepRegion(page, number)
  const status = (word: string, on = page) => on.getByRole('main').getByText(word, { exact: true }).first()
  const idOf = (url: string): string => /run_\w+/.exec(url)?.[0] ?? assert.fail(`${url} names no run`)

  test('who is not signed in sees how to; a link signs one browser in, once', async () => {
    await browser.expectErrors(/status of 401/, async () => {
      await page.goto('/')
      await page.getByRole('heading', { name: 'Sign in to Maestro' }).waitFor()
      await page.getByText('maestro open').waitFor()
      await page.goto('/runs')
      await page.getByRole('heading', { name: 'Sign in to Maestro' }).waitFor()

      const link = await server.signInLink()
      await page.goto(link)
      await page.getByRole('heading', { name: 'Score', level: 1 }).waitFor()

      const other = await browser.person()
      const theirs = await other.newPage()
      const answer = await theirs.goto(link)
      assert.equal(answer?.status(), 401)
      await theirs.getByRole('heading', { name: 'This link does not sign you in' }).waitFor()
      await theirs.goto('/')
      await theirs.getByRole('heading', { name: 'Sign in to Maestro' }).waitFor()
      await other.close()
    })
  })

  test('the first minute: the sample has been played, and a key opens what it said', async () => {
    const note = page.getByRole('button', { name: /^First light: succeeded/ })
    await note.waitFor()
    await page.getByRole('region', { name: 'First steps' }).waitFor()
    await page.getByRole('link', { name: '+ New Workflow' }).waitFor()
    await tabTo(page, /^First light: succeeded/)
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: 'Run preview' })
    await panel.getByText('Succeeded', { exact: true }).first().waitFor()
    await panel.getByRole('heading', { name: 'Last answer' }).waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  })

  test('write a workflow of two prompts, a model each, save it and run it, all by keyboard', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('w')
    await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor()
    await tabTo(page, '+ New Workflow')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'New workflow', level: 1 }).waitFor()
    await page.keyboard.type('By hand')
    await tabTo(page, 'Prompt of step 1')
    await page.keyboard.type('Say one [[stream 30 10]]')
    await chooseModel('Model of step 1: Use Default Model', 'sample/violin')
    await tabTo(page, 'Add Prompt')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Prompt of step 2' }).waitFor()
    await page.keyboard.type('[[say Two it is]]')
    await chooseModel('Model of step 2: Use Default Model', 'sample/cello')
    await tabTo(page, 'Limits and recovery')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Time limit')
    await page.keyboard.type('soon')
    await page.keyboard.press('Control+s')
    await page.getByText('A time from 1 s to 24 h, such as 10 min.').waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('90 s')
    await tabTo(page, 'Retries')
    await page.keyboard.type('3')
    await tabTo(page, 'Agent')
    await page.keyboard.type('Rehearsal')
    await page.keyboard.press('Control+s')
    await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()

    const [found] = (await server.api<{ items: Workflow[] }>('GET', '/workflows')).items.filter(
      (each) => each.name === 'By hand',
    )
    const stored = await server.api<Workflow>('GET', `/workflows/${found?.id}`)
    assert.equal(stored.agent, 'fake')
    assert.deepEqual(
      stored.steps.map((step) => [step.text, step.model]),
      [
        ['Say one [[stream 30 10]]', 'sample/violin'],
        ['[[say Two it is]]', 'sample/cello'],
      ],
    )
    assert.deepEqual([stored.steps[1]?.timeoutSec, stored.steps[1]?.maxRetries], [90, 3])

    await tabTo(page, 'Run Now', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/runs\/run_/)
    await status('Succeeded').waitFor()
    await assertShowsTheLog(page, server, idOf(page.url()))
    await region(2).getByText('cello', { exact: true }).waitFor()
  })

  async function chooseModel(label: string, model: string): Promise<void> {
    await tabTo(page, label)
    await page.keyboard.press('Enter')
    await page.getByPlaceholder('Find a model, or type its id').waitFor()
    await page.keyboard.type(model)
    await page.getByRole('option', { name: `Use ${model}` }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: `${label.split(':')[0]}: ${model}` }).waitFor()
  }

  test('an answer is read while it is spoken; a reload in the middle shows all of it once', async () => {
    const workflow = await workflowOf('Long answer', ['[[stream 120 20]]', '[[say And then]]'])
    const run = await server.startRun(workflow.id)
    await page.goto(`/runs/${run.id}`)
    await region(1)
      .getByText(/word5\b/)
      .waitFor()
    assert.equal((await server.api<RunSummary>('GET', `/runs/${run.id}`)).status, 'running', 'it still speaks')
    await status('Running').waitFor()
    await page.reload()
    await region(1)
      .getByText(/word20\b/)
      .waitFor()
    await status('Running').waitFor()
    await status('Succeeded').waitFor()
    await assertShowsTheLog(page, server, run.id)
  })

  test('stop while it speaks: it says so, and what was said stays', async () => {
    const workflow = await workflowOf('Stopped in the middle', ['[[stream 2000 20]]', 'never'])
    const run = await server.startRun(workflow.id)
    await page.goto(`/runs/${run.id}`)
    await region(1)
      .getByText(/word10\b/)
      .waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
    await status('Stopped').waitFor()
    await region(2).getByText('Skipped').waitFor()
    await page.getByRole('button', { name: 'Re-run' }).waitFor()
    const ended = await server.ended(run.id)
    assert.equal(ended.status, 'cancelled')
    assert.match(ended.steps[0]?.output ?? '', /word10 /)
    await assertShowsTheLog(page, server, run.id)
  })

  test('a failed run says what failed and what to do, with the button that does it', async () => {
    const prompts = ['First', { text: '[[error model_not_found]]', maxRetries: 0 }, 'never']
    const run = await server.run({ ...base, name: 'Fails', steps: steps(...prompts) })
    await page.goto(`/runs/${run.id}`)
    const card = page.getByRole('alert')
    await card.getByText(run.steps[1]?.error?.message ?? assert.fail('it failed')).waitFor()
    await card.getByText('Reason: model not found.').waitFor()
    if (run.error?.hint !== undefined) await card.getByText(run.error.hint).waitFor()
    await status('Failed').waitFor()
    await card.getByRole('link', { name: 'Edit the workflow' }).press('Enter')
    await page.getByRole('heading', { name: 'Fails', level: 1 }).waitFor()

    const keyless = await server.run({ name: 'Needs a key', agent: 'goose', model: 'lab/x', steps: steps('hi') })
    await page.goto(`/runs/${keyless.id}`)
    await card.getByText(keyless.error?.hint ?? assert.fail('it says what to do')).waitFor()
    await card.getByRole('link', { name: 'Open the keys' }).press('Enter')
    await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
  })

  test('a run that waits says for what, and goes on or ends as one chooses', async () => {
    const workflow = await workflowOf('Asks first', [{ text: '[[stream 60 25]]', mode: 'full' }, 'after'])
    const [first, second] = [await waitingRun(server, workflow), await waitingRun(server, workflow)]
    const waits = page.getByRole('alert').filter({ hasText: 'This run waits' })

    await page.goto('/')
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor()
    await page.goto(`/runs/${first}`)
    await waits.getByText(/was cut off/).waitFor()
    await waits.getByRole('button', { name: 'Resume' }).press('Enter')
    await status('Succeeded').waitFor()
    await page.getByRole('button', { name: /^Attempt 1:/ }).waitFor()

    await page.goto(`/runs/${second}`)
    await waits.getByRole('button', { name: 'Cancel run' }).press('Enter')
    await status('Stopped').waitFor()
    assert.equal((await server.ended(second)).status, 'cancelled')
  })

  test('history: every run is listed, walked by arrows, opened by Enter, found by its state', async () => {
    await page.goto('/runs')
    const list = page.getByRole('listbox', { name: 'Runs' })
    await list.waitFor()
    const { items } = await server.api<{ items: RunSummary[] }>('GET', '/runs')
    assert.equal(await list.getByRole('option').count(), items.length)
    await list.getByText('unknown', { exact: true }).first().waitFor()
    await tabTo(page, 'State')
    await tabTo(page, 'Runs')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: 'Run preview' })
    await panel.getByRole('heading', { name: items[1]?.workflowName ?? '' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/runs/${items[1]?.id}`))

    await page.goto('/runs')
    await tabTo(page, 'State')
    await page.keyboard.type('Stopped')
    await list.getByRole('option', { name: /Stopped in the middle/ }).waitFor()
    await list
      .getByRole('option', { name: /Succeeded/ })
      .first()
      .waitFor({ state: 'detached' })
    const stopped = items.filter((run) => run.status === 'cancelled').length
    assert.equal(await list.getByRole('option').count(), stopped)
  })

  test('the server is killed under a watcher: a bar says so, and when it is back the page has everything', async () => {
    const workflow = await workflowOf('Outlives the server', ['[[stream 150 30]]', '[[say After]]'])
    const run = await server.startRun(workflow.id)
    await page.goto(`/runs/${run.id}`)
    await region(1)
      .getByText(/word10\b/)
      .waitFor()
    await browser.expectErrors(refused, async () => {
      await server.kill()
      const bar = page.getByRole('status').getByText('No connection to Maestro')
      await bar.waitFor()
      await server.restart()
      await bar.waitFor({ state: 'detached', timeout: 30_000 })
      await status('Succeeded').waitFor({ timeout: 30_000 })
    })
    await assertShowsTheLog(page, server, run.id)
  })

  test('two tabs save the same workflow: the second sees both texts and decides', async () => {
    const workflow = await workflowOf('Shared', ['As it was'])
    const other = await me.newPage()
    for (const tab of [page, other]) {
      await tab.goto(`/workflows/${workflow.id}`)
      await tab.getByText('As it was').first().waitFor()
    }
    const saved = page.waitForResponse((response) => response.request().method() === 'PUT')
    await rewrite(page, 'Mine')
    assert.equal((await saved).status(), 200)
    await browser.expectErrors(/status of 409/, async () => {
      await rewrite(other, 'Theirs')
      const dialog = other.getByRole('dialog', { name: 'Someone else saved this workflow' })
      await dialog.getByText(/^−?\s*Stored: .*Mine/).waitFor()
      await dialog.getByText(/^\+?\s*Yours: .*Theirs/).waitFor()
      await dialog.getByRole('button', { name: 'Keep mine' }).press('Enter')
      await dialog.waitFor({ state: 'detached' })
    })
    assert.equal((await server.api<Workflow>('GET', `/workflows/${workflow.id}`)).steps[0]?.text, 'Theirs')
    await other.close()
  })

  async function rewrite(tab: Page, text: string): Promise<void> {
    await tab.getByRole('textbox', { name: 'Prompt of step 1' }).focus()
    await tab.keyboard.press('Control+a')
    await tab.keyboard.type(text)
    await tab.keyboard.press('Control+s')
  }

  test('everything one can act on has a name, and shows it when it has the focus', async () => {
    for (const scene of await everyScene(server)) {
      await enter(page, scene)
      assert.deepEqual(await unnamed(page), [], `without a name on ${scene.name}`)
      assert.deepEqual(await focusUnseen(page), [], `focus not seen on ${scene.name}`)
    }
  })

  test('in the dark on a phone: nothing scrolls sideways and the main actions are in reach', async () => {
    const phone = await browser.person({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true })
    const small = await signedIn(phone, await server.signInLink())
    for (const scene of await everyScene(server)) {
      await enter(small, scene)
      assert.deepEqual(await small.evaluate<string[]>('inPage.tooWide()'), [], scene.name)
    }
    const workflow = await workflowOf('On a phone', ['[[stream 2000 20]]'])
    await small.goto(`/workflows/${workflow.id}`)
    await small.getByRole('button', { name: 'Save', exact: true }).waitFor()
    await small.getByRole('button', { name: 'Run now' }).tap()
    await small.waitForURL(/\/runs\/run_/)
    await small.getByText(/word5\b/).waitFor()
    await small.getByRole('button', { name: 'Stop', exact: true }).tap()
    await status('Stopped', small).waitFor()
    await small.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'More' }).tap()
    await small.getByRole('navigation', { name: 'More' }).getByRole('link', { name: 'Settings' }).tap()
    await small.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await phone.close()
  })

  test(
    'pictures of every page',
    { skip: process.env['MAESTRO_SHOTS'] === undefined && 'only with MAESTRO_SHOTS=<folder>' },
    async () => {
      const waiting = await waitingRun(
        server,
        await workflowOf('Waits', [{ text: '[[stream 60 25]]', mode: 'full' }, 'after']),
      )
      const speaking = await server.startRun((await workflowOf('Speaks', ['[[stream 2000 100]]', 'then'])).id)
      const findAnything = (tab: Page) => tab.keyboard.press('Control+k')
      const scenes: Scene[] = [
        ...(await everyScene(server)),
        { name: 'waiting', address: `/runs/${waiting}` },
        { name: 'waiting-panel', address: `/?panel=${waiting}` },
        { name: 'speaking', address: `/runs/${speaking.id}` },
        { name: 'palette', address: '/', act: findAnything },
      ]
      await takeShots({
        browser,
        server,
        scenes,
        folder: process.env['MAESTRO_SHOTS'] ?? '',
      })
    },
  )

  test('all the while: no error, nothing the content policy refused, no dialog, no request elsewhere', () => {
    const { errors, violations, dialogs, origins } = browser.watch
    assert.deepEqual(errors, [])
    assert.deepEqual(violations, [])
    assert.deepEqual(dialogs, [])
    assert.deepEqual([...origins], [server.url])
  })
})
