import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitMarkdown } from './split-markdown.ts'

const cases: [string, string, number][] = [
  ['paragraphs are pieces', 'one\n\ntwo\n\nthree', 3],
  ['a fence stays whole with the blank lines in it', '```ts\na\n\nb\n```\n\nafter', 2],
  ['an unclosed fence stays whole', 'x\n\n```\na\n\nb', 2],
  ['a loose list stays whole', '1. a\n\n2. b\n\n   more', 1],
  ['a heading starts a piece', 'a\n\n# b\ntext', 2],
  ['references keep the text whole', 'see [x]\n\nother\n\n[x]: https://example.com', 1],
]

for (const [name, text, count] of cases) {
  test(name, () => {
    const pieces = splitMarkdown(text)
    assert.equal(pieces.length, count)
    assert.equal(pieces.join('\n'), text)
  })
}
