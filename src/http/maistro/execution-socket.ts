// Maistro's WebSocket, `/ws/execution/<workflowId>`: the runs of a workflow told one after the other, each from
// its start, out of the durable logs that every other watcher reads. Bounded like these: a viewer whose
// socket is full pulls nothing until it has drained.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Credentials } from '#src/auth/index.ts'
import { type Ctx, Id, MaestroError, pageOf, parseOrThrow, Slug } from '#src/core/index.ts'
import type { TaskEvent } from '#src/tasks/contract.ts'
import { Run, RunSummary, Workflow } from '#src/workflows/contract.ts'
import type { Caller } from '../ports.ts'
import { closeCodes } from '../streams/close-codes.ts'
import { follow, type Follower } from '../streams/follow.ts'
import type { Hub } from '../streams/hub.ts'
import { createNarrator, type ExecutionMessage } from './execution-messages.ts'
import { createExecutionPlan, type ExecutionPlan } from './execution-plan.ts'
import { createRunFeed } from './run-feed.ts'

/** Clients send a short heartbeat and nothing else. */
const maxPayload = 16 * 1024
/** Of the list of runs, each time something has begun. */
const listed = 50
/** A chain of workflows that start each other is followed this far, and not beyond a run it has told. */
const maxChain = 50

export interface Viewing {
  readonly ctx: Ctx
  readonly workflow: Pick<Workflow, 'id' | 'name'>
  readonly runId: string | undefined
}

interface Shown {
  /** The socket has drained. */
  resume(): void
  /** Looks for new runs, in case a wake-up was lost. */
  refresh(): void
  stop(): void
}

export interface ExecutionSockets {
  /** May this caller watch, and is there something to watch? @throws `not_found`, `forbidden` */
  find(ctx: Ctx, workflowId: string, runId: string | undefined): Promise<Viewing>
  /** Takes over a request to upgrade that guards and sign-in have let through. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, credentials: Credentials, viewing: Viewing): void
  /** Cuts those that did not close by themselves. */
  terminate(): void
}

