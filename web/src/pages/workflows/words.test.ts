import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scheduleWords, triggerWords } from './words.ts'

test('a schedule of Maistro is told in plain words', () => {
  const cases: [Record<string, unknown> | null, string][] = [
    [null, ''],
    [{ enabled: false }, ''],
    [{ enabled: true, frequency: 'daily', time: '09:00' }, 'Every day at 09:00'],
    [{ enabled: true, frequency: 'weekly', time: '07:30', days: ['fri', 'mon'] }, 'Every Monday and Friday at 07:30'],
    [
      { enabled: true, frequency: 'weekly', time: '07:30', days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
      'On weekdays at 07:30',
    ],
    [{ enabled: true, frequency: 'weekly', time: '07:30', days: [] }, 'Weekly, on no day at 07:30'],
    [{ enabled: true, frequency: 'monthly', time: '12:00', dayOfMonth: '31' }, 'Every month on day 31 at 12:00'],
    [{ enabled: false, frequency: 'daily', time: '09:00' }, 'Every day at 09:00, switched off'],
  ]
  for (const [schedule, words] of cases) assert.equal(scheduleWords(schedule), words)
})

test('what follows is named, and a follower that is gone or switched off says so', () => {
  const nameOf = (id: string) => (id === 'b' ? 'Report' : undefined)
  const then = { workflowId: 'b', preserveSession: false, enabled: true }
  assert.equal(triggerWords(null, nameOf), '')
  assert.equal(triggerWords(then, nameOf), 'Then Report')
  assert.equal(triggerWords({ ...then, preserveSession: true }, nameOf), 'Then Report, same conversation')
  assert.equal(triggerWords({ ...then, enabled: false, workflowId: 'c' }, nameOf), 'Then c (gone), switched off')
})
