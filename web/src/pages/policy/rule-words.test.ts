import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditRow } from '#src/calls/contract.ts'
import { callsOf, meets, sentenceOf } from './rule-words.ts'

const row = (
  subject: string[],
  tool = 'maestro_exec',
  name = 'claude-code',
): Pick<AuditRow, 'actor' | 'tool' | 'subject'> => ({
  actor: { kind: 'client', name },
  tool,
  subject,
})

test('a rule reads as a sentence, whatever it leaves open', () => {
  const text = (rule: Parameters<typeof sentenceOf>[0]) =>
    sentenceOf(rule)
      .map((part) => part.text)
      .join(' ')
  assert.equal(text({ effect: 'deny' }), 'any agent does anything')
  assert.equal(
    text({ effect: 'ask', client: 'claude-*', tool: 'maestro_exec', host: 'gpu*', command: 'rm *' }),
    'claude-* uses maestro_exec on gpu* with a command like rm *',
  )
})

test('a star stands for text without a slash, two for any; in a command both for any', () => {
  const write = row(['host:local', 'path:local:/srv/app/a/b.txt'], 'maestro_write')
  assert.ok(meets({ effect: 'deny', path: '/srv/**' }, write))
  assert.equal(meets({ effect: 'deny', path: '/srv/*' }, write), false)
  assert.ok(meets({ effect: 'deny', path: '/srv/**' }, row(['path:local:/srv'])))
  assert.ok(meets({ effect: 'deny', command: 'rm *' }, row(['command:local:rm -rf /srv/a'])))
  assert.equal(meets({ effect: 'deny', command: 'rm *' }, row(['command:local:echo rm x'])), false)
  assert.ok(meets({ effect: 'deny', tool: 'maestro_*', client: 'claude-*' }, write))
  assert.equal(meets({ effect: 'deny', command: '(a+)+' }, row(['command:local:aaaa'])), false)
})

test('path and host must fit the same thing', () => {
  const both = row(['host:a', 'host:b', 'path:a:/x', 'path:b:/y'])
  assert.ok(meets({ effect: 'ask', host: 'b', path: '/y' }, both))
  assert.equal(meets({ effect: 'ask', host: 'a', path: '/y' }, both), false)
  assert.ok(meets({ effect: 'ask', host: 'b' }, both))
})

test('rules are for programs, not for the person', () => {
  assert.equal(meets({ effect: 'deny' }, { ...row([]), actor: { kind: 'owner', via: 'socket' } }), false)
  assert.ok(meets({ effect: 'deny', client: 'ci' }, { ...row([]), actor: { kind: 'token', tokenId: 't', name: 'ci' } }))
})

test('the two rows of one call count once, the newer one', () => {
  const rows = [
    { callId: 'a', seq: 3 },
    { callId: 'b', seq: 2 },
    { callId: 'a', seq: 1 },
  ]
  assert.deepEqual(
    callsOf(rows).map((each) => each.seq),
    [3, 2],
  )
})
