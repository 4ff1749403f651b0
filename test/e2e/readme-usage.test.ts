// What Maistro's README tells people to do under "Usage" (all but scheduling), done on the page of a phone in the
// dark: models and their key, an MCP server, a configuration with a model and tools for each prompt, and a run that
// is watched. Once by mouse, once by keyboard alone; real Goose, a real MCP server, a stub for the model.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { ModelList } from '#src/llm/contract.ts'
import { seriousIssues } from '#test/harness/axe.ts'
import { signedIn, startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { keyboard, mouse, type Hands } from '#test/harness/hands.ts'
import { assertShowsTheLog } from '#test/harness/page-truth.ts'
import { gooseEnv, startServer, type TestServer } from '#test/harness/server.ts'
import { toolServer } from '#test/harness/setup-scenes.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel } from '#test/stub-model/index.ts'

const key = 'sk-or-v1-canary-0123456789-1234'

for (const hands of [mouse, keyboard]) {
  describe(
    `the README's usage ${hands === mouse ? 'by mouse' : 'by keyboard'}`,
    { skip: without('chromium', 'goose') },
    () => {
      const open = new AsyncDisposableStack()
      let stub: StubModel
      let server: TestServer
      let browser: TestBrowser
      let page: Page
      let I: Hands

      before(async () => {
        stub = open.adopt(await startStubModel(), (one) => one.close())
        // The key is what the page enters.
        const { OPENROUTER_API_KEY: _, ...env } = gooseEnv(stub.url)
        server = open.use(await startServer({ auth: true, env }))
        browser = open.use(await startBrowser(server.url))
        const person = await browser.person({
          viewport: { width: 360, height: 740 },
          colorScheme: 'dark',
          reducedMotion: 'reduce',
        })
        page = await signedIn(person, await server.signInLink())
        I = hands(page)
      })
      after(() => open.disposeAsync())

      const said = (text: string | RegExp) => page.getByRole('status').getByText(text).first().waitFor()
      async function assertFit(what: string): Promise<void> {
        assert.deepEqual(await seriousIssues(page), [], what)
        assert.deepEqual(await page.evaluate<string[]>('inPage.tooWide()'), [], what)
      }

      test('configuring models: the key, the default, one more, one less', async () => {
        await I.go('Models', 'g o')
        await I.write('OpenRouter API key', key)
        await I.use('button', 'Store key')
        await page.getByText('Set, ends in …1234').waitFor()
        await I.write('Model id', 'lab/added')
        await page.keyboard.press('Escape')
        await I.use('button', 'Add model')
        await page.getByRole('button', { name: 'Set default: lab/added' }).waitFor()
        await I.use('button', 'Set default: openai/gpt-4o-2024-11-20')
        await page.getByRole('button', { name: /^openai\/gpt-4o-2024-11-20 is the default/ }).waitFor()
        await I.use('button', 'Remove openai/o3-mini-high')
        await said('Removed openai/o3-mini-high')
        const list = await server.api<ModelList>('GET', '/models')
        assert.equal(list.defaultModel, 'openai/gpt-4o-2024-11-20')
        const ids = list.items.map(({ id }) => id)
        assert.deepEqual([ids.includes('lab/added'), ids.includes('openai/o3-mini-high')], [true, false])
        await assertFit('models')
      })

      test('configuring an MCP server', async () => {
        await I.go('MCP Servers', 'g m')
        await I.use('link', '+ New MCP Server')
        await page.getByRole('heading', { name: 'New MCP server', level: 1 }).waitFor()
        await I.write('Name', 'House tools')
        await I.write('Command', toolServer.command)
        await I.use('button', 'Add argument')
        await page.getByRole('textbox', { name: 'Argument 1' }).waitFor()
        await I.write('Argument 1', toolServer.args[0])
        await I.use('button', 'Add variable')
        await I.write('Name of variable 1', 'HOUSE_KEY')
        await I.write('Value of HOUSE_KEY', key)
        await I.use('checkbox', 'Enable by default for new prompts')
        await assertFit('the form of an MCP server')
        await I.use('button', 'Save')
        await said('Saved House tools')
        await I.use('button', 'Test')
        await page.getByRole('dialog', { name: 'Run this program?' }).waitFor()
        await I.use('button', 'Run and test')
        await page.getByText('It works.').waitFor()
        await assertFit('the test of an MCP server')
      })

      test('creating a configuration: a name, two prompts, a model for one, MCP servers chosen and taken off', async () => {
        await I.go('Workflows', 'g w')
        await I.use('link', '+ New Workflow')
        await page.getByRole('heading', { name: 'New workflow', level: 1 }).waitFor()
        await I.write('Name', 'From the README')
        await I.write('Prompt of step 1', '[[say Noted: teal.]]')
        await I.use('combobox', /^Model of step 1/)
        await page.getByPlaceholder('Find a model, or type its id').waitFor()
        await page.keyboard.type('lab/added')
        await page
          .getByRole('option', { name: /lab\/added/ })
          .first()
          .waitFor()
        await page.keyboard.press('Enter')
        await I.use('button', 'Add Prompt')
        await page.getByRole('textbox', { name: 'Prompt of step 2' }).waitFor()
        await I.write('Prompt of step 2', '[[tool house_tools__echo {"text":"from the house"}]] [[say Still teal.]]')
        await I.use('button', /^MCP Servers\s*\d+ chosen for step 2/)
        await page.getByRole('dialog', { name: 'MCP servers of step 2' }).waitFor()
        const box = page.getByRole('checkbox', { name: 'House tools' })
        if (!(await box.isChecked())) await I.use('checkbox', 'House tools')
        await assertFit('the choice of MCP servers')
        await I.use('button', 'Apply')
        await I.use('button', 'Save')
        await said('Saved')
        await assertFit('the editor')
      })

      test('running it: chosen from the list, Run Now, watched to its end', async () => {
        await I.go('Workflows', 'g w')
        await I.use('link', 'From the README')
        await page.getByRole('heading', { name: 'From the README', level: 1 }).waitFor()
        await I.use('button', 'Run Now')
        await page.waitForURL(/\/runs\/run_/)
        const id = /run_\w+/.exec(page.url())?.[0] ?? assert.fail(`${page.url()} names no run`)
        const run = await server.ended(id, 60_000)
        await assertShowsTheLog(page, server, id)
        await page.getByRole('main').getByText('Succeeded', { exact: true }).first().waitFor()
        await assertFit('the run')

        assert.deepEqual(
          run.steps.map(({ status }) => status),
          ['succeeded', 'succeeded'],
        )
        const [first] = stub.requests
        const last = stub.requests.at(-1)
        assert.deepEqual([first?.model, last?.model], ['lab/added', 'openai/gpt-4o-2024-11-20'])
        assert.ok(
          last?.toolNames.some((name) => name.endsWith('__echo')),
          'the prompt had the tools of its server',
        )
        assert.ok(
          last?.messages.some(({ role }) => role === 'tool'),
          'and used one',
        )
      })

      test('all the while: no error, nothing refused, no dialog of the browser, no request elsewhere', () => {
        const { errors, violations, dialogs, origins } = browser.watch
        assert.deepEqual([errors, violations, dialogs, [...origins]], [[], [], [], [server.url]])
      })
    },
  )
}
