import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MaestroError } from './errors.ts'
import { findJsonError, parseJsonFile } from './json-file.ts'

test('a file that is no JSON is refused with its name and place', () => {
  assert.throws(
    () => parseJsonFile('{\n  "a": 1,\n}', 'x.json'),
    (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'corrupt_data')
      assert.deepEqual(error.details, { file: 'x.json', line: 3, column: 1 })
      return true
    },
  )
})

test('a byte order mark is not part of the content', () => {
  assert.deepEqual(parseJsonFile('\uFEFF[1]', 'x.json'), [1])
})

test('a file that is nested too deeply for a walk that calls itself is refused by name', () => {
  const nested = (levels: number): string => '[{"a":'.repeat(levels / 2) + '1' + '}]'.repeat(levels / 2)
  assert.ok(Array.isArray(parseJsonFile(nested(200), 'x.json')))
  assert.throws(
    () => parseJsonFile(nested(100_000), 'x.json'),
    (error) =>
      error instanceof MaestroError &&
      error.code === 'corrupt_data' &&
      error.message === 'x.json is nested deeper than 200 levels',
  )
})

describe('findJsonError', () => {
  const cases: [text: string, line: number, column: number][] = [
    ['{"a": 1,}', 1, 9],
    ['[1, 2', 1, 6],
    ['', 1, 1],
    ['{\n  "a": tru\n}', 2, 8],
    ['{\n  "a": "x\n"}', 2, 8],
    ['[1] x', 1, 5],
    ["{'a': 1}", 1, 2],
    ['[{"a": [1, {"b": 2}], "c": nul}]', 1, 28],
    ['{"a" 1}', 1, 6],
    ['[01]', 1, 3],
  ]
  for (const [text, line, column] of cases) {
    test(JSON.stringify(text), () => {
      assert.throws(() => JSON.parse(text) as unknown)
      assert.deepEqual(findJsonError(text), { line, column })
    })
  }
  test('finds nothing before the end of a valid text, however deep', () => {
    for (const text of [
      '{"a": [true, null, -1.5e3, {"b": {}}, []], "c": "\\u00e9\\n"}',
      '['.repeat(20_000) + ']'.repeat(20_000),
    ]) {
      JSON.parse(text)
      assert.deepEqual(findJsonError(text), { line: 1, column: text.length + 1 })
    }
  })
})
