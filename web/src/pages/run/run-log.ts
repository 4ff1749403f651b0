// A run's event log as a conversation: steps, their attempts, and in each what was said and done.
// Pure and copy-on-write per batch: what a batch did not touch keeps its identity, so the page draws
// only what changed. `events` is append-only and shared between versions.

import type { Usage } from '#src/core/contract.ts'
import type { TaskError, TaskEvent } from '#src/tasks/contract.ts'
import type { State } from '../../ui/status.ts'

export interface ToolCall {
  kind: 'tool'
  id: string
  server: string | null
  tool: string
  input: unknown
  startedAt: number
  endedAt: number | null
  ok: boolean | null
  output: string
  truncated: boolean
}

export type Block =
  | { kind: 'text' | 'thinking'; id: string; text: string }
  | ToolCall
  | { kind: 'note'; id: string; tone: 'waiting' | 'muted' | 'failed'; text: string }

export interface AttemptLog {
  number: number
  turnId: string
  /** Why it was made: shown from the second on. */
  reason: string
  startedAt: number
  endedAt: number | null
  status: State
  error: TaskError | null
  usage: Usage | null
  blocks: readonly Block[]
}

export interface StepLog {
  index: number
  title: string
  prompt: string
  agent: string
  model: string | null
  startedAt: number
  endedAt: number | null
  status: State
  usage: Usage | null
  attempts: readonly AttemptLog[]
}

export interface RunLog {
  lastSeq: number
  /** Ordered by index, without holes. */
  steps: readonly StepLog[]
  events: TaskEvent[]
  /** The root's `task.ended` has been seen. */
  ended: boolean
}

export const emptyLog = (): RunLog => ({ lastSeq: 0, steps: [], events: [], ended: false })

/**
 * Takes in events in order. One that was seen before is skipped; `gap` is true when one is missing, and
 * then nothing after the hole is taken in: read again from `lastSeq`.
 */
export function applyEvents(log: RunLog, events: readonly TaskEvent[], rootId: string): { log: RunLog; gap: boolean } {
  const draft = makeDraft(log)
  for (const event of events) {
    if (event.seq <= draft.lastSeq) continue
    if (event.seq !== draft.lastSeq + 1) return { log: draft.done(), gap: true }
    draft.take(event, rootId)
  }
  return { log: draft.done(), gap: false }
}

type Open<T> = { -readonly [K in keyof T]: T[K] }
type OpenAttempt = Omit<Open<AttemptLog>, 'blocks'> & { blocks: Block[] }
type OpenStep = Omit<Open<StepLog>, 'attempts'> & { attempts: OpenAttempt[] }

