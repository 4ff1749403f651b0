// What rules say, by examples, and held against a slow model of the sentence they are documented by.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDice } from '#src/core/testing/random.ts'
import { NewRule, type Rule } from './contract.ts'
import { judge, readyRule } from './rules.ts'
import { readSubject } from './subject-lines.ts'

let count = 0
const rule = (given: NewRule): Rule => ({
  ...NewRule.parse(given),
  id: `rule_${++count}`,
  createdAt: 0,
  createdBy: { kind: 'system' },
})

function say(rules: NewRule[], subject: string[], call: { client?: string; tool?: string } = {}): string {
  const { client = 'claude', tool = 'maestro_exec' } = call
  return (
    judge(
      rules.map((given) => readyRule(rule(given))),
      { client, tool, ...readSubject(subject) },
    )?.effect ?? 'none'
  )
}

const exec = (command: string, host = 'local') => [`host:${host}`, `command:${host}:${command}`]
const path = (...paths: string[]) => paths.map((one) => `path:local:${one}`)

describe('rules', () => {
  const cases: [
    name: string,
    rules: NewRule[],
    subject: string[],
    verdict: string,
    call?: { client?: string; tool?: string },
  ][] = [
    ['nothing is said without rules', [], exec('ls'), 'none'],
    ['deny wins over ask and allow', [{ effect: 'allow' }, { effect: 'ask' }, { effect: 'deny' }], [], 'deny'],
    ['ask wins over allow', [{ effect: 'allow' }, { effect: 'ask' }], [], 'ask'],
    ['a rule for another client says nothing', [{ effect: 'deny', client: 'codex' }], exec('ls'), 'none'],
    ['a rule for another tool says nothing', [{ effect: 'deny', tool: 'maestro_read' }], exec('ls'), 'none'],
    ['one denied path of several denies', [{ effect: 'deny', path: '/etc/**' }], path('/srv/a', '/etc/passwd'), 'deny'],
    ['the folder itself is denied too', [{ effect: 'deny', path: '/etc/**' }], path('/etc'), 'deny'],
    ['a path rule says nothing of commands', [{ effect: 'deny', path: '/**' }], exec('cat /etc/passwd'), 'none'],
    ['a host rule holds for what is on it', [{ effect: 'deny', host: 'gpu*' }], exec('ls', 'gpu1'), 'deny'],
    ['and not elsewhere', [{ effect: 'deny', host: 'gpu*' }], exec('ls', 'local'), 'none'],
    [
      'a path and its host must be of one thing',
      [{ effect: 'deny', host: 'gpu1', path: '/a' }],
      ['host:gpu1', 'path:local:/a'],
      'none',
    ],
    [
      'a command is looked for anywhere by deny',
      [{ effect: 'deny', command: '**rm *' }],
      exec('ls; rm -rf /srv'),
      'deny',
    ],
    ['all paths in the list pass', [{ effect: 'allow', path: '/srv/**' }], path('/srv/a', '/srv/b'), 'allow'],
    [
      'one path outside of the list is asked about',
      [{ effect: 'allow', path: '/srv/**' }],
      path('/srv/a', '/etc/x'),
      'ask',
    ],
    [
      'two lists add up',
      [
        { effect: 'allow', path: '/srv/**' },
        { effect: 'allow', path: '/tmp/**' },
      ],
      path('/srv/a', '/tmp/x'),
      'allow',
    ],
    [
      'a list of paths says nothing of calls without any',
      [{ effect: 'allow', path: '/srv/**' }],
      ['workflow:x'],
      'none',
    ],
    ['a list of paths is none of commands', [{ effect: 'allow', path: '/srv/**' }], exec('ls'), 'none'],
    ['a command of the list passes', [{ effect: 'allow', command: 'git *' }], exec('git add src/a'), 'allow'],
    ['another is asked about', [{ effect: 'allow', command: 'git *' }], exec('curl x'), 'ask'],
    ['one behind it is asked about', [{ effect: 'allow', command: 'git *' }], exec('git log && curl x'), 'ask'],
    [
      'one that was not seen whole is asked about',
      [{ effect: 'allow', command: 'git *' }],
      exec(`git ${'a'.repeat(196)}`),
      'ask',
    ],
    [
      'an allowed path allows no command',
      [
        { effect: 'allow', command: 'git *' },
        { effect: 'allow', path: '/srv/**' },
      ],
      [...exec('rm x'), ...path('/srv/a')],
      'ask',
    ],
    ['a list of hosts', [{ effect: 'allow', host: 'gpu1' }], exec('ls', 'gpu2'), 'ask'],
    [
      'a list of paths does not widen a list of hosts',
      [
        { effect: 'allow', host: 'gpu1' },
        { effect: 'allow', path: '/srv/**' },
      ],
      exec('ls', 'gpu2'),
      'ask',
    ],
    [
      'a rule without any place lets its client past the lists',
      [
        { effect: 'allow', client: 'claude' },
        { effect: 'allow', path: '/srv/**' },
      ],
      path('/etc/x'),
      'allow',
    ],
    [
      'a list of another client binds nobody else',
      [{ effect: 'allow', client: 'codex', path: '/srv/**' }],
      path('/etc/x'),
      'none',
    ],
    [
      'with path and command, both must fit',
      [{ effect: 'allow', path: '/srv/**', command: 'make *' }],
      [...exec('make all'), ...path('/srv/a')],
      'allow',
    ],
    [
      'and one that does not is asked about',
      [{ effect: 'allow', path: '/srv/**', command: 'make *' }],
      [...exec('make all'), ...path('/etc')],
      'ask',
    ],
  ]
  for (const [name, rules, subject, verdict, call] of cases) {
    test(name, () => assert.equal(say(rules, subject, call), verdict))
  }

  test('denies and asks as the plain sentence says (5,000 random rule sets and calls)', () => {
    const below = createDice(3)
    const one = <T>(...from: T[]): T => from[below(from.length)] as T
    const maybe = <T>(value: T): T | undefined => (below(2) === 0 ? value : undefined)
    for (let round = 0; round < 5_000; round++) {
      const rules = Array.from({ length: below(5) }, () =>
        Object.fromEntries(
          Object.entries({
            effect: one('deny', 'ask'),
            client: maybe(one('claude', 'codex', 'c*')),
            tool: maybe(one('maestro_exec', 'maestro_read')),
            host: maybe(one('local', 'gpu1', '*')),
            path: maybe(one('/srv/**', '/etc/**', '/**')),
            command: maybe(one('rm *', '**x**')),
          }).filter(([, value]) => value !== undefined),
        ),
      ) as NewRule[]
      const subject = Array.from({ length: below(4) }, () => {
        const host = one('local', 'gpu1')
        return one(
          `host:${host}`,
          `path:${host}:${one('/srv/a', '/etc/b', '/x')}`,
          `command:${host}:${one('rm a', 'ls x', 'ls')}`,
        )
      })
      const call = { client: one('claude', 'codex'), tool: one('maestro_exec', 'maestro_read') }
      const expected = (['deny', 'ask'] as const).find((effect) =>
        rules.some((given) => given.effect === effect && holdsPlainly(given, subject, call)),
      )
      assert.equal(say(rules, subject, call), expected ?? 'none', JSON.stringify({ rules, subject, call }))
    }
  })

  test('no rule can be widened by adding another deny or ask (monotone, 2,000 random calls)', () => {
    const below = createDice(11)
    const weight = { none: 0, allow: 0, ask: 1, deny: 2 } as Record<string, number>
    for (let round = 0; round < 2_000; round++) {
      const rules: NewRule[] = Array.from({ length: below(4) }, () => ({
        effect: (['allow', 'ask', 'deny'] as const)[below(3)] ?? 'deny',
        path: ['/srv/**', '/etc/**', '/srv/a'][below(3)] ?? '/',
      }))
      const extra: NewRule = { effect: below(2) === 0 ? 'ask' : 'deny', path: ['/srv/**', '/x'][below(2)] ?? '/' }
      const subject = path(['/srv/a', '/etc/b', '/x'][below(3)] ?? '/')
      const [before, after] = [say(rules, subject), say([...rules, extra], subject)]
      assert.ok((weight[after] ?? 0) >= (weight[before] ?? 0), JSON.stringify({ rules, extra, subject, before, after }))
    }
  })
})

