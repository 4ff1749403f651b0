import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browse, rank, remember, type Ranked } from './rank.ts'

const commands: Ranked[] = [
  { id: 'go:runs', group: 'Go to', label: 'Runs' },
  { id: 'go:models', group: 'Go to', label: 'Models', words: 'providers keys budget' },
  { id: 'run:a', group: 'Do', label: 'Run Nightly review' },
  { id: 'run:b', group: 'Do', label: 'Run Notes for release' },
  { id: 'workflow:a', group: 'Workflows', label: 'Nightly review' },
  { id: 'model:x', group: 'Models', label: 'openai/gpt-mini' },
]
const ids = (typed: string, recent: string[] = []) => rank(commands, typed, recent).map(({ id }) => id)

test('what is called exactly so comes first', () => {
  assert.equal(ids('runs')[0], 'go:runs')
  assert.equal(ids('nightly review')[0], 'workflow:a')
})

test('words may come in any order and from anywhere; every one must be there', () => {
  assert.deepEqual(ids('review run'), ['run:a'])
  assert.deepEqual(ids('budget'), ['go:models'])
  assert.deepEqual(ids('gpt'), ['model:x'])
  assert.deepEqual(ids('nightly zebra'), [])
})

test('what was chosen lately comes before its like, and not before a better fit', () => {
  assert.equal(ids('run n')[0], 'run:a')
  assert.equal(ids('run n', ['run:b'])[0], 'run:b')
  assert.equal(ids('runs', ['run:b'])[0], 'go:runs')
})

test('with nothing typed the latest come first, and nothing twice', () => {
  const shown = browse(commands, ['model:x', 'gone', 'run:b'], { recent: 5, each: 1 })
  assert.deepEqual(
    shown.map(([group, list]) => [group, list.map(({ id }) => id)]),
    [
      ['Recent', ['model:x', 'run:b']],
      ['Go to', ['go:runs']],
      ['Do', ['run:a']],
      ['Workflows', ['workflow:a']],
    ],
  )
})

test('choosing again moves it to the front', () => {
  assert.deepEqual(remember(['a', 'b', 'c'], 'b', 2), ['b', 'a'])
})
