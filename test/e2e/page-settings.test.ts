// The pages on which a Maestro is set up, in a real Chromium on a real server with sign-in on: MCP servers that
// are real programs, a model server that is a stub, keys, money, tokens, health, and the palette over all of it.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { McpServer } from '#src/agents/contract.ts'
import { startHttpToolServer } from '#src/agents/testing/tool-server.ts'
import type { TokenInfo } from '#src/auth/contract.ts'
import type { Budget, ModelList, ProviderInfo, Spend } from '#src/llm/contract.ts'
import { seriousIssues } from '#test/harness/axe.ts'
import { signedIn, startBrowser, tabTo, type TestBrowser } from '#test/harness/browser.ts'
import { root, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { toolServer } from '#test/harness/setup-scenes.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel } from '#test/stub-model/index.ts'

const badServer = join(root, 'src/agents/testing/bad-server-child.ts')
const secret = 'sk-canary-0123456789-1234'

describe('setting a Maestro up on its page', { skip: without('chromium') }, () => {
  const open = new AsyncDisposableStack()
  let stub: StubModel
  let server: TestServer
  let browser: TestBrowser
  let page: Page

  before(async () => {
    stub = open.adopt(await startStubModel(), (one) => one.close())
    const env = { GOOSE_BIN: '/nowhere/goose', OPENROUTER_HOST: stub.url }
    server = open.use(await startServer({ auth: true, env }))
    browser = open.use(await startBrowser(server.url))
    page = await signedIn(await browser.person(), await server.signInLink())
  })
  after(() => open.disposeAsync())

  const servers = async () => (await server.api<{ items: McpServer[] }>('GET', '/mcp-servers')).items
  const named = async (name: string) =>
    (await servers()).find((each) => each.name === name) ?? assert.fail(`no MCP server ${name}`)
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
  const said = (text: string | RegExp) => page.getByRole('status').getByText(text, { exact: true }).first().waitFor()
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name })
  const testPanel = () => page.getByRole('complementary', { name: 'Test' })
  /** Puts it where a person's copy of it would be, and pastes it. */
  async function paste(text: string): Promise<void> {
    await page.evaluate(
      `(() => { const data = new DataTransfer(); data.setData('text/plain', ${JSON.stringify(text)});
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true })) })()`,
    )
    await page.keyboard.insertText(text)
  }

  /** A new field takes the focus a moment after it is there: what is typed before goes elsewhere. */
  const typeable = (name: string) => page.getByRole('textbox', { name }).and(page.locator(':focus')).waitFor()

  test('an MCP server by keyboard: tested once its command was agreed to, then saved; its secret stays unseen', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await heading('MCP Servers')
    await page.getByRole('heading', { name: 'No MCP servers yet' }).waitFor()
    await tabTo(page, '+ New MCP Server')
    await page.keyboard.press('Enter')
    await heading('New MCP server')
    await page.keyboard.type('House tools')
    await tabTo(page, 'Command')
    await page.keyboard.type(toolServer.command)
    await tabTo(page, 'Add argument')
    await page.keyboard.press('Enter')
    await typeable('Argument 1')
    await page.keyboard.type(toolServer.args[0])
    await page.keyboard.press('Enter')
    await typeable('Argument 2')
    await page.keyboard.type('$HOME and `more`')
    await tabTo(page, 'Add variable')
    await page.keyboard.press('Enter')
    await typeable('Name of variable 1')
    await page.keyboard.type('API_KEY')
    await tabTo(page, 'Value of API_KEY')
    await page.keyboard.type(secret)

    await tabTo(page, 'Test', 'Shift+Tab')
    await page.keyboard.press('Enter')
    const ask = dialog('Run this program?')
    await ask.getByText(`${toolServer.command} ${toolServer.args[0]} '$HOME and \`more\`'`, { exact: true }).waitFor()
    await ask.getByText('API_KEY').waitFor()
    assert.equal((await servers()).length, 0, 'nothing is stored by testing')
    await page.keyboard.press('Escape')
    await ask.waitFor({ state: 'detached' })
    await tabTo(page, 'Test', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Run and test')
    await page.keyboard.press('Enter')
    await testPanel().getByText('It works.').waitFor()
    await testPanel().getByText('tool-server 1.2.3').waitFor()
    await testPanel().getByRole('list', { name: 'Tools' }).getByText('Says it again.').waitFor()

    await page.keyboard.press('Control+s')
    await said('Saved House tools')
    const stored = await named('House tools')
    assert.deepEqual(stored.args, [toolServer.args[0], '$HOME and `more`'])
    assert.deepEqual(stored.env, [{ name: 'API_KEY', isSecret: true, value: null, isSet: true, hint: '1234' }])
    await page.getByText('Set, ends in …1234').waitFor()
    assert.ok(!(await page.content()).includes(secret), 'the secret is nowhere on the page')

    await page.reload()
    await page.getByText('Set, ends in …1234').waitFor()
    await page.getByRole('button', { name: 'Test', exact: true }).press('Enter')
    await testPanel().getByText('It works.').waitFor()
    await page.getByRole('link', { name: 'MCP Servers' }).first().press('Enter')
    const card = page.getByRole('listitem', { name: 'House tools' })
    await card.getByText(/^Works: \d+ tools, [\d,]+ tokens/).waitFor()
    assert.deepEqual(await seriousIssues(page), [])
  })

  test('a whole pasted line is taken apart when one says so, and kept when not', async () => {
    await page.goto('/mcp-servers/+new')
    await heading('New MCP server')
    await page.keyboard.type('Pasted line')
    await page.getByRole('textbox', { name: 'Command' }).focus()
    await paste('DEBUG=1 npx -y "@scope/my server"')
    await page.getByText('This looks like a whole command line').waitFor()
    await page.getByRole('button', { name: 'Split it' }).press('Enter')
    assert.equal(await page.getByRole('textbox', { name: 'Command' }).inputValue(), 'npx')
    assert.equal(await page.getByRole('textbox', { name: 'Argument 2' }).inputValue(), '@scope/my server')
    assert.equal(await page.getByRole('textbox', { name: 'Value of DEBUG' }).inputValue(), '1')

    await page.getByRole('button', { name: 'Add argument' }).press('Enter')
    await page.getByRole('textbox', { name: 'Argument 3' }).focus()
    await paste('--level "very high" last')
    await page.getByText('This looks like 3 arguments.').waitFor()
    await page.getByRole('button', { name: 'Keep as one' }).press('Enter')
    assert.equal(await page.getByRole('textbox', { name: 'Argument 3' }).inputValue(), '--level "very high" last')
    await page.keyboard.press('Control+a')
    await page.getByRole('textbox', { name: 'Argument 3' }).focus()
    await page.keyboard.press('Control+a')
    await paste('--level "very high" last')
    await page.getByRole('button', { name: 'Split into 3' }).press('Enter')
    assert.equal(await page.getByRole('textbox', { name: 'Argument 5' }).inputValue(), 'last')
    await page.getByRole('textbox', { name: 'Argument 5' }).press('Alt+ArrowUp')
    assert.equal(await page.getByRole('textbox', { name: 'Argument 4' }).inputValue(), 'last')
    await page.keyboard.press('Control+s')
    await said('Saved Pasted line')
    assert.deepEqual((await named('Pasted line')).args, ['-y', '@scope/my server', '--level', 'last', 'very high'])
  })

  test('a server that does not start says how, with what it wrote to stderr folded below', async () => {
    const bad = await server.api<McpServer>('POST', '/mcp-servers', {
      name: 'Ends at once',
      command: process.execPath,
      args: [badServer, 'exits'],
    })
    const gone = await server.api<McpServer>('POST', '/mcp-servers', {
      name: 'Is not there',
      command: 'no-such-program',
    })
    await page.goto('/mcp-servers')
    for (const [stored, title] of [
      [bad, 'The program ended by itself'],
      [gone, 'The program was not found'],
    ] as const) {
      const card = page.getByRole('listitem', { name: stored.name })
      await card.getByRole('button', { name: `Test ${stored.name}` }).press('Enter')
      await dialog('Run this program?').getByRole('button', { name: 'Run and test' }).press('Enter')
      await card.getByText(title).waitFor()
    }
    const card = page.getByRole('listitem', { name: bad.name })
    await card.getByText('What it wrote to stderr').press('Enter')
    await card.getByLabel('Standard error').getByText('no configuration found').waitFor()
    assert.deepEqual(await seriousIssues(page), [])
    await page.reload()
    await card.getByText(/ended/).first().waitFor()
  })

  test('an address with a header: no program is asked about, and the header arrives', async () => {
    await using http = await startHttpToolServer({ era: 'both' })
    await page.goto('/mcp-servers/+new')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Over HTTP')
    await page.getByRole('radio', { name: 'An address (HTTP)' }).press('Enter')
    await page.getByRole('textbox', { name: 'URL' }).fill(http.url)
    await page.getByRole('button', { name: 'Add header' }).press('Enter')
    await page.getByRole('textbox', { name: 'Name of header 1' }).fill('Authorization')
    await page.getByRole('textbox', { name: 'Value of Authorization' }).fill(`Bearer ${secret}`)
    await page.getByRole('button', { name: 'Test', exact: true }).press('Enter')
    await testPanel().getByText('It works.').waitFor()
    assert.ok(http.requests.every(({ headers }) => headers.get('authorization') === `Bearer ${secret}`))
    await page.keyboard.press('Control+s')
    await said('Saved Over HTTP')
  })

  test('servers are pasted as another tool keeps them; nothing is run, placeholders are named', async () => {
    await page.goto('/mcp-servers')
    await page.getByRole('button', { name: 'Paste a server' }).press('Enter')
    const box = dialog('Paste a server')
    const block = {
      mcpServers: {
        one: { command: 'npx', args: ['-y', 'one'], env: { ONE_TOKEN: '${input:token}' } },
        two: { url: 'https://two.example/mcp', headers: { 'X-Team': 'strings' } },
      },
    }
    await box.getByLabel('JSON or command line').fill('{"mcpServers": {')
    await box.getByText(/This is not JSON/).waitFor()
    await box.getByLabel('JSON or command line').fill(JSON.stringify(block))
    await box.getByText('npx -y one').waitFor()
    await box.getByText('ONE_TOKEN has the placeholder').waitFor()
    await box.getByRole('button', { name: 'Add 2 servers' }).press('Enter')
    await said('Added 2 servers')
    await page.getByRole('listitem', { name: 'one' }).getByText('ONE_TOKEN has no value').waitFor()
    assert.equal((await named('two')).url, 'https://two.example/mcp')
  })

  test('unsaved changes are named before one leaves; two tabs that save are shown both texts', async () => {
    const stored = await named('House tools')
    await page.goto(`/mcp-servers/${stored.id}`)
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await name.fill('House tools of mine')
    await page.getByRole('link', { name: 'Runs' }).first().press('Enter')
    const leave = dialog('Leave without saving?')
    await leave.getByText('Name', { exact: true }).waitFor()
    await leave.getByRole('button', { name: 'Stay' }).press('Enter')

    const { args, command } = stored
    const env = [{ name: 'API_KEY' }]
    await server.api('PUT', `/mcp-servers/${stored.id}`, { name: 'House tools of theirs', command, args, env })
    await browser.expectErrors(/status of 409/, async () => {
      await page.keyboard.press('Control+s')
      const conflict = dialog('Someone else saved this server')
      await conflict.getByText('Name: House tools of theirs').waitFor()
      await conflict.getByText('Name: House tools of mine').waitFor()
      await conflict.getByRole('button', { name: 'Save mine over it' }).press('Enter')
      await conflict.waitFor({ state: 'detached' })
    })
    await said('Saved House tools of mine')
    await name.fill('House tools')
    await page.keyboard.press('Control+s')
    await said('Saved House tools')
  })

  test('a copy has everything but the secrets; deleting names the prompts that lose it', async () => {
    const stored = await named('House tools')
    await server.createWorkflow({
      name: 'Uses tools',
      agent: 'fake',
      model: 'sample/violin',
      steps: steps('no tools', { text: 'with tools', mcpServerIds: [stored.id] }),
    })
    await page.goto(`/mcp-servers/${stored.id}`)
    await page.getByRole('link', { name: 'Uses tools' }).waitFor()
    await page.getByRole('button', { name: 'More', exact: true }).press('Enter')
    await page.getByRole('menuitem', { name: 'Duplicate' }).press('Enter')
    await heading('Copy of House tools')
    await page.keyboard.press('Control+s')
    await said('Saved House tools (copy)')
    assert.deepEqual((await named('House tools (copy)')).args, stored.args)

    await page.goto('/mcp-servers')
    await page.getByRole('button', { name: 'More about House tools', exact: true }).press('Enter')
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
    const ask = dialog('Delete House tools?')
    await ask.getByText('Uses tools').waitFor()
    await ask.getByText('prompt 2').waitFor()
    await ask.getByRole('button', { name: 'Delete server' }).press('Enter')
    await said('Deleted House tools')
    assert.ok((await servers()).every((each) => each.id !== stored.id))
  })

  test('a key by keyboard: stored, tested at once, shown only by its end, replaced and removed', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await heading('Models')
    await tabTo(page, 'OpenRouter API key')
    await page.keyboard.type(secret)
    await page.keyboard.press('Enter')
    const card = page.getByRole('listitem', { name: 'OpenRouter' })
    await card.getByText('Set, ends in …1234').waitFor()
    await card.getByText(stub.url, { exact: false }).first().waitFor()
    await card.getByRole('status').waitFor()
    assert.ok(!(await page.content()).includes(secret))
    await tabTo(page, 'Replace key of OpenRouter', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.type('sk-another-0123456789-5678')
    await page.keyboard.press('Enter')
    await card.getByText('Set, ends in …5678').waitFor()
    assert.deepEqual(await seriousIssues(page), [])
  })

  test('models: one added by typing, made the default, priced, put before another as a fallback, removed', async () => {
    const list = () => server.api<ModelList>('GET', '/models')
    await page.goto('/models')
    const form = page.getByRole('form', { name: 'Add a model' })
    await form.getByRole('combobox', { name: 'Model id' }).fill('lab/new-model')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Set default: lab/new-model' }).press('Enter')
    await page.getByRole('button', { name: 'lab/new-model is the default: choose another one first' }).waitFor()
    assert.equal((await list()).defaultModel, 'lab/new-model')

    await page.getByRole('button', { name: 'Set a price for lab/new-model' }).press('Enter')
    const price = dialog('Price of lab/new-model')
    await price.getByRole('button', { name: 'Store price' }).press('Enter')
    await price.getByText('An amount, such as 3 or 0.15.').first().waitFor()
    await price.getByLabel('Input').fill('0.5')
    await price.getByLabel('Output').fill('2,5')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '$0.5 in, $2.5 out, price of lab/new-model' }).waitFor()

    const fallback = page.getByRole('combobox', { name: 'Add a fallback model' })
    const known = (await list()).items.filter((model) => !model.isDefault).slice(0, 2)
    for (const model of known) {
      await fallback.selectOption({ label: model.id })
      await page.getByRole('button', { name: `Take ${model.id} off the fallbacks`, exact: true }).waitFor()
    }
    await page.getByRole('button', { name: `Move ${known[1]?.id}`, exact: true }).press('Alt+ArrowUp')
    const order = async () => (await list()).fallbacks.map(({ id }) => id)
    await until(async () => (await order())[0] === known[1]?.id)
    assert.deepEqual(await order(), [known[1]?.id, known[0]?.id])

    const removed = known[0] ?? assert.fail()
    await page.getByRole('button', { name: `Take ${removed.id} off the fallbacks`, exact: true }).press('Enter')
    await page
      .getByRole('button', { name: `Take ${removed.id} off the fallbacks`, exact: true })
      .waitFor({ state: 'detached' })
    await page.getByRole('button', { name: `Remove ${removed.id}`, exact: true }).press('Enter')
    await said(`Removed ${removed.id}`)
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await page.getByRole('button', { name: `Remove ${removed.id}`, exact: true }).waitFor()
  })

  test('a provider of one’s own: added by its address, tested, deleted', async () => {
    await page.goto('/models')
    await page.getByRole('button', { name: 'Add a provider' }).press('Enter')
    const form = dialog('Add a provider')
    await form.getByRole('button', { name: 'Add provider' }).press('Enter')
    await form.getByText('A name.').waitFor()
    await form.getByLabel('Name').fill('Lab gateway')
    await form.getByLabel('Address').fill(`${stub.url}/v1`)
    await form.getByRole('checkbox', { name: 'It needs a key' }).uncheck()
    await form.getByRole('button', { name: 'Add provider' }).press('Enter')
    await said('Added Lab gateway')
    const card = page.getByRole('listitem', { name: 'Lab gateway' })
    await card.getByRole('button', { name: 'Test Lab gateway' }).press('Enter')
    await card.getByRole('status').waitFor()
    await card.getByRole('button', { name: 'More about Lab gateway' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
    await dialog('Delete Lab gateway?').getByRole('button', { name: 'Delete provider' }).press('Enter')
    await said('Deleted Lab gateway')
    const { items } = await server.api<{ items: ProviderInfo[] }>('GET', '/providers')
    assert.ok(items.every(({ title }) => title !== 'Lab gateway'))
  })

  test('a budget is set, refused when it is no amount, and what was spent is told as chart and table', async () => {
    await page.goto('/models')
    const month = page.getByLabel('Per month, $')
    await month.fill('lots')
    await page.getByText('An amount above 0').first().waitFor()
    await month.fill('20')
    await page.getByRole('button', { name: 'Save budget' }).press('Enter')
    await said('Budget saved')
    assert.deepEqual(await server.api<Budget>('GET', '/budget'), { monthlyUsd: 20, perRunUsd: null })
    const spend = await server.api<Spend>('GET', '/spend?days=7')
    assert.equal(spend.days.length, 7)
    await page.getByText(/of \$20\.00 a month/).waitFor()
    await page.getByRole('radio', { name: '7 days' }).press('Enter')
    await page.getByRole('img', { name: /in 7 days/ }).waitFor()
    await page.getByRole('radio', { name: 'Table' }).press('Enter')
    await page.getByText('No model was asked in this time.').waitFor()
    await page.goto('/')
    await page
      .getByRole('region', { name: 'Spend' })
      .getByText(/of \$20\.00 a month/)
      .waitFor()
  })

  test('the doctor says what is not well, here and on the Score, with the button that mends it', async () => {
    await page.goto('/')
    // They say themselves what is missing.
    await page.getByRole('region', { name: 'First steps' }).getByRole('link', { name: 'Add a key' }).waitFor()
    await page.getByRole('button', { name: 'Hide first steps' }).press('Enter')
    const health = page.getByRole('list', { name: 'Health' })
    const goose = health.getByRole('listitem').filter({ hasText: /goose/i })
    await goose.getByRole('link', { name: 'Open agents' }).press('Enter')
    await heading('Agents')
    await page.goto('/')
    const before = await health.getByRole('listitem').count()
    await goose.getByRole('button', { name: /^Put away/ }).press('Enter')
    await goose.waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('region', { name: 'Score' }).waitFor()
    if (before > 1) await health.waitFor()
    assert.equal(await goose.count(), 0)
    await page.goto('/settings')
    const findings = page.getByRole('list', { name: 'Findings' })
    await findings.getByText('agent goose').waitFor()
    await findings.getByText('data folder').waitFor()
    await page.getByRole('button', { name: 'Look again' }).press('Enter')
    await page.getByRole('button', { name: 'Look again' }).waitFor()
    await page.getByRole('list', { name: 'Secrets' }).getByText('OPENROUTER_API_KEY').waitFor()
    assert.deepEqual(await seriousIssues(page), [])
  })

  test('a token is shown once, works, and stops when it is revoked', async () => {
    await page.goto('/settings')
    await page.getByRole('button', { name: 'Make a token' }).press('Enter')
    await page.keyboard.type('wallboard')
    await page.getByRole('checkbox', { name: /^Reads only/ }).check()
    await page.getByRole('button', { name: 'Make token' }).press('Enter')
    const made = dialog('wallboard: copy its value now')
    const value = await made.getByLabel('Token', { exact: true }).textContent()
    const as = { authorization: `Bearer ${value}` }
    const ask = async (method: string) =>
      (await fetch(`${server.url}/api/v1/workflows`, { method, headers: as })).status
    assert.equal(await ask('GET'), 200)
    await made.getByRole('button', { name: 'Done' }).press('Enter')
    await made.waitFor({ state: 'detached' })
    assert.ok(!(await page.content()).includes(value ?? ''))
    await page.getByRole('button', { name: 'Revoke wallboard' }).press('Enter')
    await dialog('Revoke wallboard?').getByRole('button', { name: 'Revoke token' }).press('Enter')
    await page.getByText('1 token revoked or ended.').waitFor()
    assert.equal(await ask('GET'), 401)
    const { items } = await server.api<{ items: TokenInfo[] }>('GET', '/tokens')
    assert.notEqual(items.find(({ name }) => name === 'wallboard')?.revokedAt, null)
  })

  test('the palette finds and does: pages, runs, servers, models, settings, commands; the latest come first', async () => {
    const workflow = await server.createWorkflow({
      name: 'Evensong',
      agent: 'fake',
      model: 'sample/violin',
      path: 'church/choir',
      steps: steps('[[stream 4000 20]]'),
    })
    await page.goto('/')
    await heading('Score')
    const found = async (typed: string, option: string | RegExp) => {
      await page.keyboard.press('Control+k')
      await page.getByPlaceholder('Find anything').waitFor()
      await page.keyboard.type(typed)
      await page.getByRole('option', { name: option }).first().waitFor()
    }
    const choose = async (typed: string, option: string | RegExp) => {
      await found(typed, option)
      const selected = page.getByRole('option', { selected: true })
      await selected.filter({ hasText: option }).waitFor()
      await page.keyboard.press('Enter')
    }
    await choose('run evensong', 'Run Evensong')
    await page.waitForURL(/\/runs\/run_/)
    await choose('stop evensong', 'Stop Evensong')
    await said('Asked Evensong to stop')
    await choose('secrets', 'Secrets')
    await heading('Settings')
    await choose('pasted line', 'Pasted line')
    await page.waitForURL(/\/mcp-servers\/[a-z0-9-]+/)
    await choose('lab/new', 'lab/new-model')
    await heading('Models')
    await choose('new mcp', 'New MCP server')
    await heading('New MCP server')
    await choose('church/choir', 'church/choir')
    await heading('Workflows')
    await choose('test openrouter', 'Test OpenRouter')
    await said(/^OpenRouter: |stumbled/)
    const was = await page.locator('html').getAttribute('data-theme')
    await choose('toggle', 'Toggle theme')
    await until(async () => (await page.locator('html').getAttribute('data-theme')) !== was)
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().filter({ hasText: 'Toggle theme' }).waitFor()
    await page.keyboard.press('Escape')
    await found('evensong', 'Evensong')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    for (const place of ['MCP Servers', 'Models', 'Settings'])
      await dialog('Keys').getByText(place, { exact: true }).first().waitFor()
    await page.keyboard.press('Escape')
    assert.ok(workflow.id !== '')
  })

  test('all the while: no error, nothing the content policy refused, no dialog, no request elsewhere', () => {
    const { errors, violations, dialogs, origins } = browser.watch
    assert.deepEqual(errors, [])
    assert.deepEqual(violations, [])
    assert.deepEqual(dialogs, [])
    assert.deepEqual([...origins], [server.url])
  })
})

async function until(condition: () => Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  for (const giveUpAt = Date.now() + timeoutMs; !(await condition());) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${timeoutMs} ms`)
  }
}
