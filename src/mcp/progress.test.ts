import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProgress, type ProgressStep, silenceMs } from './progress.ts'

function listening(t: { mock: { timers: { enable(options: { apis: ['setTimeout', 'Date'] }): void } } }) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const steps: ProgressStep[] = []
  return { steps, progress: createProgress((step) => steps.push(step)) }
}

test('a silent call gives a sign of life again and again', (t) => {
  const { steps, progress } = listening(t)
  t.mock.timers.tick(silenceMs)
  t.mock.timers.tick(silenceMs)
  assert.deepEqual(steps, [
    { progress: 0, message: 'still running after 6 s' },
    { progress: 1, message: 'still running after 11 s' },
  ])
  progress[Symbol.dispose]()
  t.mock.timers.tick(60_000)
  assert.equal(steps.length, 2)
})

test('progress rises whatever the tool counts, and many notes at once become the newest', (t) => {
  const { steps, progress } = listening(t)
  progress.note({ message: 'a', done: 5, total: 10 })
  t.mock.timers.tick(60)
  progress.note({ message: 'b', done: 2, total: 10 })
  for (const message of ['c', 'd', 'e']) progress.note({ message })
  t.mock.timers.tick(60)
  assert.deepEqual(steps, [
    { progress: 5, total: 10, message: 'a' },
    { progress: 6, total: 10, message: 'b' },
    { progress: 7, message: 'e' },
  ])
  progress[Symbol.dispose]()
})
