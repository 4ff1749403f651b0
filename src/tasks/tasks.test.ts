// The substrate by its single promises; model.test.ts holds them together under random faults.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomIds, silentLog, systemClock } from '#src/core/index.ts'
import { needsPostgres, openPostgresTestStore, openTestStore } from '#src/store/testing/index.ts'
import type { Store } from '#src/store/index.ts'
import { type TaskStatus, taskStatuses } from './contract.ts'
import { tasksMigrations } from './migrations.ts'
import { canBecome, isFinal, taskCan } from './status.ts'
import { createTasks, type TasksRoom } from './tasks.ts'
import type { NewTask, TaskLease } from './types.ts'

const run: NewTask = {
  kind: 'run',
  title: 'A run',
  startedBy: { kind: 'system' },
  place: null,
  spec: { text: 'NUL \u0000 \ud800' },
}
const ended = { status: 'succeeded', executed: 'yes', error: null, usage: null } as const

function room(
  store: Store,
  nodeId = 'node-a',
  maxRunning = 2,
  sweepMs = 50,
  isPaused = () => Promise.resolve(false),
): TasksRoom {
  return createTasks({
    store,
    isPaused,
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
    nodeId,
    nodeName: nodeId,
    leaseMs: 10_000,
    maxRunning,
    sweepMs,
  })
}

/** A worker that does nothing until its lease is lost. */
function lostOf(lease: TaskLease): Promise<void> {
  return new Promise((resolve) => {
    if (lease.lost.aborted) resolve()
    lease.lost.addEventListener('abort', () => resolve())
  })
}

/** One that was closed before it began. */
function tasksOfClosed(store: Store): TasksRoom {
  const tasks = room(store, 'node-closed')
  void tasks[Symbol.asyncDispose]()
  return tasks
}

/** A worker that hands its lease to the test and holds it until the test lets go. */
function holdingWorker(options: { evenWhenLost?: boolean } = {}) {
  const leases: TaskLease[] = []
  const waiting: ((lease: TaskLease) => void)[] = []
  let released = Promise.withResolvers<void>()
  return {
    worker: async (lease: TaskLease) => {
      const next = waiting.shift()
      if (next === undefined) leases.push(lease)
      else next(lease)
      const lost = new Promise((resolve) => lease.lost.addEventListener('abort', resolve))
      await (options.evenWhenLost === true ? released.promise : Promise.race([released.promise, lost]))
    },
    next: () => {
      const lease = leases.shift()
      return lease === undefined ? new Promise<TaskLease>((resolve) => waiting.push(resolve)) : Promise.resolve(lease)
    },
    /** Lets the workers of now return; later ones hold again. */
    release: () => {
      released.resolve()
      released = Promise.withResolvers<void>()
    },
    /** However a test ends, no worker may keep its room from closing. */
    [Symbol.dispose]: () => released.resolve(),
  }
}

