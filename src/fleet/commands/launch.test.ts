import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import type { Host } from '../host.ts'
import { checkEnvironment } from './environment.ts'
import { planLaunch, type Work } from './launch.ts'

const host = (changes: Partial<Host> = {}): Host =>
  ({
    name: 'local',
    shell: 'bash',
    isRoot: false,
    env: () => ({ PATH: '/bin', TERM: 'dumb' }),
    scratch: (taskId: string) => `/spool/${taskId}`,
    ...changes,
  }) as unknown as Host

const command: Work = { kind: 'command', command: 'cat secret-canary && id' }
const plan = (work: Work, options: { env?: Record<string, string>; sudo?: boolean } = {}, of = host()) =>
  planLaunch(of, 'command_1', work, { env: options.env ?? {}, sudo: options.sudo ?? false })

test('neither the command nor its environment is in the arguments', () => {
  const { argv, env, files } = plan(command, { env: { KEY: 'value-canary' } })
  assert.ok(!argv.join(' ').includes('canary'))
  assert.deepEqual(env, { PATH: '/bin', TERM: 'dumb', KEY: 'value-canary' })
  assert.deepEqual(files, [{ path: '/spool/command_1/command', content: 'cat secret-canary && id' }])
})

test('sudo covers the whole command and brings its environment and marker along', () => {
  const { argv, files } = plan(command, { sudo: true, env: { KEY: "it's" } })
  assert.deepEqual(argv.slice(0, 5), ['sudo', '-n', '--', 'bash', '-c'])
  assert.ok(!argv.join(' ').includes('canary'))
  assert.equal(files[0]?.content, `export KEY='it'\\''s'; export MAESTRO_RUN_ID='command_1'; cat secret-canary && id`)
  const script = plan(
    { kind: 'script', script: 'print(1)', interpreter: 'python3', args: ['a'], strict: true },
    { sudo: true },
  )
  assert.deepEqual(script.argv.slice(0, 4), ['sudo', '-n', '--', 'sh'])
  assert.deepEqual(script.argv.slice(-3), ['python3', '/spool/command_1/script.py', 'a'])
})

test('where Maestro is root, sudo adds nothing', () => {
  assert.equal(plan(command, { sudo: true }, host({ isRoot: true })).argv[0], 'bash')
})

test('strict is a matter of shells; other interpreters get a file with their ending', () => {
  const script = (interpreter: string, strict = true) =>
    plan({ kind: 'script', script: 'x', interpreter, args: ['--', 'b c'], strict })
  assert.deepEqual(script('bash').argv.slice(0, 4), ['bash', '-euo', 'pipefail', '-c'])
  assert.deepEqual(script('/bin/sh').argv.slice(0, 3), ['/bin/sh', '-eu', '-c'])
  assert.deepEqual(script('bash', false).argv.slice(0, 2), ['bash', '-c'])
  assert.deepEqual(script('node').argv, ['node', '/spool/command_1/script.js', '--', 'b c'])
  assert.deepEqual(script('/opt/lua').argv, ['/opt/lua', '/spool/command_1/script', '--', 'b c'])
})

test('text that no process can be given is refused with its place', () => {
  const bad: [Work, string][] = [
    [{ kind: 'command', command: 'a\0b' }, 'command'],
    [{ kind: 'command', command: 'a\ud800b' }, 'command'],
    [{ kind: 'script', script: 'x', interpreter: 'bash', args: ['ok', 'b\0'], strict: true }, 'args.1'],
  ]
  for (const [work, path] of bad) {
    assert.throws(
      () => plan(work),
      (error: unknown) =>
        error instanceof MaestroError &&
        error.code === 'invalid_input' &&
        error.issues?.[0]?.path === path &&
        error.details?.['executed'] === 'no',
    )
  }
})

test('an environment that changes what programs load is refused, with every name and no value', () => {
  const env = {
    LD_PRELOAD: 'value-canary',
    NODE_OPTIONS: 'value-canary',
    BASH_ENV: 'x',
    GLIBC_TUNABLES: 'x',
    'BASH_FUNC_ls%%': '() { id; }',
    MAESTRO_RUN_ID: 'x',
    '1X': 'x',
    NUL: 'a\0b',
    FINE: 'yes',
  }
  assert.throws(
    () => checkEnvironment(env),
    (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.deepEqual(
        error.issues?.map(({ path }) => path),
        [
          'LD_PRELOAD',
          'NODE_OPTIONS',
          'BASH_ENV',
          'GLIBC_TUNABLES',
          'BASH_FUNC_ls%%',
          'MAESTRO_RUN_ID',
          '1X',
          'NUL',
        ].map((name) => `env.${name}`),
      )
      assert.ok(!error.message.includes('canary'))
      return true
    },
  )
  checkEnvironment({ PATH: '/opt/bin:/bin', FOO_BAR1: 'ü\n"' })
})
