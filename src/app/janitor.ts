// Leftovers of a crash: run folders of turns and commands that have ended, conversation roots of turns, and processes that
// should have ended with them. The database says which turns are still wanted.

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isNodeError, type Log } from '#src/core/index.ts'
import { type Driver, isFinal, type Tasks } from '#src/tasks/index.ts'

export interface JanitorDeps {
  readonly tasks: Pick<Tasks, 'find'>
  readonly driver: Driver
  readonly runsDir: string
  readonly rootsDir: string
  readonly log: Log
}

/** Returns how many leftovers were removed. A folder whose turn is unknown to the database is one. */
export async function sweepLeftovers({ tasks, driver, runsDir, rootsDir, log }: JanitorDeps): Promise<number> {
  let removed = 0
  const ids = new Set(
    [...(await namesIn(runsDir)), ...(await namesIn(rootsDir))].filter((name) => /^(?:turn|command)_\w+$/.test(name)),
  )
  for (const id of ids) {
    const task = await tasks.find(id)
    // Another node may have taken a turn over and ended it; what of it is here was started here.
    if (task !== undefined && !isFinal(task.status)) continue
    try {
      await driver.stop(id, Number.MAX_SAFE_INTEGER, { signal: 'KILL', graceMs: 0 }, 'asked')
      await driver.remove(id)
      await rm(join(rootsDir, id), { recursive: true, force: true })
      removed++
    } catch (error) {
      log.warn({ error, id }, 'could not remove what a crash left behind')
    }
  }
  if (removed > 0) log.info({ removed }, 'removed what a crash had left behind')
  return removed
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return []
    throw error
  }
}
