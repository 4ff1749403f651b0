// Files that somebody brings: known formats, and everything that is meant to hurt.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { maxContentChars, readContent } from './content.ts'

const formats: [name: string, text: string, format: string][] = [
  ['a bundle', '{"maestroBundle": 1, "workflows": []}', 'bundle'],
  ['Maistro’s bare array', '[{"id": "a"}]', 'maistro'],
  ['a configs.json of ours', '{"schemaVersion": 1, "items": [{"id": "a"}]}', 'maistro'],
  ['a recipe in YAML', 'version: "1.0.0"\ntitle: T\nprompt: P\n', 'goose_recipe'],
  ['a recipe in JSON', '{"title": "T", "instructions": "I"}', 'goose_recipe'],
  ['a recipe of the desktop', '{"name": "x", "recipe": {"title": "T", "prompt": "P"}}', 'goose_recipe'],
  ['YAML in flow style', '{title: T, prompt: P}', 'goose_recipe'],
  ['JSON with a byte order mark', '\uFEFF[]', 'maistro'],
]

describe('a file', () => {
  for (const [name, text, format] of formats) {
    test(`that is ${name} is known`, () => assert.equal(readContent(text).format, format))
  }
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (let at = 1; at < 8; at++) {
    const [before, letter] = ['abcdefgh'.charAt(at - 1), 'abcdefgh'.charAt(at)]
    bomb.push(`${letter}: &${letter} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`)
  }
  const refused: [name: string, text: string, message: RegExp][] = [
    ['is empty', ' \n', /empty/],
    ['is a number', '7', /none of the formats/],
    ['is some other object', '{"a": 1}', /object with a/],
    ['is broken JSON', '{"a": 1,\n "b": }', /line 2/],
    ['is broken YAML', 'a: [1\nb: 2', /not valid YAML/],
    ['names a prototype', '{"prompt": "x", "__proto__": {"a": 1}}', /"__proto__" is not allowed/],
    [
      'names a prototype in YAML',
      'prompt: x\nsettings:\n  __proto__: {a: 1}',
      /"__proto__" is not allowed, at settings/,
    ],
    ['names a constructor', '{"prompt": "x", "constructor": {}}', /"constructor" is not allowed/],
    ['is nested too deeply', `{"prompt": ${'['.repeat(50)}${']'.repeat(50)}}`, /nested deeper than 40/],
    ['is nested beyond any stack', '['.repeat(500_000), /cannot be imported/],
    ['is YAML nested beyond any stack', `x: ${'['.repeat(19_000)}`, /not valid YAML/],
    ['is YAML of too many parts', `prompt: x\n${'k: v\n'.repeat(20_001)}`, /too large/],
    ['is YAML of too many letters', `prompt: ${'x'.repeat(500_000)}`, /too large/],
    ['is a YAML bomb', bomb.join('\n'), /multiply/],
    ['says a thing twice', 'prompt: x\nprompt: y', /"prompt" is there twice/],
    ['has too many values', `[${'1,'.repeat(300_000)}1]`, /more than 200000 values/],
    ['has entries that are no configurations', '[1]', /entry 1/],
  ]
  for (const [name, text, message] of refused) {
    test(`that ${name} is refused`, () => {
      assert.throws(
        () => readContent(text),
        (error: unknown) => {
          assert.ok(error instanceof MaestroError)
          assert.equal(error.code, 'invalid_input')
          assert.match(error.message, message)
          assert.ok((error.hint ?? '').length > 0)
          return true
        },
      )
    })
  }
  test('that is too long is over a limit, and a newer bundle is not supported', () => {
    const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected
    assert.throws(() => readContent('x'.repeat(maxContentChars + 1)), code('limit_exceeded'))
    assert.throws(() => readContent('{"maestroBundle": 2}'), code('unsupported'))
  })
  test('of many keys is read without a search for each', () => {
    const text = `prompt: x\n${Array.from({ length: 19_000 }, (_, n) => `k${n}: v`).join('\n')}`
    assert.equal(readContent(text).format, 'goose_recipe')
  })
})
