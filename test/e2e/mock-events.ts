// Event logs for made-up runs: what an agent would have said and done, step by step; and a running
// run that goes on saying it.

import type { TaskEvent, TaskEventBody } from '#src/tasks/contract.ts'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { answers } from './mock-data.ts'

export interface Log {
  events: TaskEvent[]
  watchers: Set<(event: TaskEvent) => void>
  ended: boolean
}

export function append(run: Run, log: Log, taskId: string, body: TaskEventBody, at: number): void {
  const event: TaskEvent = { seq: log.events.length + 1, at: Math.round(at), taskId, body }
  log.events.push(event)
  run.lastSeq = event.seq
  for (const watcher of log.watchers) watcher(event)
}

const tools = [
  ['developer', 'shell', { command: 'git log --oneline -20' }, 'a91f0c2 Fix tokenizer\n77be010 Bump vite\n…'],
  ['developer', 'read', { path: 'package.json' }, '{\n  "name": "orchestra",\n  "version": "3.4.0"\n}'],
  ['developer', 'search', { query: 'z.string().email', path: 'src' }, 'src/auth/contract.ts:18\nsrc/users/form.ts:44'],
  [null, 'fetch', { url: 'https://example.com/changelog.md' }, 'HTTP 404'],
] as const

/** Writes what a recorded run left behind. `talk` above 1 lengthens it (a ten-thousand-event run). */
export function recordLog(run: Run, calls = 3): Log {
  const log: Log = { events: [], watchers: new Set(), ended: run.endedAt !== null }
  const root = run.id
  append(run, log, root, { type: 'task.queued', title: run.workflowName }, run.createdAt)
  if (run.startedAt !== null)
    append(run, log, root, { type: 'task.started', place: 'node:mock', fence: 1 }, run.startedAt)
  for (const step of run.steps) {
    if (step.startedAt === null) continue
    append(
      run,
      log,
      root,
      {
        type: 'step.started',
        index: step.index,
        stepId: step.stepId,
        title: step.title,
        prompt: step.prompt,
        agent: step.agent,
        model: step.model,
      },
      step.startedAt,
    )
    for (const attempt of step.attempts) {
      const length = (attempt.endedAt ?? Date.now()) - attempt.startedAt
      append(
        run,
        log,
        root,
        {
          type: 'attempt.started',
          index: step.index,
          attempt: attempt.number,
          turnId: attempt.turnId,
          reason: attempt.number === 1 ? 'first attempt' : 'the model was over its rate limit',
        },
        attempt.startedAt,
      )
      if (attempt.endedAt !== null || run.status === 'waiting') {
        speak(run, log, step, attempt.turnId, attempt.startedAt, length, calls, attempt.status === 'succeeded')
      }
      if (attempt.error?.kind === 'rate_limited')
        append(
          run,
          log,
          attempt.turnId,
          { type: 'agent.retried', attempt: 2, httpStatus: 429, delayMs: 4_000 },
          attempt.startedAt + length * 0.9,
        )
      if (attempt.endedAt !== null)
        append(
          run,
          log,
          root,
          {
            type: 'attempt.ended',
            index: step.index,
            attempt: attempt.number,
            turnId: attempt.turnId,
            status: attempt.status,
            error: attempt.error,
          },
          attempt.endedAt,
        )
    }
    if (step.endedAt !== null)
      append(
        run,
        log,
        root,
        { type: 'step.ended', index: step.index, status: step.status, usage: step.usage },
        step.endedAt,
      )
  }
  if (run.status === 'waiting')
    append(run, log, root, { type: 'task.waiting', reason: run.waitingFor ?? '' }, run.createdAt + 90_000)
  if (run.endedAt !== null)
    append(run, log, root, { type: 'task.ended', status: run.status, executed: 'yes', error: run.error }, run.endedAt)
  return log
}

function speak(
  run: Run,
  log: Log,
  step: RunStep,
  turnId: string,
  from: number,
  length: number,
  calls: number,
  whole: boolean,
): void {
  const at = (part: number) => from + length * part
  append(
    run,
    log,
    turnId,
    {
      type: 'thinking.delta',
      messageId: `k${step.index}`,
      text: 'The person wants a short answer with reasons. I should look at the files before I say anything about versions.',
    },
    at(0.05),
  )
  for (let call = 0; call < calls; call++) {
    const [server, tool, input, output] = tools[call % tools.length] ?? tools[0]
    const callId = `${turnId}-${call}`
    append(run, log, turnId, { type: 'tool.called', callId, server, tool, input }, at(0.1 + (0.6 * call) / calls))
    append(
      run,
      log,
      turnId,
      { type: 'log.line', stream: 'err', text: `tool ${tool} ${JSON.stringify(input)}` },
      at(0.1 + (0.6 * call) / calls),
    )
    append(
      run,
      log,
      turnId,
      { type: 'tool.returned', callId, ok: tool !== 'fetch', output, truncated: false },
      at(0.1 + (0.6 * (call + 0.6)) / calls),
    )
  }
  const words = (step.output ?? answers[step.index % answers.length] ?? '').split(/(?<= )/)
  words.slice(0, whole ? words.length : Math.ceil(words.length / 3)).forEach((text, index) => {
    append(
      run,
      log,
      turnId,
      { type: 'text.delta', messageId: `m${step.index}`, text },
      at(0.72 + (0.25 * index) / words.length),
    )
  })
  if (step.usage !== null) append(run, log, turnId, { type: 'usage.updated', usage: step.usage }, at(0.98))
}

/** Says one more thing in the running step of a run; the next words of an endless answer. */
export function* babble(run: Run, log: Log): Generator<void> {
  for (let round = 0; ; round++) {
    const step = run.steps.find((each) => each.status === 'running')
    const turnId = step?.attempts.at(-1)?.turnId
    if (step === undefined || turnId === undefined) return
    const callId = `${turnId}-live-${round}`
    const [server, tool, input, output] = tools[round % tools.length] ?? tools[0]
    append(run, log, turnId, { type: 'tool.called', callId, server, tool, input }, Date.now())
    for (let wait = 0; wait < 6; wait++) yield
    append(
      run,
      log,
      turnId,
      { type: 'tool.returned', callId, ok: tool !== 'fetch', output, truncated: false },
      Date.now(),
    )
    const text = answers[round % answers.length] ?? ''
    for (const word of text.split(/(?<= )/)) {
      append(run, log, turnId, { type: 'text.delta', messageId: `live${round}`, text: word }, Date.now())
      yield
    }
    for (let wait = 0; wait < 10; wait++) yield
  }
}
