// What becomes of commands when the server goes away under them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandResult } from '../contract.ts'
import { openCommandRoom, type CommandRoom, owner } from '../testing/command-room.ts'

const exec = (room: CommandRoom, command: string, waitS?: number) =>
  room.commands.run(room.ctx(), { tool: 'maestro_exec', work: { kind: 'command', command }, waitS })

async function ended(room: CommandRoom, taskId: string): Promise<CommandResult> {
  for (;;) {
    await room.commands.wait(room.ctx(), taskId, 30_000)
    const result = await room.commands.result(owner, taskId)
    if (result.status !== 'running') return result
  }
}

test('after a restart, what was let go has its true result and what was waited for is interrupted', async () => {
  let room = await openCommandRoom()
  try {
    const promoted = await exec(room, 'echo begun; sleep 1.5; echo done; exit 7', 0.3)
    const waiting = exec(room, 'echo half; setsid sleep 98 & sleep 98').catch((error: unknown) => error)
    let attached: string | undefined
    while (attached === undefined) {
      const { items } = await room.tasks.list({ kind: 'command', status: ['running'], limit: 5 })
      const found = items.find(({ id }) => id !== promoted.task_id)
      if (found !== undefined && (await room.driver.probe(found.id, 1)).state === 'running') attached = found.id
    }
    room = await room.restart()
    const cut = await waiting
    assert.ok(cut instanceof Error && 'details' in cut)
    assert.deepEqual(cut.details, { executed: 'maybe', task_id: attached })

    const one = await ended(room, promoted.task_id)
    assert.deepEqual([one.status, one.exit_code, one.stdout, one.executed], ['failed', 7, 'begun\ndone\n', 'yes'])
    const other = await ended(room, attached)
    assert.deepEqual(
      [other.status, other.executed, other.error?.kind, other.stdout],
      ['interrupted', 'yes', 'LOST', 'half\n'],
    )
    assert.equal(await room.driver.sweep(attached), 0, 'nothing of it is left')
  } finally {
    await room[Symbol.asyncDispose]()
  }
})

test('a command that was recorded and never begun is interrupted, and was not executed', async () => {
  let room = await openCommandRoom()
  try {
    const spec = {
      tool: 'maestro_exec',
      host: 'local',
      command: 'true',
      interpreter: null,
      cwd: '/',
      timeoutS: 1,
      idleTimeoutS: null,
      outputLimitMb: 1,
      maxOutputBytes: 1_000,
    }
    const { taskId } = await room.tasks.runHere(
      { kind: 'command', title: 'x', startedBy: owner, place: room.driver.place, spec, executed: 'maybe' },
      async (lease) => {
        lease.lost.throwIfAborted()
        await new Promise((_, reject) => lease.lost.addEventListener('abort', () => reject(new Error('gone'))))
      },
    )
    room = await room.restart()
    const result = await ended(room, taskId)
    assert.deepEqual([result.status, result.executed, result.error?.kind], ['interrupted', 'no', 'LOST'])
  } finally {
    await room[Symbol.asyncDispose]()
  }
})
