// What agents may do, in a real Chromium on a real server with sign-in on: a rule written as a sentence, a call that
// waits for it, decided by button and by key, the record of it, the brakes, and a client let in with a token of its own.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Approval, Brakes, Rule } from '#src/calls/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import { seriousIssues } from '#test/harness/axe.ts'
import { signedIn, startBrowser, tabTo, type TestBrowser } from '#test/harness/browser.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'

describe('approvals, rules, audit and brakes on the page', { skip: without('chromium') }, () => {
  const open = new AsyncDisposableStack()
  let server: TestServer
  let browser: TestBrowser
  let page: Page

  before(async () => {
    server = open.use(await startServer({ auth: true, env: { GOOSE_BIN: '/nowhere/goose' } }))
    browser = open.use(await startBrowser(server.url))
    page = await signedIn(await browser.person(), await server.signInLink())
  })
  after(() => open.disposeAsync())

  /** As a program calls, with the token `tests`. */
  const call = async (command: string) => {
    const response = await server.raw('POST', '/api/v1/tools/maestro_exec', { command, cwd: server.home })
    return {
      status: response.status,
      body: (await response.json()) as { code?: string; status?: string; detail?: string },
    }
  }
  const list = async <T>(path: string) => (await server.api<{ items: T[] }>('GET', path)).items
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
  const card = (command: string) => page.getByRole('article').filter({ hasText: command })

  test('a rule is written as a sentence, and says first what it would have met', async () => {
    await call('echo deploy one')
    await call('echo harmless')
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await heading('Audit')
    await page.getByRole('link', { name: 'Rules' }).click()
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor()
    await tabTo(page, 'Add a rule')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add a rule' })
    await dialog.getByLabel('Which tool').fill('maestro_exec')
    await dialog.getByLabel('Which command').fill('*deploy*')
    await dialog.getByLabel('Note').fill('Somebody looks first')
    await dialog.getByText(/It would have met 1 of the last \d+ recorded calls\./).waitFor()
    await dialog
      .getByRole('list', { name: 'Calls it would have met' })
      .getByText(/deploy one/)
      .waitFor()
    await dialog.getByRole('button', { name: 'Add rule' }).press('Enter')
    await page
      .getByRole('list', { name: 'Rules' })
      .getByText('any agent uses maestro_exec with a command like *deploy*', { exact: true })
      .waitFor()
    const [rule] = await list<Rule>('/rules')
    assert.deepEqual(
      [rule?.effect, rule?.tool, rule?.command, rule?.note, rule?.createdBy.kind],
      ['ask', 'maestro_exec', '*deploy*', 'Somebody looks first', 'browser'],
    )
  })

  test('a call that waits is seen on every page, shown as it would run, approved by a key, and passes once', async () => {
    const refused = await call('echo deploy two')
    assert.equal(refused.body.code, 'approval_required')
    await page.goto('/')
    await page.getByRole('region', { name: 'Waiting for your yes' }).getByText('echo deploy two').waitFor()
    await page.waitForFunction('document.title.startsWith("(1) ")')
    await page.getByRole('link', { name: /^Approvals.*1 call waiting/ }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await heading('Approvals')
    await card('echo deploy two').getByText('The token "tests" wants to run a command on local').waitFor()
    await card('echo deploy two')
      .getByText(/Somebody looks first/)
      .waitFor()
    await card('echo deploy two')
      .getByRole('timer')
      .getByText(/^9:\d\d left$/)
      .waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('y')
    await card('echo deploy two').getByText('Approved', { exact: true }).waitFor()
    assert.equal((await list<Approval>('/approvals'))[0]?.decidedVia, 'page')

    assert.equal((await call('echo deploy two')).body.status, 'succeeded')
    await card('echo deploy two').getByText('Approved and used').waitFor()
    assert.equal((await call('echo deploy two')).body.code, 'approval_required', 'the yes was for one call')
  })

  test('two wait: after a no the focus is on the next card and not on a button, and a second key is not taken for it', async () => {
    await call('echo deploy three')
    await page.goto('/approvals')
    await card('echo deploy two').first().waitFor()
    await card('echo deploy three').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('n')
    await page.keyboard.press('n')
    await page.locator('article:focus').filter({ hasText: 'echo deploy three' }).waitFor()
    const states = (await list<Approval>('/approvals')).map((each) => each.state)
    assert.deepEqual(states.slice(0, 2), ['pending', 'denied'])
    assert.match((await call('echo deploy two')).body.detail ?? '', /a person said no/)
  })

  test('the address in the hint of a waiting call leads to it, and it is decided there', async () => {
    const [waiting] = await list<Approval>('/approvals?state=pending')
    await page.goto(`/approvals/${waiting?.id}`)
    const button = card('echo deploy three').getByRole('button', { name: 'Everything that was sent' })
    await button.press('Enter')
    await card('echo deploy three').getByText('command:local:echo deploy three').waitFor()
    await card('echo deploy three').getByRole('button', { name: 'Approve once' }).press('Enter')
    await card('echo deploy three').getByText('Approved', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'To the approvals' }).click()
    const decided = page.getByRole('region', { name: 'Decided' })
    await decided.getByText('Denied', { exact: true }).waitFor()
    await decided.getByRole('link', { name: /wanted to run a command on local echo deploy three/ }).waitFor()
  })

  test('everything is on record, opened in place, narrowed, and its chain is whole', async () => {
    await page.goto('/audit')
    const calls = page.getByRole('region', { name: 'Calls' })
    await calls
      .getByRole('button', { name: /^Asked first/ })
      .first()
      .waitFor()
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('denied')
    await page.getByRole('searchbox', { name: 'What it touched' }).fill('deploy three')
    await calls
      .getByRole('button', { name: /^Succeeded/ })
      .first()
      .waitFor({ state: 'detached' })
    const row = calls.getByRole('button', { name: /^Asked first.*echo deploy three/ }).first()
    await row.press('Enter')
    await calls.getByText('Somebody looks first', { exact: false }).first().waitFor()
    await calls.getByRole('button', { name: 'Copy: Call' }).waitFor()
    await page.getByRole('button', { name: 'Verify the chain' }).press('Enter')
    await page.getByText(/^Unbroken: [\d,]+ rows/).waitFor()
  })

  test('a rule that is deleted comes back with Undo', async () => {
    await page.goto('/rules')
    await page.getByRole('button', { name: 'Delete the rule' }).press('Enter')
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor()
    assert.equal((await call('echo deploy free')).body.status, 'succeeded')
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await page.getByText('any agent uses maestro_exec with a command like *deploy*', { exact: true }).waitFor()
    assert.equal((await list<Rule>('/rules'))[0]?.note, 'Somebody looks first')
  })

  test('the brakes are one key away on any page, are seen on all while they hold, and stop all says what it ends', async () => {
    const { task_id } = await server.api<{ task_id: string }>('POST', '/tools/maestro_exec', {
      command: 'sleep 300',
      wait_s: 0,
    })
    await page.goto('/workflows')
    await heading('Workflows')
    await page.keyboard.press('!')
    const dialog = page.getByRole('dialog', { name: 'Brakes' })
    await dialog.getByRole('switch', { name: 'Read-only for agents' }).press('Space')
    const strip = page.getByRole('status', { name: 'Brakes' })
    await strip.getByText('Read-only', { exact: true }).waitFor()
    assert.match((await call('echo more')).body.detail ?? '', /read-only/)

    await dialog.getByRole('button', { name: 'Stop all…' }).press('Enter')
    const stop = page.getByRole('dialog', { name: 'Stop 1 command?' })
    await stop.getByRole('list', { name: 'What it stops' }).getByText('sleep 300').waitFor()
    await stop.getByRole('button', { name: 'Stop all and pause' }).press('Enter')
    await page.goto(`/tasks/${task_id}`)
    await page.getByRole('main').getByText('Stopped', { exact: true }).waitFor()
    assert.equal((await server.api<Task>('GET', `/tasks/${task_id}`)).status, 'cancelled')
    await strip.getByText('Paused and read-only').waitFor()
    assert.equal((await server.api<Brakes>('GET', '/brakes')).paused, true)

    await strip.getByRole('button', { name: 'Let it go on' }).press('Enter')
    await strip.waitFor({ state: 'detached' })
    assert.equal((await call('echo more')).body.status, 'succeeded')

    await page.keyboard.press('Control+k')
    await page.keyboard.type('pause every')
    await page.getByRole('option', { name: /Pause everything/ }).waitFor()
    await page.keyboard.press('Enter')
    await strip.getByText('Paused', { exact: true }).waitFor()
    await strip.getByRole('button', { name: 'Let it go on' }).press('Enter')
    await strip.waitFor({ state: 'detached' })
  })

  test('a client is let in: exact lines, over HTTP with a token of its own that stands there once; its call is seen', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await heading('Connect')
    await page
      .getByLabel('Lines for Claude Code')
      .getByText(/^claude mcp add .*maestro/)
      .waitFor()
    await page.getByRole('radio', { name: 'Over HTTP' }).click()
    const lines = page.getByLabel('Lines for Claude Code')
    await lines.getByText(/<token>/).waitFor()
    await page.getByLabel('Token for').fill('my claude')
    await page.getByRole('button', { name: 'Make a token and put it in' }).press('Enter')
    await page.getByText(/its value is shown this once/).waitFor()
    const token = /Bearer ([\w.-]+)/.exec(await lines.innerText())?.[1] ?? assert.fail('no token in the lines')
    const made = await server.raw(
      'POST',
      '/api/v1/tools/maestro_exec',
      { command: 'true' },
      { authorization: `Bearer ${token}` },
    )
    assert.equal(made.status, 200)
    await page.getByText(/^Last call: maestro_exec with the token "my claude"/).waitFor()
    await page.reload()
    await lines.getByText(/<token>/).waitFor()

    await page.getByRole('combobox', { name: 'Which tools it sees' }).selectOption('core')
    await lines.getByText(/profile=core/).waitFor()
  })

  test('on a phone in the dark nothing is cut off, and axe finds nothing serious', async () => {
    await call('echo deploy four')
    const person = await browser.person({
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      hasTouch: true,
      reducedMotion: 'reduce',
    })
    const phone = await signedIn(person, await server.signInLink())
    for (const [address, ready] of [
      ['/', phone.getByRole('region', { name: 'Waiting for your yes' })],
      ['/approvals', phone.getByRole('article')],
      ['/rules', phone.getByRole('list', { name: 'Rules' })],
      ['/rules?add=true', phone.getByText(/It would have met/)],
      ['/audit', phone.getByRole('button', { name: /^Asked first/ })],
      ['/connect', phone.getByLabel('Lines for Claude Code')],
      ['/connect?over=http', phone.getByLabel('Token for')],
    ] as const) {
      await phone.goto(address)
      await ready.first().waitFor()
      assert.deepEqual(await phone.evaluate<string[]>('inPage.tooWide()'), [], address)
      assert.deepEqual(await seriousIssues(phone), [], address)
    }
    await phone.goto('/')
    await phone.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: /^More/ }).tap()
    await phone.getByRole('navigation', { name: 'More' }).getByRole('button', { name: 'Brakes' }).tap()
    await phone.getByRole('dialog', { name: 'Brakes' }).waitFor()
    assert.deepEqual(await seriousIssues(phone), [])
    await person.close()
  })

  test('all the while: no error, nothing the content policy refused, no dialog, no request elsewhere', () => {
    const { errors, violations, dialogs, origins } = browser.watch
    assert.deepEqual(errors, [])
    assert.deepEqual(violations, [])
    assert.deepEqual(dialogs, [])
    assert.deepEqual([...origins], [server.url])
  })
})
