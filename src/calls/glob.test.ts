import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDice } from '#src/core/testing/random.ts'
import { compileGlob, type GlobKind } from './glob.ts'

const cases: [pattern: string, kind: GlobKind, fits: string[], doesNot: string[]][] = [
  ['/srv/app', 'segments', ['/srv/app'], ['/srv/app/', '/srv/apps', '/Srv/app', '']],
  ['/srv/*', 'segments', ['/srv/', '/srv/app'], ['/srv', '/srv/app/x']],
  ['/srv/**', 'segments', ['/srv', '/srv/', '/srv/a', '/srv/a/b'], ['/srvx', '/sr', '/etc/srv/a']],
  ['/**', 'segments', ['/', '/a/b'], ['', 'a']],
  ['/home/*/.ssh/**', 'segments', ['/home/me/.ssh', '/home/me/.ssh/id'], ['/home/a/b/.ssh/id', '/home/.ssh/id']],
  ['**.env', 'segments', ['/a/.env', '/a/b.env'], ['/a/.envx']],
  ['maestro_*', 'segments', ['maestro_exec', 'maestro_'], ['maestro', 'xmaestro_exec']],
  ['*', 'segments', ['', 'a b'], ['a/b']],
  ['a.c', 'segments', ['a.c'], ['abc']],
  ['[a-z]+(x)?$', 'segments', ['[a-z]+(x)?$'], ['abc']],
  ['rm *', 'line', ['rm -rf /', 'rm x; ls'], ['rm', 'xrm a']],
  [
    'git *',
    'one-command',
    ['git add src/a', 'git log --oneline'],
    ['git log; rm x', 'git log\nrm x', 'git $(rm x)', 'git x > /f'],
  ],
  ['a | b *', 'one-command', ['a | b c'], ['a | b c | d']],
]

for (const [pattern, kind, fits, doesNot] of cases) {
  test(`"${pattern}" as ${kind}`, () => {
    const glob = compileGlob(pattern, kind)
    for (const text of fits) assert.equal(glob(text), true, `${pattern} should fit ${JSON.stringify(text)}`)
    for (const text of doesNot) assert.equal(glob(text), false, `${pattern} should not fit ${JSON.stringify(text)}`)
  })
}

test('answers as a plain search by trying everything does (20,000 random patterns and texts)', () => {
  const below = createDice(7)
  const pick = (letters: string, length: number) =>
    Array.from({ length: below(length + 1) }, () => letters.charAt(below(letters.length))).join('')
  for (let round = 0; round < 20_000; round++) {
    const pattern = pick('ab/**', 7)
    const text = pick('ab/', 9)
    assert.equal(
      compileGlob(pattern, 'segments')(text),
      plainly(pattern, text) || (pattern.endsWith('/**') && pattern !== '/**' && plainly(pattern.slice(0, -3), text)),
      `round ${round}: ${pattern} and ${text}`,
    )
  }
})

test('the worst patterns take no longer than pattern times text', () => {
  const pattern = 'a*'.repeat(200)
  const steps = countedText('a'.repeat(4_000))
  assert.equal(compileGlob(`${pattern}b`, 'segments')(steps.text), false)
  assert.ok(steps.reads() <= 8_001, `${steps.reads()} letters were read of 4,000`)
})

/** By trying every length for every wildcard: slow and plain. */
function plainly(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const stars = /^\*+/.exec(pattern)?.[0] ?? ''
  if (stars === '') return text !== '' && text[0] === pattern[0] && plainly(pattern.slice(1), text.slice(1))
  for (let length = 0; length <= text.length; length++) {
    if (stars.length === 1 && text.slice(0, length).includes('/')) break
    if (plainly(pattern.slice(stars.length), text.slice(length))) return true
  }
  return false
}

/** A text that counts how often a letter of it is asked for. */
function countedText(plain: string): { text: string; reads(): number } {
  let reads = 0
  const text = Object.assign(Object(plain) as string, {
    charAt: (at: number) => {
      reads++
      return plain.charAt(at)
    },
  })
  return { text, reads: () => reads }
}
