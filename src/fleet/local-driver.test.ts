import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { newId } from '#src/core/index.ts'
import { carriersOf, commandLines, hasRunner, observeAll, openBench, until, untilSaid } from './testing/processes.ts'
import { shells } from './testing/shells.ts'

for (const shell of shells) {
  describe(`a job under ${shell.name}`, { skip: shell.skip, concurrency: 4 }, () => {
    test('has its output followed and its exit status told', async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const spec = bench.spec(['sh', '-c', 'echo one; echo two > /dev/stderr; echo three > /dev/stderr; cat; exit 7'], {
        stdin: 'four\n',
      })
      await bench.driver.start(spec)
      assert.deepEqual(await observeAll(bench.driver, spec.id), {
        out: 'one\nfour\n',
        // Opening /dev/stderr must not truncate what was there.
        err: 'two\nthree\n',
        end: { exitCode: 7, stoppedBy: null },
      })
      assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'ended', end: { exitCode: 7, stoppedBy: null } })
    })

    test('that dies of a signal ends with 128 + n', async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const ends = await Promise.all(
        (['KILL', 'SEGV', 'INT', 'PIPE'] as const).map(async (signal) => {
          const spec = bench.spec(['sh', '-c', `kill -${signal} $$; echo survived`])
          await bench.driver.start(spec)
          return (await observeAll(bench.driver, spec.id)).end
        }),
      )
      assert.deepEqual(
        ends,
        [137, 139, 130, 141].map((exitCode) => ({ exitCode, stoppedBy: null })),
      )
    })

    test('has exactly the given environment and the marker', async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const env = {
        PATH: '/usr/bin:/bin',
        LANG: 'C.UTF-8',
        QUOTES: `a'b"c\`d$(e)\\`,
        LINES_: 'one\ntwo\n',
        EMPTY: '',
        CDPATH: '/tmp',
        PWD: '/made/up',
      }
      const spec = bench.spec(['cat', '/proc/self/environ'], { env })
      await bench.driver.start(spec)
      const { out } = await observeAll(bench.driver, spec.id)
      const seen = Object.fromEntries(
        out
          .split('\0')
          .filter(Boolean)
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      )
      assert.deepEqual(seen, { ...env, MAESTRO_RUN_ID: spec.id })
    })

    test('that ignores TERM, with an escapee and a grandchild, leaves nothing behind when stopped', async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const script = 'trap "" TERM; setsid sleep 301 & (sleep 302 & sleep 303) & echo up; while :; do sleep 1; done'
      const spec = bench.spec(['sh', '-c', script])
      await bench.driver.start(spec)
      await untilSaid(bench.driver, spec.id, 'up')
      await until('all of them run', () => carriersOf(spec.id).length >= 5)
      await bench.driver.stop(spec.id, 1, { signal: 'TERM', graceMs: 100 }, 'asked')
      assert.deepEqual(carriersOf(spec.id), [])
      assert.deepEqual(await bench.driver.probe(spec.id, 1), {
        state: 'ended',
        end: { exitCode: 137, stoppedBy: 'asked' },
      })
      await until('the runner is gone too', () => !hasRunner(bench, spec.id))
    })
  })
}

