import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinWords, readLaunch, splitWords } from './command-line.ts'

const cases: [line: string, words: string[]][] = [
  ['', []],
  ['  npx   -y  server ', ['npx', '-y', 'server']],
  [`--dir "/my files/a" --name='it is'`, ['--dir', '/my files/a', '--name=it is']],
  [`a\\ b "c\\"d" 'e\\f'`, ['a b', 'c"d', 'e\\f']],
  [`"" ''`, ['', '']],
  ['$HOME $(id) `id` {{x}}', ['$HOME', '$(id)', '`id`', '{{x}}']],
  ['npx -y \\\n  server', ['npx', '-y', 'server']],
  [`"never closed`, ['never closed']],
  ['ends with \\', ['ends', 'with', '\\']],
]

for (const [line, words] of cases) {
  test(`${JSON.stringify(line)} is ${JSON.stringify(words)}`, () => assert.deepEqual(splitWords(line), words))
}

test('words joined to a line come apart into the same words', () => {
  const words = ['plain', '', 'two words', `it's`, '"', '\\', '$HOME', 'a\nb', '-x=1', 'ünï', '*', '~']
  assert.deepEqual(splitWords(joinWords(words)), words)
})

test('a plain word needs no quotes', () => {
  assert.equal(joinWords(['npx', '-y', '@scope/server@1.0', '/srv/a']), 'npx -y @scope/server@1.0 /srv/a')
  assert.equal(joinWords(['a b', '']), `'a b' ''`)
})

test('a pasted line becomes command, arguments and environment', () => {
  assert.deepEqual(readLaunch('$ API_KEY=x=y DEBUG= npx -y server'), {
    command: 'npx',
    args: ['-y', 'server'],
    env: [
      ['API_KEY', 'x=y'],
      ['DEBUG', ''],
    ],
  })
  assert.deepEqual(readLaunch('node server.js --key A=1')?.args, ['server.js', '--key', 'A=1'])
  assert.equal(readLaunch('   '), undefined)
  assert.equal(readLaunch('ONLY=env'), undefined)
})
