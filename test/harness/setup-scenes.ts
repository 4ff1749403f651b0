// The pages on which a Maestro is set up, with something on each: MCP servers, models, settings.

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { McpServer } from '#src/agents/contract.ts'
import type { Scene } from './scenes.ts'
import { root, type TestServer } from './server.ts'

/** A small MCP server over stdio with a few tools. */
export const toolServer = {
  command: process.execPath,
  args: [join(root, 'src/agents/testing/tool-server-child.ts')],
} as const

const serverName = 'Tools of the house'

/** Makes an MCP server where there is none of that name yet. */
export async function setupScenes(server: TestServer): Promise<Scene[]> {
  const { items } = await server.api<{ items: McpServer[] }>('GET', '/mcp-servers')
  const stored =
    items.find(({ name }) => name === serverName) ??
    (await server.api<McpServer>('POST', '/mcp-servers', {
      ...toolServer,
      name: serverName,
      description: 'Says again what it is told.',
      defaultEnabled: true,
      env: [
        { name: 'API_KEY', value: 'a-key-that-ends-in-1234' },
        { name: 'LEVEL', value: 'debug', isSecret: false },
      ],
    }))
  const tested = async (page: Page) => {
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await agree(page)
    await page.getByRole('complementary', { name: 'Test' }).getByText('It works.').waitFor()
  }
  return [
    { name: 'mcp-servers', address: '/mcp-servers' },
    { name: 'mcp-server', address: `/mcp-servers/${stored.id}`, act: tested },
    {
      name: 'mcp-server-new',
      address: '/mcp-servers/+new',
      act: (page) => page.getByRole('button', { name: 'Save' }).click(),
    },
    {
      name: 'mcp-paste',
      address: '/mcp-servers',
      act: async (page) => {
        await page.getByRole('button', { name: 'Paste a server' }).click()
        await page.getByLabel('JSON or command line').fill('{"mcpServers":{"a":{"command":"node"}}}')
      },
    },
    { name: 'models', address: '/models' },
    {
      name: 'models-table',
      address: '/models',
      act: (page) => page.getByRole('radio', { name: 'Table' }).click(),
    },
    {
      name: 'add-provider',
      address: '/models',
      act: (page) => page.getByRole('button', { name: 'Add a provider' }).click(),
    },
    { name: 'settings', address: '/settings', act: (page) => page.getByText('Everything a run needs').waitFor() },
    { name: 'keys', address: '/', act: (page) => page.keyboard.press('?') },
  ]
}

/** To the program that is shown, where this browser has not agreed to it yet. */
async function agree(page: Page): Promise<void> {
  const run = page.getByRole('button', { name: 'Run and test' })
  const works = page.getByText('It works.')
  await run.or(works).first().waitFor()
  if (await run.isVisible()) await run.click()
}
