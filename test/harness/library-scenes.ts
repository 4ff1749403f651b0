// The library, the editor's dialogs and the run's other views, with something in each.

import type { Page } from 'playwright-core'
import type { RunSummary, Workflow } from '#src/workflows/contract.ts'
import type { Scene } from './scenes.ts'
import { steps, type TestServer } from './server.ts'

/** Makes a few workflows in folders, once, and a second version of one. */
async function fill(server: TestServer): Promise<Workflow> {
  const { items } = await server.api<{ items: Workflow[] }>('GET', '/workflows')
  const found = items.find(({ name }) => name === 'Nightly review')
  if (found !== undefined) return found
  await server.api('POST', '/folders', { path: 'team/empty' })
  const base = { agent: 'fake', model: 'sample/violin' }
  const report = await server.createWorkflow({
    ...base,
    name: 'Cost report',
    path: 'team',
    tags: ['weekly'],
    steps: steps('[[say Sum it up]]'),
  })
  const review = {
    ...base,
    name: 'Nightly review',
    description: 'What has a newer version, and what would break.',
    tags: ['weekly', 'nightly'],
    schedule: { enabled: true, frequency: 'daily', time: '02:30' },
    onSuccess: { workflowId: report.id, preserveSession: true, enabled: true },
    maxTokens: 200_000,
  }
  const first = await server.createWorkflow({ ...review, steps: steps('Label each by area.', 'Write it up.') })
  return server.api<Workflow>('PUT', `/workflows/${first.id}`, {
    ...review,
    steps: steps('Label each by area and urgency.', 'Write it up.'),
    ifVersion: first.version,
  })
}

export async function libraryScenes(server: TestServer, run: RunSummary, failed: RunSummary): Promise<Scene[]> {
  const { id } = await fill(server)
  const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
  const choose = (button: string, item: string) => async (page: Page) => {
    await press(button)(page)
    await page.getByRole('menuitem', { name: item }).click()
    await page.getByRole('dialog').waitFor()
  }
  return [
    { name: 'library-folder', address: '/workflows?folder=team' },
    { name: 'library-empty', address: '/workflows?folder=team%2Fempty' },
    { name: 'library-found', address: '/workflows?q=urgency' },
    {
      name: 'library-ticked',
      address: '/workflows',
      act: async (page) => {
        await page.getByRole('checkbox', { name: 'Select Nightly review' }).click()
        await page.getByRole('toolbar', { name: 'Selection' }).waitFor()
      },
    },
    { name: 'library-move', address: '/workflows', act: choose('More for Nightly review', 'Move to…') },
    { name: 'library-folder-new', address: '/workflows', act: choose('More for the library', 'New folder…') },
    { name: 'library-import', address: '/workflows', act: choose('More for the library', 'Import…') },
    { name: 'editor-full', address: `/workflows/${id}` },
    { name: 'editor-servers', address: `/workflows/${id}`, act: press(/^MCP Servers/) },
    { name: 'editor-next', address: `/workflows/${id}`, act: press('Choose another…') },
    {
      name: 'editor-versions',
      address: `/workflows/${id}`,
      act: async (page) => {
        await press('Versions')(page)
        await page.getByRole('list', { name: 'Difference' }).waitFor()
      },
    },
    { name: 'run-compare', address: `/runs/${failed.id}?view=compare` },
    { name: 'run-calls', address: `/runs/${run.id}`, act: press('Model calls') },
    { name: 'run-compare-none', address: `/runs/${run.id}?view=compare` },
    { name: 'runs-filtered', address: '/runs?status=succeeded' },
  ]
}
