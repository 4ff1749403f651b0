// Every page with something on it, for what must hold on all of them and for pictures.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { RunSummary } from '#src/workflows/contract.ts'
import { guardScenes } from './guard-scenes.ts'
import { libraryScenes } from './library-scenes.ts'
import type { TestServer } from './server.ts'
import { setupScenes } from './setup-scenes.ts'

export interface Scene {
  readonly name: string
  readonly address: string
  /** What is done there once it is open. */
  readonly act?: (page: Page) => Promise<unknown>
}

const openLimits = (page: Page) => page.getByRole('button', { name: 'Limits and recovery' }).first().click()

/** Needs a run of a workflow `By hand` that went well, and of one `Fails` that did not. */
export async function everyScene(server: TestServer): Promise<Scene[]> {
  const { items } = await server.api<{ items: RunSummary[] }>('GET', '/runs')
  const of = (name: string) => items.find((run) => run.workflowName === name) ?? assert.fail(`no run of ${name}`)
  const failed = of('Fails')
  return [
    { name: 'score', address: '/' },
    { name: 'score-by-agent', address: '/?by=agent&zoom=day' },
    { name: 'panel', address: `/?panel=${failed.id}` },
    { name: 'workflows', address: '/workflows' },
    { name: 'editor-new', address: '/workflows/new' },
    { name: 'editor', address: `/workflows/${failed.workflowId}`, act: openLimits },
    { name: 'runs', address: '/runs' },
    { name: 'run', address: `/runs/${of('By hand').id}` },
    { name: 'run-failed', address: `/runs/${failed.id}` },
    { name: 'raw', address: `/runs/${failed.id}?view=raw` },
    ...(await libraryScenes(server, of('By hand'), failed)),
    { name: 'agents', address: '/agents' },
    ...(await guardScenes(server)),
    ...(await setupScenes(server)),
    { name: 'nowhere', address: '/nowhere' },
  ]
}

/** Opens it and waits for what it loads. */
export async function enter(page: Page, { address, act }: Scene): Promise<void> {
  await page.goto(address)
  const heading = page.getByRole('heading', { level: 1 }).first()
  await heading.waitFor().catch((error: unknown) => assert.fail(`no heading on ${address}: ${String(error)}`))
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
  await act?.(page)
}
