import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newId } from '#src/core/index.ts'
import { shortExec } from './short-exec.ts'
import { carriersOf, until } from './testing/processes.ts'

const env = { PATH: '/usr/bin:/bin' }
const sh = (script: string) => ({ argv: ['sh', '-c', script] as const, env, timeoutMs: 10_000 })

describe('shortExec', { concurrency: 4 }, () => {
  test('returns output, both streams apart, and the exit code', async () => {
    const result = await shortExec({ ...sh('cat; echo err >&2; exit 4'), stdin: 'in' })
    assert.deepEqual(result, { exitCode: 4, stdout: 'in', stderr: 'err\n', timedOut: false })
  })

  test('gives the environment it was given and no other', async () => {
    const result = await shortExec({
      argv: ['cat', '/proc/self/environ'],
      env: { ...env, A: 'b c' },
      timeoutMs: 10_000,
    })
    assert.equal(result.stdout, 'PATH=/usr/bin:/bin\0A=b c\0')
  })

  test('says 128 + n for a signal', async () => {
    assert.equal((await shortExec(sh('kill -TERM $$'))).exitCode, 143)
  })

  test('keeps the first bytes of much output and still sees the end', async () => {
    const result = await shortExec({ ...sh('head -c 3000000 /dev/zero; echo end >&2'), maxBytes: 1_000 })
    assert.deepEqual([result.exitCode, result.stdout.length, result.stderr], [0, 1_000, 'end\n'])
  })

  test('ends the whole group when the time is over', async () => {
    const startedAt = performance.now()
    const id = newId('turn')
    const command = sh('trap "" TERM; sleep 60 & sleep 60')
    const result = await shortExec({ ...command, env: { ...env, MAESTRO_RUN_ID: id }, timeoutMs: 200 })
    assert.deepEqual([result.exitCode, result.timedOut], [null, true])
    assert.ok(performance.now() - startedAt < 2_000)
    await until('both are gone', () => carriersOf(id).length === 0)
  })

  test('does not wait for a grandchild that holds the pipes', async () => {
    const startedAt = performance.now()
    const result = await shortExec(sh('setsid sleep 3 & echo $!; exit 0'))
    assert.ok(performance.now() - startedAt < 2_000)
    assert.equal(result.exitCode, 0)
    process.kill(Number(result.stdout), 'SIGKILL')
  })

  test('survives a command that does not read its input', async () => {
    assert.equal((await shortExec({ ...sh('exit 0'), stdin: 'x'.repeat(1_000_000) })).exitCode, 0)
  })

  test('refuses a missing program, a missing folder, and text no process can be given', async () => {
    await assert.rejects(shortExec({ argv: ['no-such-program'], env, timeoutMs: 1_000 }), {
      code: 'not_found',
      message: /usr\/bin/,
    })
    await assert.rejects(shortExec({ ...sh('true'), cwd: '/no/such/folder' }), { code: 'invalid_input' })
    await assert.rejects(shortExec({ argv: ['echo', 'a\0b'], env, timeoutMs: 1_000 }), { code: 'invalid_input' })
  })
})
