// What a page shows, held against what the server recorded.

import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Run, Workflow } from '#src/workflows/contract.ts'
import { marked, spokenText, type TestServer } from './server.ts'

/** A step of the conversation on a run's page, counted from 1. */
export const stepRegion = (page: Page, number: number): Locator =>
  page.getByRole('region', { name: new RegExp(`^Step ${number}:`) })

/** Waits for the run's end; then the page comes to show each answer as the log has it, once. Not for markdown. */
export async function assertShowsTheLog(page: Page, server: TestServer, runId: string): Promise<void> {
  const run = await server.ended(runId)
  const events = await server.events(runId)
  for (const step of run.steps) {
    const turn = step.attempts.at(-1)?.turnId
    const said = flat(spokenText(events.filter((event) => event.taskId === turn)))
    const shown = async () =>
      flat(
        (
          await stepRegion(page, step.index + 1)
            .locator('.prose')
            .allTextContents()
        ).join(' '),
      )
    await until(async () => (await shown()) === said).catch(() => undefined)
    assert.equal(await shown(), said, `step ${step.index + 1}`)
  }
}

/** Starts it, and kills its agent in a first step that may have changed things. The id of the run that waits. */
export async function waitingRun(server: TestServer, workflow: Workflow): Promise<string> {
  const { id } = await server.startRun(workflow.id)
  await until(async () => spokenText(await server.events(id)) !== '')
  const run = await server.api<Run>('GET', `/runs/${id}`)
  for (const pid of await marked([run.steps[0]?.attempts[0]?.turnId ?? ''])) process.kill(pid, 'SIGKILL')
  await server.until(id, ({ status }) => status === 'waiting')
  return id
}

/** Asks again and again; each asking takes its time. */
async function until(condition: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  for (const giveUpAt = Date.now() + timeoutMs; !(await condition());) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${timeoutMs} ms`)
  }
}

export const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
