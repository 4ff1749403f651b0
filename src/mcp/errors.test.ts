import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCodes, MaestroError } from '#src/core/index.ts'
import { errorResult, toolErrorCodes, toToolError } from './errors.ts'

test('every code of ours has a documented one', () => {
  for (const code of errorCodes) {
    assert.ok(toolErrorCodes.includes(toToolError(new MaestroError(code, 'it failed'), false).code), code)
  }
})

const cases: [string, MaestroError, boolean, Partial<ReturnType<typeof toToolError>>][] = [
  [
    'the fine reason wins',
    new MaestroError('forbidden', 'no', { details: { kind: 'path_denied', root: '/srv' } }),
    false,
    { code: 'PATH_DENIED', executed: 'no', retryable: false, details: { root: '/srv' } },
  ],
  [
    'a reason that is not documented does not',
    new MaestroError('conflict', 'no', { details: { kind: 'odd' } }),
    false,
    { code: 'CONFLICT' },
  ],
  [
    'a time-out of a change may have happened',
    new MaestroError('timed_out', 'late'),
    false,
    { executed: 'maybe', retryable: true },
  ],
  ['a time-out of a read has not', new MaestroError('timed_out', 'late'), true, { executed: 'no' }],
  [
    'whoever threw knows better',
    new MaestroError('timed_out', 'late', { details: { executed: 'yes' } }),
    false,
    { executed: 'yes' },
  ],
  [
    'an approval can be asked for again',
    new MaestroError('approval_required', 'ask', { details: { approvalId: 'a' } }),
    false,
    { code: 'APPROVAL_REQUIRED', retryable: true, executed: 'no', details: { approvalId: 'a' } },
  ],
]

for (const [says, error, isRead, expected] of cases) {
  test(says, () => {
    const told = toToolError(error, isRead)
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(told[key as keyof typeof told], value, key)
  })
}

test('words of foreign errors stay in the log', () => {
  const result = errorResult(new TypeError('cannot read /home/someone/secret'), false)
  assert.doesNotMatch(JSON.stringify(result), /someone/)
  assert.equal(result.isError, true)
})

test('a model reads what failed, what to do next and whether it happened', () => {
  const { content } = errorResult(
    new MaestroError('timed_out', 'the command ran out of time', { hint: 'give it more' }),
    false,
  )
  assert.deepEqual(content, [
    { type: 'text', text: 'TIMEOUT: the command ran out of time\nNext: give it more\nIt may have been carried out.' },
  ])
})
