import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCodes } from '#src/core/contract.ts'
import { taskStatuses } from '#src/tasks/contract.ts'
import { exitCodeOf, exitCodeOfStatus } from './exit-codes.ts'

test('every error code has its exit code', () => {
  assert.deepEqual(Object.fromEntries(errorCodes.map((code) => [code, exitCodeOf(code)])), {
    invalid_input: 2,
    unauthenticated: 1,
    forbidden: 1,
    approval_required: 1,
    not_found: 1,
    conflict: 1,
    limit_exceeded: 4,
    not_ready: 1,
    unavailable: 1,
    timed_out: 4,
    cancelled: 3,
    corrupt_data: 1,
    storage_full: 1,
    unsupported: 2,
    internal: 1,
  })
})

test('every run status has its exit code', () => {
  assert.deepEqual(Object.fromEntries(taskStatuses.map((status) => [status, exitCodeOfStatus(status)])), {
    queued: 4,
    running: 4,
    waiting: 4,
    succeeded: 0,
    failed: 1,
    cancelled: 3,
    timed_out: 4,
    budget_exceeded: 4,
    interrupted: 1,
  })
})
