// Commands in a real Chromium on a real server with sign-in on: run, followed while they print, searched, stopped,
// run again; with an output larger than a page can hold, and one that would do harm if a terminal drew it.

import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { CommandRecord } from '#src/fleet/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import { seriousIssues } from '#test/harness/axe.ts'
import { signedIn, startBrowser, tabTo, type TestBrowser } from '#test/harness/browser.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'

describe('commands on the page', { skip: without('chromium') }, () => {
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

  const start = async (command: string): Promise<string> =>
    (await server.api<{ task_id: string }>('POST', '/tools/maestro_exec', { command, wait_s: 0 })).task_id
  const state = (word: string) => page.getByRole('main').getByText(word, { exact: true }).first()
  const text = (stream: 'Output' | 'Errors' = 'Output') => page.getByRole('log', { name: `${stream}: text` })
  const choose = (stream: 'Output' | 'Errors') => page.getByRole('radio', { name: stream }).click()

  test('a command by keyboard: typed, run, read while it prints, with its colours, exit code and complaints', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor()
    await tabTo(page, 'Run a command')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Run a command' })
    await dialog.getByText(/^For .*as typed/).waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog.getByText('A command.', { exact: true }).waitFor()
    await page.keyboard.type(
      String.raw`echo first; printf '\033[31mred\033[0m plain\n'; echo oops >&2; while [ ! -e go ]; do sleep 0.05; done; echo last; exit 3`,
    )
    await tabTo(page, 'Folder')
    await page.keyboard.type(server.home)
    await tabTo(page, 'Command', 'Shift+Tab')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/\/tasks\/command_/)
    await text().getByText('first', { exact: true }).waitFor()
    await state('Running').waitFor()
    const red = text().getByText('red', { exact: true })
    assert.match((await red.getAttribute('class')) ?? '', /text-failed/)

    await server.api('POST', '/tools/maestro_exec', { command: `touch ${server.home}/go` })
    await text().getByText('last', { exact: true }).waitFor()
    await state('Failed').waitFor()
    await page.getByText('exit code 3').waitFor()
    await choose('Errors')
    await text('Errors').getByText('oops', { exact: true }).waitFor()

    const id = /command_\w+/.exec(page.url())?.[0]
    const record = await server.api<CommandRecord>('GET', `/tasks/${id}/command`)
    assert.equal(record.cwd, server.home)
  })

  test('what it prints is text: no markup, no title, no link, no cursor move gets through', async () => {
    const id = await start(
      String.raw`printf '<img src=x onerror=alert(1)> \033]0;owned\007\033[2J\033]8;;https://evil.example\033\\click\033]8;;\033\\ me\n10%%\r20%%\rdone\n'`,
    )
    await page.goto(`/tasks/${id}`)
    await text().getByText('<img src=x onerror=alert(1)> click me', { exact: true }).waitFor()
    await text().getByText('done', { exact: true }).waitFor()
    assert.equal(await text().locator('img, a').count(), 0)
    assert.match(await page.title(), /^printf /)
    assert.doesNotMatch(await text().innerText(), /20%|owned|evil/)
  })

  test('sixty megabytes: the end is there at once, the beginning one key away, the middle on demand, all of it to keep', async () => {
    const id = await start(
      String.raw`echo the beginning; yes 'a line of a long output' | head -c 60000000; echo; echo the end`,
    )
    await page.goto(`/tasks/${id}`)
    await state('Succeeded').waitFor({ timeout: 60_000 })
    await text().getByText('the end', { exact: true }).waitFor({ timeout: 30_000 })
    const drawn = () => text().locator('[data-index]').count()
    assert.ok((await drawn()) < 200, 'only what is in sight is drawn')
    await page.getByText(/57 MB printed.*left out$/).waitFor()

    await text().press('Home')
    await text().getByText('the beginning', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'To the end' }).click()
    await text().getByText('the end', { exact: true }).waitFor()

    await page.keyboard.press('Control+f')
    await page.getByRole('searchbox', { name: 'Find in the output' }).fill('THE BEGINNING')
    await page.getByText('1 of 1', { exact: true }).waitFor()
    await text().getByText('the beginning', { exact: true }).waitFor()
    await page.keyboard.press('Escape')

    const saved = page.waitForEvent('download', { timeout: 60_000 })
    await page.getByRole('button', { name: 'Download all of it' }).click()
    const { size } = await stat(await (await saved).path())
    assert.equal(size, 60_000_000 + 'the beginning\n\nthe end\n'.length)
  })

  test('stopping says what it does, asks, shows that it was asked, and ends', async () => {
    const id = await start(`trap 'sleep 1; exit 0' TERM; echo ready; while :; do sleep 0.1; done`)
    await page.goto(`/tasks/${id}`)
    await text().getByText('ready', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Stop this command?' })
    await dialog.getByText(/What it has done by then stays done/).waitFor()
    await dialog.getByRole('button', { name: 'Stop it' }).press('Enter')
    await page.getByText(/^Asked to stop/).waitFor()
    await state('Stopped').waitFor()
    assert.equal((await server.api<Task>('GET', `/tasks/${id}`)).status, 'cancelled')
  })

  test('the list says who ran what where, is walked by arrows and found by words; what ran is run again after a look', async () => {
    await page.goto('/tasks?kind=command')
    const list = page.getByRole('listbox', { name: 'Tasks' })
    await list.getByRole('option', { name: /Stopped.*trap.*token tests.*local/ }).waitFor()
    await page.getByRole('searchbox', { name: 'Find tasks' }).fill('exit 3')
    await list.getByRole('option', { name: /Failed.*echo first/ }).waitFor()
    assert.equal(await list.getByRole('option').count(), 1)
    await tabTo(page, 'Tasks')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/tasks\/command_/)
    const before = page.url()
    await page.getByRole('button', { name: 'Run again' }).click()
    const dialog = page.getByRole('dialog', { name: 'Run it again' })
    assert.match(await dialog.getByLabel('Command').inputValue(), /^echo first/)
    await dialog.getByLabel('Command').fill('echo again')
    await dialog.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForURL((url) => url.pathname.startsWith('/tasks/command_') && url.href !== before)
    await text().getByText('again', { exact: true }).waitFor()
  })

  test('a command that does not start says why, in the form', async () => {
    await page.goto('/tasks?run=true')
    const dialog = page.getByRole('dialog', { name: 'Run a command' })
    await dialog.getByLabel('Command').fill('pwd')
    await dialog.getByLabel('Folder').fill('/nowhere/at/all')
    await browser.expectErrors(/status of 4\d\d/, async () => {
      await dialog.getByRole('button', { name: 'Run', exact: true }).click()
      await dialog
        .getByRole('alert')
        .getByText(/\/nowhere\/at\/all/)
        .first()
        .waitFor()
    })
    assert.match(page.url(), /\/tasks\?run=true$/)
  })

  test('a server that goes and comes back under a watcher: nothing is missing and nothing is there twice', async () => {
    const id = await start('for i in $(seq 1 40); do echo "number $i"; sleep 0.1; done')
    await page.goto(`/tasks/${id}`)
    await text().getByText('number 3', { exact: true }).waitFor()
    await page.reload()
    await state('Succeeded').waitFor()
    await text().getByText('number 40', { exact: true }).waitFor()
    const shown = (await text().locator('[data-index]').allInnerTexts()).map((line) => line.trim())
    const last = shown.slice(shown.indexOf('number 30'))
    assert.deepEqual(
      last,
      Array.from({ length: 11 }, (_, at) => `number ${30 + at}`),
    )
  })

  test('on a phone in the dark nothing is cut off, and axe finds nothing serious', async () => {
    const id = await start(
      String.raw`for c in 31 32 33 34 35 36 90; do printf "\033[${'${c}'}mcolour $c\033[0m "; done; echo`,
    )
    const person = await browser.person({
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      hasTouch: true,
      reducedMotion: 'reduce',
    })
    const phone = await signedIn(person, await server.signInLink())
    for (const [address, ready] of [
      ['/tasks', phone.getByRole('option', { name: /colour/ })],
      ['/tasks?run=true', phone.getByRole('dialog').getByText(/as typed/)],
      [`/tasks/${id}`, phone.getByText('colour 90', { exact: true })],
    ] as const) {
      await phone.goto(address)
      await ready.first().waitFor()
      assert.deepEqual(await phone.evaluate<string[]>('inPage.tooWide()'), [], address)
      assert.deepEqual(await seriousIssues(phone), [], address)
    }
    await person.close()
  })

  test('all the while: no error, nothing the content policy refused, no dialog, no request elsewhere', () => {
    const { errors, violations, dialogs, origins } = browser.watch
    assert.deepEqual(errors, [])
    assert.deepEqual(violations, [])
    assert.deepEqual(dialogs, [])
    assert.deepEqual(
      [...origins].filter((origin) => origin !== 'blob:'),
      [server.url],
    )
  })
})
