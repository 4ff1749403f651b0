import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskEvent, TaskEventBody } from '#src/tasks/contract.ts'
import { applyEvents, emptyLog, type RunLog } from './run-log.ts'

const root = 'run_00000000000000000000000000'
const turn = (n: number) => `turn_${String(n).padStart(26, '0')}`

function feed(log: RunLog, bodies: (TaskEventBody | [string, TaskEventBody])[], from = log.lastSeq + 1) {
  const events = bodies.map((body, index): TaskEvent => {
    const [taskId, inner] = Array.isArray(body) ? body : [root, body]
    return { seq: from + index, at: 1_000 * (from + index), taskId, body: inner }
  })
  return applyEvents(log, events, root)
}

const start: TaskEventBody[] = [
  { type: 'step.started', index: 0, stepId: 'a', title: 'A', prompt: 'do', agent: 'echo', model: null },
  { type: 'attempt.started', index: 0, attempt: 1, turnId: turn(1), reason: 'first' },
]
const text = (messageId: string, words: string): [string, TaskEventBody] => [
  turn(1),
  { type: 'text.delta', messageId, text: words },
]

test('joins deltas of one message and keeps tool calls in their place', () => {
  const { log } = feed(emptyLog(), [
    ...start,
    text('m1', 'Hel'),
    text('m1', 'lo'),
    [turn(1), { type: 'tool.called', callId: 'c', server: null, tool: 'read', input: {} }],
    text('m1', 'again'),
    [turn(1), { type: 'tool.returned', callId: 'c', ok: false, output: 'no', truncated: false }],
  ])
  const blocks = log.steps[0]?.attempts[0]?.blocks ?? []
  assert.deepEqual(
    blocks.map((block) =>
      block.kind === 'tool' ? `${block.tool} ${block.ok} ${(block.endedAt ?? 0) - block.startedAt}` : block.text,
    ),
    ['Hello', 'read false 2000', 'again'],
  )
})

test('skips what it has seen and stops before a hole', () => {
  const first = feed(emptyLog(), [...start, text('m', 'a')]).log
  const again = feed(first, [...start, text('m', 'a')], 1)
  assert.equal(again.gap, false)
  assert.equal(again.log.events.length, 3)
  const hole = feed(again.log, [text('m', 'late')], 9)
  assert.equal(hole.gap, true)
  assert.equal(hole.log.lastSeq, 3)
})

test('does not change what an earlier version showed', () => {
  const first = feed(emptyLog(), [...start, text('m', 'a')]).log
  const shown = first.steps[0]
  const next = feed(first, [text('m', 'b')]).log
  assert.equal(shown?.attempts[0]?.blocks[0]?.kind === 'text' && shown.attempts[0].blocks[0].text, 'a')
  assert.notEqual(next.steps[0], shown)
})

test('keeps the identity of steps a batch did not touch', () => {
  const one = feed(emptyLog(), [...start, { type: 'step.ended', index: 0, status: 'succeeded', usage: null }]).log
  const two = feed(one, [
    { type: 'step.started', index: 1, stepId: 'b', title: 'B', prompt: 'x', agent: 'echo', model: null },
  ]).log
  assert.equal(two.steps[0], one.steps[0])
  assert.equal(two.steps.length, 2)
})

test('only the end of the root ends the log', () => {
  const ended: TaskEventBody = { type: 'task.ended', status: 'succeeded', executed: 'yes', error: null }
  const child = feed(emptyLog(), [...start, [turn(1), ended]]).log
  assert.equal(child.ended, false)
  assert.equal(feed(child, [ended]).log.ended, true)
})

test('takes in ten thousand events well within a second', () => {
  const bodies = Array.from({ length: 10_000 }, (_, index) => text(`m${Math.floor(index / 50)}`, 'word '))
  const before = performance.now()
  const { log } = feed(feed(emptyLog(), start).log, bodies)
  assert.equal(log.steps[0]?.attempts[0]?.blocks.length, 200)
  assert.ok(performance.now() - before < 1_000)
})
