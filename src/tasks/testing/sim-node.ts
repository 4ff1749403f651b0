// A simulated node: the real tasks room over a store that can crash it between any two calls, or cut it
// off from the database, with simulated processes on its host that live on by themselves.

import { MaestroError, silentLog } from '#src/core/index.ts'
import type { SimClock } from '#src/core/testing/sim-clock.ts'
import type { Store } from '#src/store/index.ts'
import { sql } from 'kysely'
import type { TaskLease } from '../types.ts'
import { createTasks, type TasksRoom } from '../tasks.ts'

export const leaseMs = 10_000

/** A process on a host. It ends by itself at `endsAt`, or earlier when its node's lease runs out. */
export interface SimProcess {
  readonly step: string
  readonly startedAt: number
  readonly endsAt: number
  /** Its runner ended it when the node's lease ran out: a later renewal does not bring it back. */
  killed: boolean
}

export interface World {
  readonly clock: SimClock
  readonly store: Store
  readonly random: () => number
  /** Chance that one store call crashes its node. */
  crashChance: number
  /** Processes by node and turn: they survive their node's crash. */
  readonly hosts: Map<string, Map<string, SimProcess>>
  /** Until when a node's runners may go on; kept by the runners, not by the node. */
  readonly runnerDeadline: Map<string, number>
  /** Every start of a step's effect, in order. */
  readonly effects: { step: string; turnId: string; at: number }[]
  /** Steps whose result was recorded, with when. */
  readonly recorded: Map<string, number>
  readonly violations: string[]
}

export interface SimNode {
  readonly id: string
  readonly alive: boolean
  readonly frozen: boolean
  readonly tasks: TasksRoom
  cut: boolean
  crash(): void
  /** As a laptop that sleeps or a process under SIGSTOP: calls hang, and go on after `thaw` as if nothing had been. */
  freeze(): void
  thaw(): void
}

class Crash extends Error {}

/** What every store call of a node goes through. */
function createLink(
  world: World,
  isUp: () => boolean,
  isCut: () => boolean,
  thawed: () => Promise<void>,
  crash: () => void,
) {
  return {
    async before(): Promise<void> {
      await thawed()
      if (!isUp()) throw new Crash('this node has crashed')
      if (isCut()) throw new MaestroError('unavailable', 'the database cannot be reached')
      if (world.random() < world.crashChance) {
        crash()
        throw new Crash('crashed before the call')
      }
    },
    async after(): Promise<void> {
      if (!isUp()) throw new Crash('this node has crashed')
      if (world.random() < world.crashChance) {
        crash()
        throw new Crash('crashed after the commit, before knowing of it')
      }
    },
  }
}

export function startNode(world: World, id: string, steps: number): SimNode {
  let up = true
  const node = { cut: false }
  const base = world.store
  let depth = 0
  let frozen: PromiseWithResolvers<void> | undefined
  const link = createLink(
    world,
    () => up,
    () => node.cut,
    () => frozen?.promise ?? Promise.resolve(),
    () => {
      up = false
    },
  )

  const store: Store = {
    ...base,
    kind: 'postgres',
    db: () => {
      if (!up) throw new Crash('this node has crashed')
      if (node.cut) throw new MaestroError('unavailable', 'the database cannot be reached')
      return base.db()
    },
    async tx(work) {
      if (depth > 0) return base.tx(work)
      await link.before()
      const result = await base.tx(async () => {
        depth++
        try {
          const value = await work()
          if (!up || world.random() < world.crashChance) {
            up = false
            throw new Crash('crashed before the commit')
          }
          return value
        } finally {
          depth--
        }
      })
      await link.after()
      return result
    },
    notify: (channel, payload) => base.notify(channel, payload),
    listen: (channel, onMessage, onGap) =>
      base.listen(channel, (payload) => (up && !node.cut ? onMessage(payload) : undefined), onGap),
    jobs: {
      // Wake-ups may be lost or doubled: the sweep and the claim must make up for both.
      send: async () => undefined,
      work: async () => undefined,
    },
  }

  const tasks = createTasks({
    store,
    clock: world.clock,
    ids: (kind) => `${kind}_${String(++counter).padStart(26, '0')}`,
    log: silentLog,
    nodeId: id,
    nodeName: id,
    leaseMs,
    maxRunning: 2,
    sweepMs: 2_000,
    databaseNow: () => sql<number>`${world.clock.now()}::bigint`,
    onLeaseRenewed: async (deadline) => renewRunners(world, id, deadline),
  })
  tasks.handle('run', (lease) => workOn(world, id, tasks, store, lease, steps))
  void tasks.start().catch(() => {
    up = false
  })
  return {
    id,
    get alive() {
      return up
    },
    get frozen() {
      return frozen !== undefined
    },
    tasks,
    get cut() {
      return node.cut
    },
    set cut(value) {
      node.cut = value
    },
    crash() {
      up = false
      frozen?.resolve()
    },
    freeze() {
      frozen ??= Promise.withResolvers<void>()
    },
    thaw() {
      frozen?.resolve()
      frozen = undefined
    },
  }
}

