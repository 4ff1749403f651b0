import assert from 'node:assert/strict'
import { test } from 'node:test'
import { McpServerInput, type McpServer } from '#src/agents/contract.ts'
import {
  argumentRow,
  blankServer,
  changesOf,
  draftOf,
  inputOf,
  lacksValue,
  launchLine,
  problemsOf,
  settingRow,
} from './draft.ts'

const stored: McpServer = {
  id: 'files',
  name: 'Files',
  description: '',
  transport: 'stdio',
  command: 'node',
  args: ['/srv/a b.js', '', '$HOME'],
  url: '',
  defaultEnabled: false,
  required: true,
  startTimeoutSec: 30,
  env: [
    { name: 'LEVEL', isSecret: false, value: 'debug', isSet: true, hint: null },
    { name: 'API_KEY', isSecret: true, value: null, isSet: true, hint: '1234' },
  ],
  headers: [],
  version: 'v1',
  updatedAt: 1,
}

test('a stored server comes back as it was: arguments to the letter, a secret without a value', () => {
  const input = inputOf(draftOf(stored))
  assert.deepEqual(input.args, stored.args)
  assert.deepEqual(input.env, [
    { name: 'LEVEL', isSecret: false, value: 'debug' },
    { name: 'API_KEY', isSecret: true },
  ])
  assert.equal(McpServerInput.safeParse(input).success, true)
  assert.deepEqual(changesOf(draftOf(stored), draftOf(stored)), [])
})

test('a secret that is replaced is a change, and its new value is sent', () => {
  const before = draftOf(stored)
  const after = { ...before, env: before.env.map((row) => (row.isSecret ? { ...row, kept: null, value: 'new' } : row)) }
  assert.deepEqual(changesOf(before, after), ['Environment variables'])
  assert.deepEqual(inputOf(after).env?.[1], { name: 'API_KEY', isSecret: true, value: 'new' })
})

test('what belongs to the other transport is not sent', () => {
  const draft = { ...draftOf(stored), transport: 'http' as const, url: ' https://example.com/mcp ' }
  const input = inputOf(draft)
  assert.deepEqual([input.command, input.args, input.env, input.url], ['', [], [], 'https://example.com/mcp'])
})

test('an untouched row is no row', () => {
  assert.deepEqual(inputOf({ ...blankServer(), env: [settingRow()] }).env, [])
})

test('every problem is told at once, where it is', () => {
  const draft = {
    ...blankServer(),
    startTimeoutSec: 0,
    env: [
      settingRow('A', '1', false),
      settingRow('A', '2', false),
      settingRow('B C', '1', false),
      settingRow('', 'x', false),
      settingRow(),
    ],
  }
  assert.deepEqual(
    problemsOf(draft).map(({ path }) => path),
    ['name', 'command', 'startTimeoutSec', 'env.0', 'env.1', 'env.2', 'env.3'],
  )
  assert.deepEqual(problemsOf({ ...blankServer(), name: 'x', command: 'node' }), [])
})

test('a secret without a value may be stored, and is known to lack it', () => {
  const rows = [
    settingRow('TOKEN', ''),
    settingRow('TOKEN', 'x'),
    settingRow('LEVEL', '', false),
    ...draftOf(stored).env,
  ]
  assert.deepEqual(rows.map(lacksValue), [true, false, false, false, false])
  assert.deepEqual(inputOf({ ...blankServer(), env: rows.slice(0, 1) }).env, [{ name: 'TOKEN', isSecret: true }])
})

test('an address must be one of the web', () => {
  const at = (url: string) => problemsOf({ ...blankServer(), name: 'x', transport: 'http', url }).length
  assert.deepEqual(['', 'example.com', 'file:///etc', 'http://127.0.0.1:1/mcp'].map(at), [1, 1, 1, 0])
})

test('header names count without case, variables with', () => {
  const twice = (kind: 'env' | 'headers') =>
    problemsOf({
      ...blankServer(),
      name: 'x',
      command: 'x',
      url: 'http://x',
      transport: kind === 'env' ? 'stdio' : 'http',
      [kind]: [settingRow('X-Team', 'a', false), settingRow('x-team', 'b', false)],
    }).length
  assert.deepEqual([twice('env'), twice('headers')], [0, 2])
})

test('the line shown before a program runs has every argument, told apart', () => {
  const draft = { ...blankServer(), command: 'node', args: ['a b', ''].map(argumentRow) }
  assert.equal(launchLine(inputOf(draft)), `node 'a b' ''`)
})
