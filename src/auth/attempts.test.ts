import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { createAttempts } from './attempts.ts'

const counter = (maxAddresses?: number) => {
  const time = { now: 0 }
  const clock = { now: () => time.now, sleep: () => Promise.resolve() }
  return {
    time,
    attempts: createAttempts({
      clock,
      limit: 3,
      windowMs: 1_000,
      ...(maxAddresses === undefined ? {} : { maxAddresses }),
    }),
  }
}

test('says how long to wait when the limit is passed, and forgets with the window', () => {
  const { time, attempts } = counter()
  for (let i = 0; i < 3; i++) attempts.bad('a')
  assert.throws(
    () => attempts.bad('a'),
    (error: unknown) =>
      error instanceof MaestroError && error.code === 'limit_exceeded' && error.details?.['retryAfterSec'] === 1,
  )
  attempts.bad('b')
  time.now = 1_000
  attempts.bad('a')
})

test('holds a bounded number of addresses; those past it share one counter', () => {
  const { attempts } = counter(10)
  for (let i = 0; i < 13; i++) attempts.bad(`address ${i}`)
  assert.throws(() => attempts.bad('one more'), /limit|at most/)
  assert.ok(attempts.size() <= 11)
})
