import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matching } from './suggest.ts'

const all = ['x/claude-mini', 'anthropic/claude-4', 'claude-local', 'openai/gpt'].map((value) => ({
  value,
  note: value === 'openai/gpt' ? 'GPT, like claude' : '',
}))
const found = (typed: string) => matching(all, typed).map(({ value }) => value)

test('those that begin with it come first, then those with a part that does, then notes', () => {
  assert.deepEqual(found('claude'), ['claude-local', 'x/claude-mini', 'anthropic/claude-4', 'openai/gpt'])
})

test('every word must be there', () => {
  assert.deepEqual(found('CLAUDE mini'), ['x/claude-mini'])
  assert.deepEqual(found('claude nothing'), [])
})

test('nothing typed is everything', () => {
  assert.equal(found('  ').length, all.length)
})
