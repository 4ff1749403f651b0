import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DoctorCheck } from '#src/app/contract.ts'
import { remedyOf, troubles } from './remedy.ts'

const check = (name: string, level: DoctorCheck['level']): DoctorCheck => ({
  name,
  level,
  ok: level === 'ok',
  detail: null,
  hint: null,
})

test('a finding leads to the page that mends it, or nowhere', () => {
  const places = ['agent goose', 'model keys', 'mcp servers', 'data folder', 'database'].map(
    (name) => remedyOf(check(name, 'warn'))?.to,
  )
  assert.deepEqual(places, ['/agents', '/models', '/mcp-servers', undefined, undefined])
  assert.equal(remedyOf(check('agent goose', 'ok')), undefined)
})

test('errors come before warnings, and what is well is no trouble', () => {
  const found = troubles([check('a', 'warn'), check('b', 'ok'), check('c', 'error')])
  assert.deepEqual(
    found.map(({ name }) => name),
    ['c', 'a'],
  )
})