function makeDraft(old: RunLog) {
  const steps = [...old.steps] as OpenStep[]
  const mine = new WeakSet<object>()
  const touched = new WeakSet<object>()
  const draft = { lastSeq: old.lastSeq, ended: old.ended }

  function step(index: number): OpenStep | undefined {
    const at = steps.findIndex((each) => each.index === index)
    const found = steps[at]
    if (found === undefined || mine.has(found)) return found
    const copy = { ...found, attempts: [...found.attempts] }
    mine.add(copy)
    steps[at] = copy
    return copy
  }

  function attempt(stepIndex: number | undefined, match: (each: OpenAttempt) => boolean): OpenAttempt | undefined {
    const owner = stepIndex === undefined ? undefined : step(stepIndex)
    if (owner === undefined) return undefined
    const at = owner.attempts.findLastIndex(match)
    const found = owner.attempts[at]
    if (found === undefined || mine.has(found)) return found
    const copy = { ...found, blocks: [...found.blocks] }
    mine.add(copy)
    owner.attempts[at] = copy
    return copy
  }

  /** The attempt whose turn wrote the event; what the root itself says belongs to the newest one. */
  function attemptOf(taskId: string): OpenAttempt | undefined {
    const owner = steps.findLast((each) => each.attempts.some((one) => one.turnId === taskId)) ?? steps.at(-1)
    const known = owner?.attempts.some((one) => one.turnId === taskId) === true
    return attempt(owner?.index, (one) => !known || one.turnId === taskId)
  }

  function grow(taskId: string, kind: 'text' | 'thinking', messageId: string, text: string) {
    const owner = attemptOf(taskId)
    const last = owner?.blocks.at(-1)
    if (owner === undefined) return
    const id = `${kind}:${messageId}`
    if (last?.kind === kind && last.id.startsWith(id)) {
      if (touched.has(last)) last.text += text
      else {
        const copy = { ...last, text: last.text + text }
        touched.add(copy)
        owner.blocks[owner.blocks.length - 1] = copy
      }
      return
    }
    const block: Block = { kind, id: `${id}:${owner.blocks.length}`, text }
    touched.add(block)
    owner.blocks.push(block)
  }

  function note(taskId: string, seq: number, tone: 'waiting' | 'muted' | 'failed', text: string) {
    attemptOf(taskId)?.blocks.push({ kind: 'note', id: `note:${seq}`, tone, text })
  }

  function take({ seq, at, taskId, body }: TaskEvent, rootId: string) {
    draft.lastSeq = seq
    switch (body.type) {
      case 'step.started': {
        const known = step(body.index)
        if (known === undefined) {
          const { index, title, prompt, agent, model } = body
          const made: OpenStep = {
            index,
            title,
            prompt,
            agent,
            model,
            startedAt: at,
            endedAt: null,
            status: 'running',
            usage: null,
            attempts: [],
          }
          mine.add(made)
          steps.push(made)
          steps.sort((a, b) => a.index - b.index)
        } else Object.assign(known, { status: 'running', endedAt: null })
        return
      }
      case 'step.ended': {
        const known = step(body.index)
        if (known !== undefined) Object.assign(known, { status: body.status as State, endedAt: at, usage: body.usage })
        return
      }
      case 'attempt.started': {
        const made: OpenAttempt = {
          number: body.attempt,
          turnId: body.turnId,
          reason: body.reason,
          startedAt: at,
          endedAt: null,
          status: 'running',
          error: null,
          usage: null,
          blocks: [],
        }
        mine.add(made)
        step(body.index)?.attempts.push(made)
        return
      }
      case 'attempt.ended': {
        const known = attempt(body.index, (one) => one.turnId === body.turnId)
        if (known !== undefined) Object.assign(known, { status: body.status, error: body.error, endedAt: at })
        return
      }
      case 'text.delta':
        return grow(taskId, 'text', body.messageId, body.text)
      case 'thinking.delta':
        return grow(taskId, 'thinking', body.messageId, body.text)
      case 'tool.called':
        attemptOf(taskId)?.blocks.push({
          kind: 'tool',
          id: body.callId,
          server: body.server,
          tool: body.tool,
          input: body.input,
          startedAt: at,
          endedAt: null,
          ok: null,
          output: '',
          truncated: false,
        })
        return
      case 'tool.returned': {
        const owner = attemptOf(taskId)
        const index = owner?.blocks.findLastIndex((each) => each.kind === 'tool' && each.id === body.callId) ?? -1
        const call = owner?.blocks[index]
        if (owner !== undefined && call?.kind === 'tool') {
          owner.blocks[index] = { ...call, endedAt: at, ok: body.ok, output: body.output, truncated: body.truncated }
        }
        return
      }
      case 'usage.updated': {
        const owner = attemptOf(taskId)
        if (owner !== undefined) owner.usage = body.usage
        return
      }
      case 'agent.retried':
        return note(taskId, seq, 'waiting', retried(body.attempt, body.httpStatus, body.delayMs))
      case 'agent.warned':
        return note(taskId, seq, 'waiting', body.text)
      case 'mcp.status':
        return note(
          taskId,
          seq,
          body.ok ? 'muted' : 'failed',
          body.ok
            ? `MCP server ${body.server} is connected`
            : `MCP server ${body.server} did not start${body.reason === null ? '' : `: ${body.reason}`}`,
        )
      case 'task.waiting':
        return note(taskId, seq, 'waiting', `Waiting: ${body.reason}`)
      case 'task.stop_requested':
        return note(taskId, seq, 'muted', `Asked to stop: ${body.reason}`)
      case 'run.triggered':
        return note(taskId, seq, 'muted', `Started workflow ${body.workflowId} as ${body.runId}`)
      case 'run.trigger_failed':
        return note(taskId, seq, 'failed', `Could not start workflow ${body.workflowId}: ${body.reason}. ${body.hint}`)
      case 'task.late_evidence':
        return note(taskId, seq, 'muted', `Seen after the end: ${body.detail}`)
      case 'task.ended':
        if (taskId === rootId) draft.ended = true
        return
      case 'task.queued':
      case 'task.started':
      case 'session.started':
      case 'output.grown':
      case 'log.line':
        return
    }
  }

  return {
    get lastSeq() {
      return draft.lastSeq
    },
    take(event: TaskEvent, rootId: string) {
      old.events.push(event)
      take(event, rootId)
    },
    done: (): RunLog => ({ ...draft, steps, events: old.events }),
  }
}

function retried(attempt: number, httpStatus: number | null, delayMs: number | null): string {
  const why = httpStatus === null ? 'The model did not answer' : `The model answered ${httpStatus}`
  const when = delayMs === null ? '' : ` in ${Math.round(delayMs / 100) / 10} s`
  return `${why}; trying again${when} (try ${attempt})`
}
