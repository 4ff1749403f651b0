import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGlob } from './glob.ts'

const cases: readonly [pattern: string, fits: readonly string[], not: readonly string[]][] = [
  ['*.ts', ['a.ts', 'x/y/b.ts', '.ts'], ['a.tsx', 'ts', 'a.ts/b']],
  ['a?c', ['abc', 'x/a€c', 'a😀c'], ['ac', 'abbc']],
  ['[a-c]*', ['b', 'x/cat'], ['dog', 'a/dog']],
  ['[!a-c]', ['d', '-'], ['a', 'dd']],
  ['{*.js,*.{ts,tsx}}', ['a.js', 'b.ts', 'c.tsx'], ['d.css']],
  ['src/*.ts', ['src/a.ts'], ['src/x/a.ts', 'y/src/a.ts']],
  ['src/**/*.ts', ['src/a.ts', 'src/x/y/a.ts'], ['a.ts', 'srcs/a.ts']],
  ['**/test/**', ['test/a', 'x/test/y/z'], ['tests/a']],
  ['**', ['a', 'a/b/c'], []],
  ['\\*', ['*', 'x/*'], ['a']],
  ['a*b*c', ['abc', 'axxbyyc', 'abcbc'], ['acb', 'ab']],
  ['$HOME', ['$HOME'], ['HOME']],
]

test('patterns fit what they say and nothing else', () => {
  for (const [pattern, fits, not] of cases) {
    const glob = createGlob(pattern)
    for (const path of fits) assert.ok(glob(path), `${pattern} should fit ${path}`)
    for (const path of not) assert.ok(!glob(path), `${pattern} should not fit ${path}`)
  }
})

test('no pattern takes long or grows without end', () => {
  const glob = createGlob(`${'*a'.repeat(100)}b`)
  const beganAt = performance.now()
  assert.equal(glob('a'.repeat(255)), false)
  assert.ok(performance.now() - beganAt < 1_000)
  assert.throws(() => createGlob('{a,b}'.repeat(30)), { code: 'invalid_input', message: /64/ })
})
