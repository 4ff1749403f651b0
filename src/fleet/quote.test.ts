import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createDice } from '#src/core/testing/random.ts'
import { exportPosix, quotePosix } from './quote.ts'
import { shells } from './testing/shells.ts'

const pieces = [
  "'",
  '"',
  '\\',
  '`',
  '$',
  '$(',
  ')',
  '${',
  '}',
  '\n',
  '\r',
  '\t',
  ' ',
  '  ',
  ';',
  '&',
  '&&',
  '|',
  '>',
  '<',
  '*',
  '?',
  '[',
  ']',
  '~',
  '#',
  '!',
  '=',
  '%',
  '-',
  '--',
  '-n',
  '-oProxyCommand=',
  '\u0001',
  '\u001b[31m',
  '\u007f',
  'é',
  '漢',
  '🎼',
  '\u202e',
  '\u0300',
  "'\\''",
  '$IFS',
  '\\\n',
  "$'x'",
  'a',
  'B',
  '0',
  '/',
  '..',
  '\n\n',
  "''",
]

function words(count: number, canary: string): string[] {
  const next = createDice(20_261_120)
  const attacks = [
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `'; touch ${canary}; '`,
    `"; touch ${canary} #`,
    `\n touch ${canary}\n`,
    `|| touch ${canary}`,
  ]
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return ''
    const parts = Array.from({ length: next(12) + 1 }, () =>
      next(8) === 0 ? attacks[next(attacks.length)] : pieces[next(pieces.length)],
    )
    return parts.join('')
  })
}

describe('quotePosix', () => {
  for (const shell of shells) {
    test(
      `2,000 hostile words arrive byte for byte in ${shell.name}, and none of them runs`,
      { skip: shell.skip },
      async () => {
        const dir = await mkdtemp(join(tmpdir(), 'maestro-quote-'))
        try {
          const canary = join(dir, 'canary')
          const list = words(2_000, canary)
          // A child that echoes its arguments NUL-separated: what a real program is given, not what the shell thinks.
          const script = `exec '/usr/bin/env' printf '%s\\0' ${list.map(quotePosix).join(' ')}\n`
          const [program, ...args] = shell.words
          const result = spawnSync(program, args, {
            input: script,
            cwd: dir,
            env: { PATH: '/usr/bin:/bin' },
            maxBuffer: 1e8,
          })
          assert.equal(result.status, 0, result.stderr.toString())
          assert.deepEqual(result.stdout, Buffer.from(list.map((word) => `${word}\0`).join('')))
          assert.equal(existsSync(canary), false)
        } finally {
          await rm(dir, { recursive: true, force: true })
        }
      },
    )

    test(`exported values arrive byte for byte in ${shell.name}`, { skip: shell.skip }, () => {
      const list = words(300, '/nonexistent/canary')
      const script = `${list.map((word, i) => exportPosix(`V${i}`, word)).join('\n')}\nexec cat /proc/self/environ\n`
      const [program, ...args] = shell.words
      const result = spawnSync(program, args, { input: script, env: { PATH: '/usr/bin:/bin' }, maxBuffer: 1e8 })
      const seen = new Map(
        result.stdout
          .toString()
          .split('\0')
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      )
      assert.deepEqual(
        list.map((_, i) => seen.get(`V${i}`)),
        list,
      )
    })
  }

  test('refuses what no process can be given', () => {
    assert.throws(() => quotePosix('a\0b'), { code: 'invalid_input' })
    assert.throws(() => quotePosix('half \ud800'), { code: 'invalid_input' })
  })

  test('refuses names that are no variable names, and names that belong to the shell', () => {
    for (const name of [
      '',
      '1A',
      'A-B',
      'A B',
      'A=B',
      'A;touch x',
      '$(x)',
      'É',
      'A\n',
      'BASH_FUNC_x%%',
      'UID',
      'SHLVL',
      '_',
    ]) {
      assert.throws(() => exportPosix(name, 'x'), { code: 'invalid_input' }, name)
    }
  })
})
