import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '#src/core/testing/random.ts'
import { partsAt, withoutParts } from './json-spans.ts'
import type { Format } from './routes.ts'
import { withholdTools } from './withhold.ts'

const cut = (format: Format, body: string, ...names: string[]): string =>
  withholdTools(format, Buffer.from(body), names).toString()

test('a tool that no step asked for is taken out, and every other byte stays', () => {
  const before = `{ "model":"m", "seed": 12345678901234567890, "tools" : [ {"type":"function","function":{"name":"own","description":"a ] \\" } trap"}} ,\n {"type":"function","function":{"name":"kept","parameters":{"maximum":9223372036854775807}}} ], "x": 1.0 }`
  const after = `{ "model":"m", "seed": 12345678901234567890, "tools" : [{"type":"function","function":{"name":"kept","parameters":{"maximum":9223372036854775807}}}], "x": 1.0 }`
  assert.equal(cut('chat', before, 'own'), after)
})

test('a call that offers nothing else offers nothing', () => {
  const body =
    '{"model":"m","tools":[{"type":"function","function":{"name":"own"}}],"tool_choice":"auto","messages":[]}'
  assert.equal(cut('chat', body, 'own'), '{"model":"m","messages":[]}')
  assert.equal(cut('chat', '{"tools":[{"function":{"name":"own"}}]}', 'own'), '{}')
})

test('each wire names its tools in its own way', () => {
  assert.equal(cut('messages', '{"tools":[{"name":"own"},{"name":"b"}]}', 'own'), '{"tools":[{"name":"b"}]}')
  assert.equal(
    cut('responses', '{"tools":[{"type":"function","name":"b"},{"type":"function","name":"own"}]}', 'own'),
    '{"tools":[{"type":"function","name":"b"}]}',
  )
  const gemini = '{"contents":[],"tools":[{"functionDeclarations":[{"name":"own"},{"name":"b"}]}],"toolConfig":{}}'
  assert.equal(
    cut('gemini', gemini, 'own'),
    '{"contents":[],"tools":[{"functionDeclarations":[{"name":"b"}]}],"toolConfig":{}}',
  )
  assert.equal(cut('gemini', gemini, 'own', 'b'), '{"contents":[]}')
})

test('a name that only stands in the conversation changes nothing', () => {
  const body = Buffer.from('{"messages":[{"role":"user","content":"use own"}],"tools":[{"function":{"name":"kept"}}]}')
  assert.equal(withholdTools('chat', body, ['own']), body)
  const without = Buffer.from('{"messages":[{"role":"user","content":"own tools own"}]}')
  assert.equal(withholdTools('chat', without, ['own']), without)
})

test('parts of any JSON are found where they stand', () => {
  const random = createRandom(7)
  const value = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 3 ? 4 : 6))
    if (kind === 0) return random() * 1e6
    if (kind === 1) return ['', 'a"b', '\\', 'x\\"', '{[,:]}', 'é\u0001😀'][Math.floor(random() * 6)]
    if (kind === 2) return null
    if (kind === 3) return random() < 0.5
    const inner = Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1))
    return kind === 4 ? inner : Object.fromEntries(inner.map((one, at) => [`k"${at}`, one]))
  }
  for (let round = 0; round < 2_000; round++) {
    const object = { a: value(0), b: value(0), c: value(0) }
    const text = JSON.stringify(object, null, round % 3)
    const parts = partsAt(text, 0)
    assert.deepEqual(
      parts.map((part) => JSON.parse(text.slice(part.valueAt, part.to)) as unknown),
      JSON.parse(JSON.stringify(Object.values(object))),
    )
    const { b: _, ...rest } = object
    assert.deepEqual(JSON.parse(withoutParts(text, parts, ({ key }) => key === 'b')), JSON.parse(JSON.stringify(rest)))
  }
})