describe('start', { concurrency: 4 }, () => {
  test('hands over 400 KB of stdin with every byte in it', async (t) => {
    const bench = await openBench(t)
    const stdin = Buffer.from(Array.from({ length: 400 * 1024 }, (_, i) => (i * 7 + (i >> 8)) & 255))
    const spec = bench.spec(['sha256sum'], { stdin })
    await bench.driver.start(spec)
    const { out } = await observeAll(bench.driver, spec.id)
    assert.equal(out.split(' ')[0], createHash('sha256').update(stdin).digest('hex'))
  })

  test('hands over hostile arguments byte for byte', async (t) => {
    const bench = await openBench(t)
    const args = [
      "'",
      '$(touch canary)',
      '`touch canary`',
      'a\nb',
      '-n',
      '--',
      '',
      ' ',
      '*',
      '🎼',
      '\\',
      '"; touch canary #',
    ]
    const spec = bench.spec(['printf', '%s\\0', ...args])
    await bench.driver.start(spec)
    assert.equal((await observeAll(bench.driver, spec.id)).out, args.map((arg) => `${arg}\0`).join(''))
    assert.equal(existsSync(join(bench.dir, 'canary')), false)
  })

  test('never shows stdin or environment values in any command line', async (t) => {
    const bench = await openBench(t)
    const canary = `canary-${newId('x')}`
    const spec = bench.spec(['sh', '-c', 'cat > /dev/null; sleep 0.4; env > /dev/null'], {
      env: { PATH: '/usr/bin:/bin', HIDDEN: canary },
      stdin: canary,
    })
    const seen: string[] = []
    let isOver = false
    const work = (async () => {
      await bench.driver.start(spec)
      await observeAll(bench.driver, spec.id)
      await bench.driver.stop(spec.id, 1, spec.stop, 'asked')
      isOver = true
    })()
    await until('the job ended', () => {
      seen.push(...commandLines())
      return isOver
    })
    await work
    assert.ok(
      seen.some((line) => line.includes(join(bench.runsDir, spec.id))),
      'the runner was among the samples',
    )
    assert.deepEqual(
      seen.filter((line) => line.includes(canary)),
      [],
    )
  })

  test('writes the files of the spec for the owner alone, before the process starts', async (t) => {
    const bench = await openBench(t)
    const path = join(bench.dir, 'private', 'deep', 'config.yaml')
    const spec = bench.spec(['cat', path], { files: [{ path, content: 'key: value\n' }] })
    await bench.driver.start(spec)
    assert.equal((await observeAll(bench.driver, spec.id)).out, 'key: value\n')
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(join(bench.dir, 'private')).mode & 0o777, 0o700)
    assert.equal(statSync(join(bench.dir, 'private', 'deep')).mode & 0o777, 0o700)
    const run = join(bench.runsDir, spec.id)
    assert.equal(statSync(run).mode & 0o777, 0o700)
    for (const name of ['job', 'in', 'out', 'err', 'limits', 'rc'])
      assert.equal(statSync(join(run, 'g1', name)).mode & 0o777, 0o600, name)
  })

  test('refuses what cannot run, and starts nothing', async (t) => {
    const bench = await openBench(t)
    const { driver } = bench
    await assert.rejects(driver.start(bench.spec(['true'], { cwd: join(bench.dir, 'missing') })), {
      code: 'invalid_input',
      message: /missing/,
    })
    await assert.rejects(driver.start(bench.spec(['no-such-program'])), {
      code: 'not_found',
      hint: /install no-such-program/,
    })
    await assert.rejects(driver.start(bench.spec(['/no/such/program'])), { code: 'not_found' })
    await writeFile(join(bench.dir, 'plain'), 'x')
    await assert.rejects(driver.start(bench.spec(['./plain'])), { code: 'not_found', message: /may not be run/ })
    await assert.rejects(driver.start(bench.spec(['true'], { env: { PATH: '/usr/bin:/bin', 'A-B': 'x' } })), {
      code: 'invalid_input',
    })
    await assert.rejects(driver.start(bench.spec(['echo', 'a\0b'])), { code: 'invalid_input' })
    await assert.rejects(driver.start({ ...bench.spec(['true']), id: '../escape' }), { code: 'invalid_input' })
    const broken = { ...bench.spec(['true']), cwd: 'relative', limits: { wallMs: 0, idleMs: 1, outputBytes: -1 } }
    await assert.rejects(driver.start(broken), (error: { code: string; issues: { path: string }[] }) => {
      assert.deepEqual(
        error.issues.map((issue) => issue.path),
        ['cwd', 'limits.wallMs', 'limits.outputBytes'],
      )
      return error.code === 'invalid_input'
    })
  })

  test('can be called again after a refusal', async (t) => {
    const bench = await openBench(t)
    const program = join(bench.dir, 'late')
    const spec = bench.spec([program])
    await assert.rejects(bench.driver.start(spec), { code: 'not_found' })
    await writeFile(program, '#!/bin/sh\necho here\n', { mode: 0o755 })
    await bench.driver.start(spec)
    assert.equal((await observeAll(bench.driver, spec.id)).out, 'here\n')
  })

  test('called again, with a higher fence too, does not start a second process', async (t) => {
    const bench = await openBench(t)
    const spec = bench.spec(['sh', '-c', 'echo x >> count'])
    await bench.driver.start(spec)
    await observeAll(bench.driver, spec.id)
    await bench.driver.start(spec)
    await bench.another().start({ ...spec, fence: 2 })
    assert.equal(readFileSync(join(bench.dir, 'count'), 'utf8'), 'x\n')
  })
})

describe('observe', { concurrency: 4 }, () => {
  test('goes on from the offsets, and tells the offset of each chunk', async (t) => {
    const bench = await openBench(t)
    const spec = bench.spec(['sh', '-c', 'printf 0123456789; printf abcdef >&2'])
    await bench.driver.start(spec)
    await observeAll(bench.driver, spec.id)
    const chunks = []
    for await (const chunk of bench.another().observe(spec.id, { out: 4, err: 2 }, AbortSignal.timeout(5_000))) {
      chunks.push([chunk.stream, chunk.offset, Buffer.from(chunk.bytes).toString()])
    }
    assert.deepEqual(chunks, [
      ['out', 4, '456789'],
      ['err', 2, 'cdef'],
    ])
  })

  test('says so when nothing was started, and stops when it is aborted', async (t) => {
    const bench = await openBench(t)
    await assert.rejects(observeAll(bench.driver, newId('turn')), { code: 'not_found' })
    const spec = bench.spec(['sleep', '60'])
    await bench.driver.start(spec)
    const abort = new AbortController()
    const next = bench.driver.observe(spec.id, { out: 0, err: 0 }, abort.signal).next()
    abort.abort(new Error('enough'))
    await assert.rejects(next, /enough/)
    assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'running' })
  })
})

test('remove deletes an ended run, refuses a running one, and may be repeated', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sh', '-c', 'read line < /dev/null; sleep 60'])
  await bench.driver.start(spec)
  await assert.rejects(bench.driver.remove(spec.id), { code: 'conflict' })
  await bench.driver.stop(spec.id, 1, spec.stop, 'asked')
  await bench.driver.remove(spec.id)
  await bench.driver.remove(spec.id)
  assert.equal(existsSync(join(bench.runsDir, spec.id)), false)
})

test('sweep finds a process by its marker alone', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sleep', '60'])
  await bench.driver.start(spec)
  await until('it runs', () => carriersOf(spec.id).length === 1)
  // A process that is killed in the middle of exec may be found, and counted, twice.
  assert.ok((await bench.driver.sweep(spec.id)) >= 1)
  assert.deepEqual(carriersOf(spec.id), [])
  assert.equal(await bench.driver.sweep(spec.id), 0)
})
