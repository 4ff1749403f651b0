// Promises of the task substrate under random crashes, partitions, lost and doubled wake-ups: nodes are
// simulated over one real database, time stands still until the story moves it, the seed is the story.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '#src/core/testing/random.ts'
import { createSimClock } from '#src/core/testing/sim-clock.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { tasksMigrations } from './migrations.ts'
import { leaseMs, type SimNode, startNode, type World } from './testing/sim-node.ts'

const stories = Number(process.env.MAESTRO_MODEL_STORIES ?? 5)
const first = Number(process.env.MAESTRO_MODEL_FIRST ?? 1)
const steps = 3

test('no story of crashes and partitions loses work, repeats a recorded step or lets two nodes write', async (t) => {
  for (let seed = first; seed < first + stories; seed++) {
    await t.test(`story ${seed}`, () => tell(seed))
  }
})

async function tell(seed: number): Promise<void> {
  await using store = await openTestStore([tasksMigrations])
  const random = createRandom(seed * 7_919)
  const clock = createSimClock()
  const world: World = {
    clock,
    store,
    random,
    crashChance: 0,
    hosts: new Map(),
    runnerDeadline: new Map(),
    effects: [],
    recorded: new Map(),
    violations: [],
  }
  const names = ['a', 'b', 'c']
  const nodes = new Map<string, SimNode>(names.map((name) => [name, startNode(world, name, steps)]))
  await clock.settle(50)

  const acknowledged: string[] = []
  for (let round = 0; round < 40; round++) {
    world.crashChance = random() < 0.3 ? 0.02 : 0
    const name = names[Math.floor(random() * names.length)] ?? 'a'
    const node = nodes.get(name)
    const dice = random()
    if (node === undefined) continue
    if (!node.alive) {
      if (dice < 0.5) nodes.set(name, startNode(world, name, steps))
    } else if (dice < 0.25 && !node.frozen && acknowledged.length < 8) {
      const created = await node.tasks
        .create({ kind: 'run', title: 'story', startedBy: { kind: 'system' }, place: null, spec: {} })
        .catch(() => undefined)
      if (created !== undefined) acknowledged.push(created.task.id)
    } else if (dice < 0.35) {
      node.crash()
    } else if (dice < 0.45) {
      node.cut = !node.cut
    } else if (dice < 0.6) {
      if (random() < 0.5) node.freeze()
      else node.thaw()
    } else if (dice < 0.7) {
      // A doubled wake-up.
      void node.tasks.pump()
      void node.tasks.sweep().catch(() => undefined)
    }
    await clock.advance(Math.floor(random() * 6_000))
  }

  // The storm is over: whoever is down comes back, time goes on, everything must come to an end.
  world.crashChance = 0
  const neverBack = random() < 0.5 ? names[1 + Math.floor(random() * 2)] : undefined
  for (const name of names) {
    const node = nodes.get(name)
    node?.thaw()
    if (name === neverBack) node?.crash()
    else if (node === undefined || !node.alive) nodes.set(name, startNode(world, name, steps))
    else node.cut = false
  }
  for (let i = 0; i < 60; i++) await clock.advance(leaseMs)

  const reader = nodes.get('a')
  assert.ok(reader !== undefined)
  assert.deepEqual(world.violations, [])
  for (const id of acknowledged) {
    const task = await reader.tasks.get(id)
    assert.equal(task.status, 'succeeded', `${id} was acknowledged and must end`)
    await assertLog(reader, id)
  }
  const starts = Map.groupBy(world.effects, (effect) => effect.turnId)
  for (const [turnId, effects] of starts) assert.equal(effects.length, 1, `turn ${turnId} must start its effect once`)
  for (const node of nodes.values()) node.crash()
  await clock.advance(leaseMs)
}

async function assertLog(reader: SimNode, rootId: string): Promise<void> {
  const events = await reader.tasks.events(rootId, 0, 10_000)
  assert.deepEqual(
    events.map((event) => event.seq),
    events.map((_, index) => index + 1),
    'numbers without gaps',
  )
  const ended = new Set<string>()
  const recorded = new Map<string, number>()
  for (const event of events) {
    assert.ok(!ended.has(event.taskId), `nothing of ${event.taskId} may follow its end`)
    if (event.body.type === 'task.ended') ended.add(event.taskId)
    if (event.body.type === 'agent.warned' && event.body.text.endsWith('succeeded')) {
      recorded.set(event.body.text, (recorded.get(event.body.text) ?? 0) + 1)
    }
  }
  assert.equal(recorded.size, steps)
  for (const [text, times] of recorded) assert.equal(times, 1, `${text} is recorded once`)
}