for (const [name, open, options] of [
  ['PGlite', openTestStore, {}],
  ['PostgreSQL', openPostgresTestStore, needsPostgres()],
] as const) {
  test(`tasks on ${name}`, options, async (t) => {
    await using store = await open([tasksMigrations])

    await t.test('a created task is claimed, worked on under a fence, and ends once', async () => {
      await using tasks = room(store)
      using held = holdingWorker()
      tasks.handle('run', held.worker)
      await tasks.start()
      const { task } = await tasks.create(run)
      const lease = await held.next()
      assert.equal(lease.taskId, task.id)
      assert.deepEqual(await lease.spec(), { text: 'NUL \u0000 \ud800' })
      await lease.finish(ended)
      await assert.rejects(lease.finish({ ...ended, status: 'failed' }), { code: 'conflict' })
      assert.equal((await tasks.get(task.id)).status, 'succeeded')
      const types = (await tasks.events(task.id, 0, 100)).map((event) => event.body.type)
      assert.deepEqual(types, ['task.queued', 'task.started', 'task.ended'])
    })

    await t.test(
      'while paused nothing queued is taken up, children go on, and a restart keeps its own work',
      async () => {
        let isPaused = false
        const open = () => room(store, 'node-p', 4, 20, async () => isPaused)
        let kept = ''
        {
          await using tasks = open()
          using held = holdingWorker()
          tasks.handle('run', held.worker)
          await tasks.start()
          kept = (await tasks.create(run)).task.id
          const lease = await held.next()
          isPaused = true
          const waiting = (await tasks.create(run)).task.id
          await tasks.sweep()
          assert.equal((await tasks.get(waiting)).status, 'queued')
          const child = await tasks.createChild(lease, { ...run, kind: 'turn' })
          await child.finish(ended)
          isPaused = false
          await tasks.pump()
          const next = await held.next()
          assert.equal(next.taskId, waiting)
          await next.finish(ended)
        }
        isPaused = true
        await using again = open()
        using held = holdingWorker()
        again.handle('run', held.worker)
        await again.start()
        const lease = await held.next()
        assert.equal(lease.taskId, kept)
        await lease.finish(ended)
      },
    )

    await t.test('an older fence can neither write nor make children, and learns that it is lost', async () => {
      // Frozen: it neither sweeps nor notices, as a process under SIGSTOP.
      await using first = room(store, 'node-a', 2, 3_600_000)
      using old = holdingWorker({ evenWhenLost: true })
      first.handle('run', old.worker)
      await first.start()
      const { task } = await first.create(run)
      const lease = await old.next()
      const child = await lease.assertHeld().then(() => first.createChild(lease, { ...run, kind: 'turn' }))
      // The same node again, as after a restart, while the first still believes to be it.
      await using second = room(store, 'node-a')
      using fresh = holdingWorker()
      second.handle('run', fresh.worker)
      await second.start()
      const newer = await fresh.next()
      assert.ok(newer.fence > lease.fence)
      for (const write of [
        () => lease.append([{ type: 'agent.warned', text: 'too late' }]),
        () => lease.park('too late'),
        () => lease.finish(ended),
        () => first.createChild(lease, { ...run, kind: 'turn' }),
        () => child.append([{ type: 'agent.warned', text: 'too late' }]),
        () => child.finish(ended),
      ]) {
        await assert.rejects(write(), { code: 'conflict' })
      }
      assert.ok(lease.lost.aborted)
      const adopted = await second.adoptChild(newer, child.taskId)
      await adopted?.finish(ended)
      await newer.finish(ended)
      const texts = (await second.events(task.id, 0, 100)).map((event) => JSON.stringify(event.body))
      assert.ok(!texts.some((text) => text.includes('too late')))
      old.release()
    })

    await t.test('a failed transaction appends nothing and leaves no gap', async () => {
      await using tasks = room(store)
      using held = holdingWorker()
      tasks.handle('run', held.worker)
      await tasks.start()
      const { task } = await tasks.create(run)
      const lease = await held.next()
      const undone = store.tx(async () => {
        await lease.append([{ type: 'agent.warned', text: 'undone' }], { out: 5, err: 6 })
        throw new Error('undo')
      })
      await assert.rejects(undone, /undo/)
      await lease.append([{ type: 'agent.warned', text: 'kept' }], { out: 7, err: 8 })
      assert.deepEqual(await lease.offsets(), { out: 7, err: 8 })
      await lease.finish(ended)
      const events = await tasks.events(task.id, 0, 100)
      assert.deepEqual(
        events.map((event) => event.seq),
        [1, 2, 3, 4],
      )
    })

    await t.test(
      'stop: a queued task ends at once, a running one is told with the reason, an ended one stays',
      async () => {
        await using tasks = room(store, 'node-a', 1)
        using held = holdingWorker()
        tasks.handle('run', held.worker)
        await tasks.start()
        const running = (await tasks.create(run)).task
        const lease = await held.next()
        const queued = (await tasks.create(run)).task
        assert.equal((await tasks.requestStop(queued.id, 'not wanted')).status, 'cancelled')
        const stopped = new Promise((resolve) => lease.stopRequested.addEventListener('abort', resolve))
        const child = await tasks.createChild(lease, { ...run, kind: 'turn' })
        assert.ok((await tasks.requestStop(running.id, 'enough')).stopRequestedAt !== null)
        await stopped
        assert.equal(lease.stopRequested.reason, 'enough')
        assert.ok(child.stopRequested.aborted, 'a child stops with its run')
        await child.finish({ ...ended, status: 'cancelled' })
        await lease.finish({ ...ended, status: 'cancelled' })
        assert.equal((await tasks.requestStop(running.id, 'again')).status, 'cancelled')
        await assert.rejects(tasks.requestStop('run_00000000000000000000000000', 'x'), { code: 'not_found' })
      },
    )

    await t.test('a parked task waits without a lease until it is resumed', async () => {
      await using tasks = room(store)
      using held = holdingWorker()
      tasks.handle('run', held.worker)
      await tasks.start()
      const { task } = await tasks.create(run)
      const lease = await held.next()
      await lease.park('a person must look')
      held.release()
      const parked = await tasks.get(task.id)
      assert.deepEqual([parked.status, parked.waitingFor], ['waiting', 'a person must look'])
      await assert.rejects(lease.append([{ type: 'agent.warned', text: 'x' }]), { code: 'conflict' })
      await tasks.resume(task.id)
      const again = await held.next()
      assert.ok(again.fence > lease.fence)
      await assert.rejects(tasks.resume(task.id), { code: 'conflict' })
      await again.finish(ended)
    })

    await t.test('a worker that fails does not lose its task: the sweep claims it again', async () => {
      await using tasks = room(store)
      let tries = 0
      const done = Promise.withResolvers<void>()
      tasks.handle('run', async (lease) => {
        if (++tries === 1) throw new Error('the database was away')
        await lease.finish(ended)
        done.resolve()
      })
      await tasks.start()
      const { task } = await tasks.create(run)
      await done.promise
      assert.equal((await tasks.get(task.id)).status, 'succeeded')
      assert.equal(tries, 2)
    })

    await t.test(
      'work that begins at once runs here, however full the node is, and a restart takes it up',
      async () => {
        const command: NewTask = { ...run, kind: 'command', executed: 'maybe' }
        let taken: string
        {
          await using tasks = room(store, 'node-a', 0)
          await tasks.start()
          const quick = await tasks.runHere(command, (lease) => lease.finish({ ...ended, result: { exitCode: 0 } }))
          await quick.done
          const { task, spec, result } = await tasks.details(quick.taskId)
          assert.deepEqual([task.status, spec, result], ['succeeded', run.spec, { exitCode: 0 }])
          const types = (await tasks.events(quick.taskId, 0, 10)).map(({ body }) => body.type)
          assert.deepEqual(types, ['task.started', 'task.ended'])
          // Closing comes between the record and the worker, or while it works: either way the worker learns of it.
          const cut = await tasks.runHere(command, (lease) => lostOf(lease))
          taken = cut.taskId
          assert.deepEqual(
            [(await tasks.get(taken)).status, (await tasks.details(taken)).result, (await tasks.get(taken)).executed],
            ['running', null, 'maybe'],
          )
          void tasks.runHere(command, (lease) => lostOf(lease)).catch(() => undefined)
        }
        await using again = room(store)
        const adopted = Promise.withResolvers<TaskLease>()
        again.handle('command', async (lease) => {
          await lease.finish(ended)
          if (lease.taskId === taken) adopted.resolve(lease)
        })
        await again.start()
        assert.equal((await adopted.promise).fence, 2)
        assert.equal((await again.get(taken)).status, 'succeeded')
        await assert.rejects(
          tasksOfClosed(store).runHere(command, () => Promise.resolve()),
          { code: 'unavailable' },
        )
      },
    )

    await t.test('the same idempotency key makes one task, also at once', async () => {
      await using tasks = room(store, 'node-a', 0)
      const made = await Promise.all(
        Array.from({ length: 4 }, () => tasks.create({ ...run, idempotencyKey: `once-${name}` })),
      )
      assert.equal(new Set(made.map(({ task }) => task.id)).size, 1)
      assert.equal(made.filter(({ isNew }) => isNew).length, 1)
      await tasks.requestStop(made[0]?.task.id ?? '', 'clean up')
    })

    await t.test('pages of a list hold every task once while new ones arrive', async () => {
      await using tasks = room(store, 'node-a', 0)
      const subject = `workflow:pages-${name}`
      const made = new Set<string>()
      for (let i = 0; i < 7; i++) made.add((await tasks.create({ ...run, subject })).task.id)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await tasks.list({ subject, limit: 3, cursor })
        seen.push(...page.items.map((task) => task.id))
        cursor = page.next ?? undefined
        await tasks.create({ ...run, subject })
      } while (cursor !== undefined)
      assert.equal(new Set(seen).size, seen.length)
      assert.deepEqual(new Set(seen), made)
      const recent = await tasks.recent([subject, 'workflow:none'], 2)
      assert.equal(recent.get(subject)?.length, 2)
      await assert.rejects(tasks.list({ limit: 1, cursor: '../x' }), { code: 'invalid_input' })
      const left = await tasks.list({ subject, limit: 100 })
      for (const task of left.items) await tasks.requestStop(task.id, 'clean up')
    })

    await t.test('watchers hear of growth, coalesced', async () => {
      await using tasks = room(store)
      using held = holdingWorker()
      tasks.handle('run', held.worker)
      await tasks.start()
      const { task } = await tasks.create(run)
      const lease = await held.next()
      const heard = Promise.withResolvers<void>()
      using _ = tasks.watch(task.id, () => heard.resolve())
      await lease.append([{ type: 'agent.warned', text: 'hear me' }])
      await heard.promise
      await lease.finish(ended)
    })
  })
}

test('final statuses go nowhere, and what may be done follows the table', () => {
  for (const from of taskStatuses) {
    for (const to of taskStatuses) if (isFinal(from)) assert.equal(canBecome(from, to), false, `${from} -> ${to}`)
    assert.equal(taskCan.cancel(from), !isFinal(from))
  }
  const resumable: TaskStatus[] = taskStatuses.filter(taskCan.resume)
  assert.deepEqual(resumable, ['waiting'])
})