export function createExecutionSockets({ hub, calls }: { hub: Hub; calls: Caller }): ExecutionSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: true })
  const feed = createRunFeed(hub.source)
  const asked = new Map<string, Promise<RunSummary[]>>()

  const getRun = async (ctx: Ctx, runId: string): Promise<Run> => Run.parse(await calls.call(ctx, 'run_get', { runId }))

  /** Viewers of one workflow wake together: the first asks for all. A question of earlier may miss what woke them. */
  const listRuns = (ctx: Ctx, workflowId: string): Promise<RunSummary[]> => {
    const known = asked.get(workflowId)
    if (known !== undefined) return known
    const question = calls
      .call(ctx, 'run_list', { workflowId, limit: listed })
      .then((answer) => pageOf(RunSummary).parse(answer).items)
    asked.set(workflowId, question)
    setImmediate(() => asked.delete(workflowId))
    return question
  }

  /** Plays the plan until the socket closes. */
  function show(ws: WebSocket, socket: Duplex, { ctx, workflow, runId }: Viewing): Shown {
    const plan: ExecutionPlan = createExecutionPlan(runId)
    let follower: Follower | undefined
    let wake: () => void = () => undefined
    let stopTelling: () => void = () => undefined
    let isStale = false
    const isOpen = () => ws.readyState === ws.OPEN
    const send = (message: ExecutionMessage) => ws.send(JSON.stringify(message), { binary: false })

    /** Until its end, or until the socket closes. */
    const tellOne = async (run: Run): Promise<void> => {
      using opened = hub.open(run.id)
      const narrate = createNarrator({ rootId: run.id, totalPrompts: run.stepCount })
      const over = Promise.withResolvers<void>()
      stopTelling = over.resolve
      follower = follow(
        opened.log,
        { cursor: 0, taskId: run.id },
        {
          write(slice) {
            for (const frame of slice.frames)
              for (const message of narrate(JSON.parse(frame.json.toString('utf8')) as TaskEvent)) send(message)
            return !socket.writableNeedDrain
          },
          end: over.resolve,
          fail: over.reject,
        },
      )
      await over.promise.finally(() => (follower = undefined))
    }

    /** A run, then what its success started, as Maistro went on in the same socket. */
    const tell = async (first: string): Promise<void> => {
      const told = new Set<string>()
      let next: string | undefined = first
      let last: Run | undefined
      while (next !== undefined && !told.has(next) && told.size < maxChain && isOpen()) {
        told.add(next)
        plan.drop(next)
        await tellOne(await getRun(ctx, next))
        last = await getRun(ctx, next)
        next = last.triggeredRunIds[0]
      }
      if (last !== undefined && isOpen()) send({ type: 'end', message: endOf(last) })
    }

    const learn = async (): Promise<void> => {
      isStale = false
      plan.learn(await listRuns(ctx, workflow.id))
    }

    const play = async (): Promise<void> => {
      // Whoever was greeted may start a run at once: it must not be taken for one of before.
      await learn()
      send({ type: 'connection', message: `Connected to "${workflow.name}"`, timestamp: new Date().toISOString() })
      while (isOpen()) {
        if (isStale) await learn()
        const next = plan.next()
        if (next !== undefined) await tell(next)
        else if (!isStale) await new Promise<void>((resolve) => (wake = resolve))
      }
    }

    const refresh = () => {
      isStale = true
      wake()
    }
    const watching = feed.watch(refresh)
    play().catch((error: unknown) => {
      hub.log.warn({ error, workflowId: workflow.id }, 'a viewer was cut off: its run could not be read')
      ws.close(closeCodes.failed, 'read failed')
    })
    return {
      resume: () => follower?.resume(),
      refresh,
      stop() {
        watching[Symbol.dispose]()
        follower?.stop()
        stopTelling()
        wake()
      },
    }
  }

  return {
    async find(ctx, workflowId, runId) {
      const known = Slug.safeParse(workflowId)
      if (!known.success) throw new MaestroError('not_found', `there is no workflow "${workflowId.slice(0, 100)}"`)
      const { id, name } = Workflow.parse(await calls.call(ctx, 'workflow_get', { workflowId: known.data }))
      if (runId !== undefined) {
        const run = await getRun(ctx, parseOrThrow(Id, runId, 'runId'))
        if (run.workflowId !== id) throw new MaestroError('not_found', `${run.id} is not a run of "${id}"`)
      }
      return { ctx, workflow: { id, name }, runId }
    },

    accept(request, socket, head, credentials, viewing) {
      server.handleUpgrade(request, socket, head, (ws) => {
        let isAlive = true
        const shown = show(ws, socket, viewing)
        const member = hub.join({
          credentials,
          beat() {
            // Two beats without an answer: the peer is gone, or has stalled for that long.
            if (!isAlive) return ws.terminate()
            isAlive = false
            ws.ping()
            shown.refresh()
          },
          stop: (reason) => ws.close(reason === 'closing' ? closeCodes.restart : closeCodes.policy, reason),
        })
        ws.on('pong', () => {
          isAlive = true
        })
        ws.on('message', (data: Buffer, isBinary) => {
          // To one that asks without reading, silence: nothing is queued for it.
          if (!isBinary && isHeartbeat(data.toString()) && !socket.writableNeedDrain)
            ws.send(JSON.stringify({ type: 'heartbeat_ack', timestamp: new Date().toISOString() }))
        })
        ws.on('error', (error) => hub.log.debug({ error }, 'a websocket failed'))
        const onDrain = () => shown.resume()
        socket.on('drain', onDrain)
        ws.on('close', () => {
          socket.off('drain', onDrain)
          shown.stop()
          member[Symbol.dispose]()
        })
      })
    },

    terminate() {
      feed.close()
      for (const ws of server.clients) ws.terminate()
    },
  }
}

function endOf(run: Run): string {
  return run.status === 'succeeded' ? 'Execution completed' : `Execution ended: ${run.status.replaceAll('_', ' ')}`
}

function isHeartbeat(text: string): boolean {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && 'type' in message && message.type === 'heartbeat'
  } catch {
    return false
  }
}
