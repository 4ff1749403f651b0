import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffLines } from './diff.ts'

const marks = (before: string, after: string) =>
  diffLines([...before], [...after])
    .map((line) => `${line.kind === 'same' ? ' ' : line.kind === 'added' ? '+' : '-'}${line.text}`)
    .join('')

test('shows what left before what came', () => {
  assert.equal(marks('abc', 'axc'), ' a-b+x c')
})

test('equal texts have no marks', () => {
  assert.equal(marks('abc', 'abc'), ' a b c')
})

test('keeps the longest common part', () => {
  assert.equal(marks('abcd', 'bcde'), '-a b c d+e')
})

test('all new and all gone', () => {
  assert.equal(marks('', 'ab'), '+a+b')
  assert.equal(marks('ab', ''), '-a-b')
})
