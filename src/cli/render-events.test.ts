import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TaskEvent } from '#src/tasks/contract.ts'
import { createEventRenderer, rawText } from './render-events.ts'
import { createStyle } from './style.ts'
import { recorded, runId } from './testing/samples.ts'

const plain = createStyle(false, {})

const golden = `  queued: Hello, Maestro

── Step 1/2  Look around  goose · some/model
  files is connected
  ! MCP server search is not available: exited with 1
  … thinking
I look around.[2J
  → files.list /srv/]0;owneddata
  → shell {"command":"make\\nall","timeout":5}
  ✗ shell failed: no rule to make target
Nothing 

here.
  ! the model call is tried again (attempt 2, HTTP 429, in 2.0 s)
  ✗ attempt 1 failed: the model is away
    hint: wait
  ! attempt 2: the model was away
Done.
✓ Step 1 succeeded  22 s · 1,234 in / 56 out tokens · $0.02

── Step 2/2  Sum up  fake
‖ waiting: a turn was cut off
  hint: maestro resume ${runId}
■ stop requested: stopped by the owner
  afterwards: the process had ended with 0
`

test('shows a recorded run as text, without control characters of an agent', () => {
  for (const event of recorded) TaskEvent.parse(event)
  const render = createEventRenderer({ style: plain, columns: 100, rootId: runId, stepCount: 2 })
  assert.equal(recorded.map(render).join(''), golden)
})

test('shows the raw log and nothing else, byte for byte away from a terminal', () => {
  const [first] = recorded
  assert.ok(first)
  const line = { ...first, body: { type: 'log.line', stream: 'out', text: 'a\x1b[31mb' } } as const
  assert.equal(rawText(line, false), 'a\x1b[31mb\n')
  assert.equal(rawText(line, true), 'a[31mb\n')
  assert.equal(recorded.map((event) => rawText(event, false)).join(''), 'raw only\n')
})

test('colours only a terminal that does not decline', () => {
  assert.equal(createStyle(true, {}).red('x'), '\x1b[31mx\x1b[39m')
  for (const [isTty, env] of [
    [false, {}],
    [true, { NO_COLOR: '1' }],
    [true, { TERM: 'dumb' }],
  ] as const) {
    assert.equal(createStyle(isTty, env).red('x'), 'x')
  }
})
