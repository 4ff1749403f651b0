import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MaestroError } from './errors.ts'
import { folderError } from './folder-error.ts'

const thrown = (code: string) => Object.assign(new Error(`${code}: no`), { code })

test('a folder that cannot be used is named, with what to set', () => {
  for (const [code, expected] of [
    ['ENOTDIR', 'invalid_input'],
    ['EEXIST', 'invalid_input'],
    ['EROFS', 'forbidden'],
    ['EACCES', 'forbidden'],
  ] as const) {
    const error = folderError('/srv/x', thrown(code))
    assert.ok(error instanceof MaestroError)
    assert.equal(error.code, expected)
    assert.match(error.message, /"\/srv\/x"/)
    assert.match(error.hint ?? '', /MAESTRO_DATA_DIR/)
  }
})

test('what is no fault of the folder stays as it was', () => {
  const full = thrown('ENOSPC')
  assert.equal(folderError('/srv/x', full), full)
  assert.equal(folderError('/srv/x', 'text'), 'text')
})
