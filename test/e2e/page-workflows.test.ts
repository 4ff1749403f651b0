// The library, the editor, versions, import and export, the run page and the list of runs in a real Chromium on a
// real server: by mouse, by keys alone, through reloads; and nothing refused, missing or sent elsewhere on the way.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Download, Page } from 'playwright-core'
import type { Folder, Run, RunSummary, Workflow, WorkflowSummary } from '#src/workflows/contract.ts'
import { signedIn, startBrowser, tabTo, type TestBrowser } from '#test/harness/browser.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'

const base = { agent: 'fake', model: 'sample/violin' }

describe('the page’s workflows', { skip: without('chromium') }, () => {
  const open = new AsyncDisposableStack()
  let server: TestServer
  let browser: TestBrowser
  let page: Page

  before(async () => {
    server = open.use(await startServer({ auth: true }))
    browser = open.use(await startBrowser(server.url))
    const me = await browser.person({ acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] })
    page = await signedIn(me, await server.signInLink())
  })
  after(() => open.disposeAsync())

  const make = (name: string, more: object = {}): Promise<Workflow> =>
    server.createWorkflow({ ...base, name, steps: steps('[[say One]]'), ...more })
  const list = async () => (await server.api<{ items: WorkflowSummary[] }>('GET', '/workflows')).items
  const folders = async () =>
    (await server.api<{ items: Folder[] }>('GET', '/folders')).items.map(({ path }) => path).sort()
  const pathOf = async (id: string) => (await server.api<Workflow>('GET', `/workflows/${id}`)).path ?? ''
  const row = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) })
  const said = (text: string | RegExp) => page.getByRole('status').getByText(text)
  const textOf = async (download: Download) => readFile(await download.path(), 'utf8')

  async function menu(name: string, item: string) {
    await page.getByRole('button', { name: `More for ${name}`, exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

  test('folders are made, entered and found again in the address, by keys alone', async () => {
    await page.goto('/workflows')
    await tabTo(page, '+ New Folder')
    await page.keyboard.press('Enter')
    await page.keyboard.type('team/reviews')
    await page.keyboard.press('Enter')
    const tree = page.getByRole('tree', { name: 'Folders' })
    await tree.getByRole('treeitem', { name: /^team / }).waitFor()
    assert.deepEqual(await folders(), ['team', 'team/reviews'])

    await tree.getByRole('treeitem', { name: /^All workflows/ }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await tree.getByRole('treeitem', { name: /^reviews / }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/folder=team%2Freviews/)
    await page.getByRole('heading', { name: '"reviews" is empty' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '"reviews" is empty' }).waitFor()
    assert.equal(await tree.getByRole('treeitem', { selected: true }).count(), 1)

    await page.getByRole('main').getByRole('link', { name: 'Write a workflow here' }).press('Enter')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Review')
    assert.equal(await page.getByLabel('Folder', { exact: true }).inputValue(), 'team/reviews')
    await page.getByRole('textbox', { name: 'Prompt of step 1' }).focus()
    await page.keyboard.type('Read the diff')
    await page.keyboard.press('Control+s')
    await said('Saved').waitFor()
    assert.deepEqual(
      (await list()).filter(({ name }) => name === 'Review').map(({ path }) => path),
      ['team/reviews'],
    )
  })

  test('a workflow goes to a folder by mouse, by keys and by a dialog, and comes back by Undo', async () => {
    const { id } = await make('Wanderer')
    await page.goto('/workflows')
    const target = page.getByRole('treeitem', { name: /^team / })
    const from = (await row('Wanderer').boundingBox()) ?? assert.fail('it is on show')
    const to = (await target.boundingBox()) ?? assert.fail('it is on show')
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(from.x + 20, from.y + 5, { steps: 4 })
    await page.mouse.move(to.x + 40, to.y + to.height / 2, { steps: 6 })
    await page.mouse.up()
    await said('Moved "Wanderer" to "team"').waitFor()
    assert.equal(await pathOf(id), 'team')
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('Wanderer').waitFor()
    assert.equal(await pathOf(id), '')

    await page.getByRole('button', { name: 'Take Wanderer to another folder' }).focus()
    await page.keyboard.press('Space')
    const spoken = page.locator('[aria-live="assertive"]')
    for (let press = 0; press < 12 && !(await spoken.innerText()).includes('Over team.'); press++) {
      await page.keyboard.press('ArrowDown')
      // The live region speaks with the next frame.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    }
    await page.keyboard.press('Space')
    await row('Wanderer').waitFor({ state: 'detached' })
    assert.equal(await pathOf(id), 'team')

    await page.goto('/workflows?folder=team')
    await menu('Wanderer', 'Move to…')
    const dialog = page.getByRole('dialog', { name: 'Move "Wanderer"' })
    await dialog.getByRole('radio', { name: 'reviews' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Move to reviews' }).click()
    await row('Wanderer').waitFor({ state: 'detached' })
    assert.equal(await pathOf(id), 'team/reviews')
  })

  test('rename, duplicate, delete and take back', async () => {
    const { id } = await make('Before')
    await page.goto('/workflows')
    await menu('Before', 'Rename…')
    await page.getByRole('dialog').getByLabel('Name').fill('After')
    await page.keyboard.press('Enter')
    await row('After').waitFor()
    await menu('After', 'Duplicate')
    await said(/^Made "After/).waitFor()
    assert.equal((await list()).filter(({ name }) => name.startsWith('After')).length, 2)

    await menu('After', 'Delete')
    await page.getByRole('button', { name: 'Delete workflow' }).click()
    await said('Deleted "After"').waitFor()
    await row('After').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('After').waitFor()
    assert.equal((await server.api<Workflow>('GET', `/workflows/${id}`)).name, 'After')
  })

  test('search finds what only a prompt says; tags narrow; what is ticked is in the address and moves together', async () => {
    await make('Alpha', { path: 'team', tags: ['weekly'], steps: steps('Look for the heffalump') })
    await make('Beta', { tags: ['weekly'] })
    await page.goto('/workflows')
    await page.getByRole('searchbox', { name: 'Search workflows' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('heffalump')
    await row('team / Alpha').waitFor()
    await row('Beta').waitFor({ state: 'detached' })
    assert.match(page.url(), /q=heffalump/)

    await page.goto('/workflows')
    await page.getByRole('button', { name: 'weekly' }).click()
    await row('team / Alpha').waitFor()
    await page.getByRole('link', { name: 'team / Alpha' }).focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.getByText('2 selected').waitFor()
    await page.reload()
    await page.getByText('2 selected').waitFor()
    const exported = page.waitForEvent('download')
    await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Export' }).click()
    const bundle = JSON.parse(await textOf(await exported)) as { maestroBundle: number; workflows: { name: string }[] }
    assert.equal(bundle.maestroBundle, 1)
    assert.deepEqual(bundle.workflows.map(({ name }) => name).sort(), ['Alpha', 'Beta'])
    await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Move to…' }).click()
    await page.getByRole('dialog').getByRole('radio', { name: 'reviews' }).check({ force: true })
    await page.getByRole('dialog').getByRole('button', { name: 'Move to reviews' }).click()
    await said('Moved 2 items').waitFor()
    const moved = (await list()).filter(({ name }) => name === 'Alpha' || name === 'Beta')
    assert.deepEqual(
      moved.map(({ path }) => path),
      ['team/reviews', 'team/reviews'],
    )
  })

  test('a folder that is deleted gives what is in it to the one above', async () => {
    await page.goto('/workflows?folder=team')
    await menu('reviews', 'Delete…')
    const dialog = page.getByRole('dialog', { name: 'Delete the folder "reviews"?' })
    await dialog.getByText(/No workflow is deleted.*move up to "team"/).waitFor()
    await dialog.getByRole('button', { name: 'Delete folder' }).click()
    await row('Alpha').waitFor()
    assert.deepEqual(await folders(), ['team'])
    assert.deepEqual(
      [...new Set((await list()).filter(({ name }) => name === 'Review').map(({ path }) => path))],
      ['team'],
    )
  })

  test('import shows every command before anything is stored, and imports what an export gave', async () => {
    const recipe = [
      'version: 1.0.0',
      'title: From a recipe',
      'description: What it does',
      'prompt: Say hello',
      'extensions:',
      '  - type: stdio',
      '    name: notes',
      '    cmd: /opt/notes server',
      '    args: ["--quiet", "a b"]',
    ].join('\n')
    const before = (await list()).length
    await page.goto('/workflows')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Import workflows' })
    await dialog.getByLabel('Or paste its text').fill(recipe)
    await dialog.getByRole('button', { name: 'Look inside' }).click()
    await dialog
      .getByRole('list', { name: 'Commands' })
      .getByText(/\/opt\/notes server.*a b/)
      .waitFor()
    assert.equal((await list()).length, before, 'nothing is stored yet')
    await dialog.getByRole('button', { name: 'I have read the commands: import' }).waitFor()
    await dialog.getByRole('button', { name: 'Back' }).click()

    const { id } = await make('Exported')
    const bundle = await server.api('GET', `/export?workflowId=${id}`)
    await dialog.getByLabel('Or paste its text').fill(JSON.stringify(bundle))
    await dialog.getByRole('button', { name: 'Look inside' }).click()
    await dialog.getByText('becomes a copy').waitFor()
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await said('Imported 1 workflow').waitFor()
    assert.equal((await list()).length, before + 2)

    await browser.expectErrors(/status of 400/, async () => {
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await dialog.getByLabel('Or paste its text').fill('{ "no": "bundle" }')
      await dialog.getByRole('button', { name: 'Look inside' }).click()
      await dialog.getByRole('alert').waitFor()
    })
  })

  test('the editor: prompts by keys, servers of each, what follows, a circle said where it is, saved as written', async () => {
    await server.api('POST', '/mcp-servers', { name: 'Files', command: '/bin/files', defaultEnabled: true })
    await server.api('POST', '/mcp-servers', { name: 'Browser', command: '/bin/browser' })
    const next = await make('Follower')
    await page.goto('/workflows/new')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Written')
    await page.getByRole('textbox', { name: 'Prompt of step 1' }).focus()
    await page.keyboard.type('First')
    await page.getByRole('button', { name: 'Add Prompt' }).press('Enter')
    await page.getByRole('textbox', { name: 'Prompt of step 2' }).waitFor()
    await page.keyboard.type('Second')
    await page.keyboard.press('Alt+ArrowUp')
    const servers = page.getByRole('button', { name: /^MCP Servers/ })
    assert.match((await servers.first().textContent()) ?? '', /MCP Servers1/, 'new prompts have those on by default')
    await servers.first().click()
    const dialog = page.getByRole('dialog', { name: 'MCP servers of step 1' })
    await dialog.getByRole('checkbox', { name: 'Browser' }).check()
    await dialog.getByRole('checkbox', { name: 'Files' }).uncheck()
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await page.getByLabel('Session of step 2').selectOption('fresh')
    await page.getByLabel('Money').fill('1.50')
    await page.getByLabel('Tokens', { exact: true }).fill('200k')
    await page.getByRole('button', { name: 'Run another workflow…' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Follower/ })
      .click()
    await page.getByLabel('Preserve session').check()
    await page.keyboard.press('Control+s')
    await said('Saved').waitFor()
    const found = (await list()).find(({ name }) => name === 'Written') ?? assert.fail('it was saved')
    const stored = await server.api<Workflow>('GET', `/workflows/${found.id}`)
    assert.deepEqual(
      stored.steps.map(({ text, mcpServerIds, session }) => [text, mcpServerIds?.length, session ?? null]),
      [
        ['Second', 1, null],
        ['First', 1, 'fresh'],
      ],
    )
    assert.notDeepEqual(stored.steps[0]?.mcpServerIds, stored.steps[1]?.mcpServerIds)
    assert.deepEqual([stored.maxCostUsd, stored.maxTokens], [1.5, 200_000])
    assert.deepEqual(stored.onSuccess, { workflowId: next.id, preserveSession: true, enabled: true })

    await page.goto(`/workflows/${next.id}`)
    await page.getByRole('button', { name: 'Run another workflow…' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Written/ })
      .click()
    await page
      .getByRole('group', { name: 'On success' })
      .getByText(/Written/)
      .nth(1)
      .waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const guard = page.getByRole('dialog', { name: 'Leave without saving?' })
    await guard.getByText('On success').waitFor()
    await guard.getByRole('button', { name: 'Discard changes' }).click()
    await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor()
  })

  test('versions: every saved state, what it changed, and back to it', async () => {
    const first = await make('Grown', { steps: steps('Label each by area.') })
    const { version } = await server.api<Workflow>('PUT', `/workflows/${first.id}`, {
      ...base,
      name: 'Grown',
      steps: steps('Label each by area and urgency.'),
      ifVersion: first.version,
    })
    assert.notEqual(version, first.version)
    await page.goto(`/workflows/${first.id}`)
    await page.getByRole('button', { name: 'Versions' }).click()
    const dialog = page.getByRole('dialog', { name: 'Versions' })
    await dialog.getByRole('list', { name: 'Difference' }).locator('mark').filter({ hasText: 'urgency' }).waitFor()
    await dialog.getByRole('list', { name: 'Versions' }).getByRole('button').nth(1).click()
    await dialog.getByRole('button', { name: 'Restore this version' }).click()
    await said('Went back to that version').waitFor()
    assert.equal((await server.api<Workflow>('GET', `/workflows/${first.id}`)).steps[0]?.text, 'Label each by area.')
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Prompt of step 1' }).getByText('Label each by area.').waitFor()
  })

  test('a run beside the one before it; again from a step; what belongs to it; its commands', async () => {
    const follower = await make('Last in line')
    const workflow = await make('Compared', {
      steps: steps('[[say It is one thing]]', '[[say Second]]'),
      onSuccess: { workflowId: follower.id, preserveSession: false, enabled: true },
    })
    await server.ended((await server.startRun(workflow.id)).id)
    const { version } = await server.api<Workflow>('GET', `/workflows/${workflow.id}`)
    await server.api('PUT', `/workflows/${workflow.id}`, {
      ...base,
      name: 'Compared',
      steps: steps('[[say It is another thing]]', '[[say Second]]'),
      onSuccess: { workflowId: follower.id, preserveSession: false, enabled: true },
      maxTokens: 1_000_000,
      ifVersion: version,
    })
    const run = await server.ended((await server.startRun(workflow.id)).id)
    const chained = await server.until(run.id, ({ triggeredRunIds }) => triggeredRunIds.length === 1)
    await page.goto(`/runs/${run.id}`)
    await page.getByRole('meter', { name: 'Tokens' }).waitFor()
    await page.getByRole('link', { name: /^Started run_/ }).waitFor()
    await page.getByRole('button', { name: 'Model calls' }).press('Enter')
    await page.getByText('None went through the gateway of this Maestro.').waitFor()
    await page.getByRole('region', { name: /^Step 1/ }).click()
    await page.keyboard.press('c')
    const compared = page.getByRole('region', { name: 'Comparison' })
    await compared.locator('mark').filter({ hasText: 'another' }).waitFor()
    await compared.getByText('the prompt was another one').waitFor()
    await compared.getByText('The answers are the same.').waitFor()
    await compared.getByRole('radio', { name: 'Side by side' }).click()
    await compared.getByText('It is one thing').first().waitFor()
    await page.keyboard.press('c')

    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('menuitem', { name: 'curl that runs it' }).click()
    await said('Copied the curl command').waitFor()
    const curl = await page.evaluate<string>('navigator.clipboard.readText()')
    assert.ok(curl.includes(`/api/v1/workflows/${workflow.id}/runs`))
    assert.ok(!curl.includes('maestro_'), 'no token is in it')

    await page
      .getByRole('region', { name: /^Step 2/ })
      .getByRole('button', { name: 'Re-run from here' })
      .click()
    await page.waitForURL((url) => /runs\/run_/.test(url.pathname) && !url.pathname.includes(run.id))
    const again = /run_\w+/.exec(page.url())?.[0] ?? ''
    const ended: Run = await server.ended(again)
    assert.deepEqual([ended.rerunOf, ended.rerunFromStep], [run.id, 1])
    assert.equal(ended.steps[0]?.isReused, true)
    await page
      .getByRole('region', { name: /^Step 1/ })
      .getByText('taken over')
      .waitFor()
    await page.getByText('It is another thing').first().waitFor()

    await page.goto(`/runs/${chained.triggeredRunIds[0]}`)
    await page.getByRole('link', { name: /^Started by run_/ }).waitFor()
  })

  test('the list of runs: by words, trigger and day, and as CSV', async () => {
    const { items } = await server.api<{ items: RunSummary[] }>('GET', '/runs?limit=100')
    await page.goto('/runs')
    const runs = page.getByRole('listbox', { name: 'Runs' })
    await runs.getByRole('option').first().waitFor()
    const counts = async (count: number) => {
      await runs.getByRole('option').nth(count).waitFor({ state: 'detached' })
      assert.equal(await runs.getByRole('option').count(), count)
    }
    await page.getByLabel('Started by').selectOption('workflow')
    const triggered = items.filter(({ trigger }) => trigger === 'workflow').length
    await counts(triggered)
    await page.getByLabel('Started by').selectOption('')
    await page.getByLabel('Find runs').fill('compared')
    await page.waitForURL(/q=compared/)
    const wanted = items.filter(({ workflowName }) => workflowName === 'Compared').length
    await counts(wanted)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const lines = (await textOf(await saved)).trim().split('\r\n')
    assert.equal(lines.length, wanted + 1)
    await page.getByLabel('To', { exact: true }).fill('2020-01-01')
    await page.getByRole('heading', { name: 'No run matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).press('Enter')
    await runs.getByRole('option').first().waitFor()
  })

  test('a thousand workflows: only what is in sight is drawn, and the keyboard reaches the last', async () => {
    const bundle = {
      maestroBundle: 1,
      exportedAt: 0,
      workflows: Array.from({ length: 1_000 }, (_, index) => ({
        id: `many-${index}`,
        name: `Many ${index}`,
        path: 'many',
        steps: [{ id: 's1', text: 'do' }],
      })),
      mcpServers: [],
      models: [],
      requiredSecrets: [],
    }
    await server.api('POST', '/import', { content: JSON.stringify(bundle) })
    await page.goto('/workflows?folder=many')
    await page.getByRole('link', { name: 'Many 0', exact: true }).focus()
    assert.ok((await page.getByRole('list', { name: 'Workflows' }).getByRole('listitem').count()) < 60)
    await page.keyboard.press('End')
    await page.getByRole('link', { name: 'Many 999', exact: true }).waitFor()
    assert.equal(await page.evaluate('document.activeElement?.textContent'), 'Many 999')
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