test('a path pattern that could never fit a resolved path is refused, each with what is wrong', () => {
  for (const bad of ['srv/x', '~/x', '/srv/../etc', '/srv/./x', '/srv//x', '/srv/', '..']) {
    assert.equal(NewRule.safeParse({ effect: 'deny', path: bad }).success, false, bad)
  }
  for (const good of ['/', '/srv/**', '**/.env', '/srv/..x/y', 'C:\\Users\\**']) {
    assert.equal(NewRule.safeParse({ effect: 'deny', path: good }).success, true, good)
  }
})

function holdsPlainly(given: NewRule, subject: string[], call: { client: string; tool: string }): boolean {
  const like = (pattern: string | undefined, text: string) =>
    pattern === undefined ||
    new RegExp(
      `^${pattern.replace(/\*+/g, (stars) => (stars.length === 1 && given.command !== pattern ? '[^/]*' : '.*'))}$`,
    ).test(text)
  const lines = subject.map((line) => {
    const [kind = '', host = '', text = ''] = line.split(':')
    return { kind, host, text }
  })
  const has = (kind: string, pattern: string | undefined) =>
    pattern === undefined ||
    lines.some((line) => line.kind === kind && like(given.host, line.host) && like(pattern, line.text))
  const isPlaced = given.path !== undefined || given.command !== undefined
  return (
    like(given.client, call.client) &&
    like(given.tool, call.tool) &&
    has('path', given.path) &&
    has('command', given.command) &&
    (isPlaced || given.host === undefined || lines.some((line) => like(given.host, line.host)))
  )
}
