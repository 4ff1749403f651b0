import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinArguments, splitArguments } from './argument-text.ts'

test('a line of arguments is split at white space; quotes and backslashes keep words together; nothing expands', () => {
  const cases: [string, string[]][] = [
    ['', []],
    ['  -y   server  ', ['-y', 'server']],
    [`--root "/a b/c" 'it is'`, ['--root', '/a b/c', 'it is']],
    [`a\\ b "" ''`, ['a b', '', '']],
    [`$HOME \`id\` $(id)`, ['$HOME', '`id`', '$(id)']],
    [`'\\n' "\\""`, ['\\n', '"']],
    [`"unclosed end`, ['unclosed end']],
    [String.raw`a\ b "q\"q" '\n'`, ['a b', 'q"q', String.raw`\n`]],
  ]
  for (const [text, words] of cases) assert.deepEqual(splitArguments(text), words)
})

test('what is joined comes apart as it was', () => {
  const odd = ['plain', 'a b', '', "it's", '"', '\\', '\\n', '$(x)', "'", 'a\'b"c\\d e', '\t', 'ü']
  assert.deepEqual(splitArguments(joinArguments(odd)), odd)
  assert.equal(joinArguments(['-y', '@scope/server', '/a b']), "-y @scope/server '/a b'")
})