let counter = 0

/** A little engine with the same duties as the real one: each step a child, recorded in one transaction. */
async function workOn(world: World, nodeId: string, tasks: TasksRoom, store: Store, lease: TaskLease, steps: number) {
  try {
    for (let index = 0; index < steps; index++) {
      const step = `${lease.taskId}/${index}`
      const children = (await tasks.list({ rootId: lease.rootId, limit: 500 })).items.filter(
        (one) => one.title === step,
      )
      if (children.some((child) => child.status === 'succeeded')) continue
      const open = children.find((child) => child.status === 'running')
      let turn: TaskLease | undefined
      if (open !== undefined) {
        turn = await tasks.adoptChild(lease, open.id)
        if (turn === undefined) continue
        const process = world.hosts.get(nodeId)?.get(open.id)
        if (open.place !== nodeId || process === undefined) {
          // Not reachable from here, or never started: cut off. The next round makes a new attempt.
          const executed = open.place === nodeId ? 'no' : 'maybe'
          await turn.finish({ status: 'interrupted', executed, error: null, usage: null })
          index--
          continue
        }
      } else {
        turn = await tasks.createChild(lease, {
          kind: 'turn',
          title: step,
          startedBy: { kind: 'system' },
          place: nodeId,
          spec: {},
        })
        await turn.setExecuted('maybe')
        begin(world, nodeId, turn.taskId, step)
      }
      const end = await processEnd(world, nodeId, turn)
      await store.tx(async () => {
        await turn.finish({ status: end, executed: 'yes', error: null, usage: null })
        await lease.append([{ type: 'agent.warned', text: `${step} ${end}` }])
        if (end === 'succeeded') store.afterCommit(() => void world.recorded.set(step, world.clock.now()))
      })
      if (end !== 'succeeded') index--
    }
    await lease.finish({ status: 'succeeded', executed: 'yes', error: null, usage: null })
  } catch (error) {
    if (!lease.lost.aborted && !(error instanceof Crash)) throw error
  }
}

function begin(world: World, nodeId: string, turnId: string, step: string): void {
  if (world.recorded.has(step)) world.violations.push(`${step} began again after its result was recorded`)
  const others = [...world.hosts].flatMap(([host, processes]) =>
    [...processes].filter(([, process]) => process.step === step && isRunning(world, host, process)),
  )
  if (others.length > 0) world.violations.push(`${step} began while an earlier turn of it was still running`)
  const now = world.clock.now()
  const host = world.hosts.get(nodeId) ?? new Map<string, SimProcess>()
  host.set(turnId, { step, startedAt: now, endsAt: now + 1_000 + Math.floor(world.random() * 8_000), killed: false })
  world.hosts.set(nodeId, host)
  world.effects.push({ step, turnId, at: now })
}

function renewRunners(world: World, host: string, deadline: number): void {
  const before = world.runnerDeadline.get(host) ?? Number.POSITIVE_INFINITY
  for (const process of world.hosts.get(host)?.values() ?? []) {
    if (before < Math.min(process.endsAt, world.clock.now())) process.killed = true
  }
  world.runnerDeadline.set(host, deadline)
}

/** A runner ends its process when its node's lease has run out: that is what makes taking over safe. */
function isRunning(world: World, host: string, process: SimProcess): boolean {
  const deadline = world.runnerDeadline.get(host) ?? Number.POSITIVE_INFINITY
  return !process.killed && world.clock.now() < Math.min(process.endsAt, deadline)
}

async function processEnd(world: World, nodeId: string, turn: TaskLease): Promise<'succeeded' | 'interrupted'> {
  const process = world.hosts.get(nodeId)?.get(turn.taskId)
  if (process === undefined) throw new MaestroError('internal', 'no such process')
  while (isRunning(world, nodeId, process)) await world.clock.sleep(200, turn.lost)
  if (turn.lost.aborted) throw new MaestroError('cancelled', 'lost')
  const deadline = world.runnerDeadline.get(nodeId) ?? Number.POSITIVE_INFINITY
  return !process.killed && process.endsAt <= deadline ? 'succeeded' : 'interrupted'
}
