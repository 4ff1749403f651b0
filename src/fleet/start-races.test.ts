// Starts, rivals and probes at once: who wins, and that only one does.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { systemClock, toMaestroError } from '#src/core/index.ts'
import { observeAll, openBench, startServer, until } from './testing/processes.ts'

test('eight servers that start one id at once start one job', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sh', '-c', 'echo x >> count; sleep 0.2'])
  const codes = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const [code] = (await once(startServer(bench, spec, false), 'exit')) as [number | null]
      return code
    }),
  )
  assert.deepEqual(
    codes,
    Array.from({ length: 8 }, () => 0),
  )
  await observeAll(bench.driver, spec.id)
  assert.equal(readFileSync(join(bench.dir, 'count'), 'utf8'), 'x\n')
})

describe('a probe that finds nothing started', { concurrency: 2 }, () => {
  test('forbids a supervisor that is already on its way', async (t) => {
    const bench = await openBench(t)
    // A shell that dawdles before it reads the runner: the start is under way, its claim is not made.
    const slow = join(bench.dir, 'slow.sh')
    await writeFile(
      slow,
      `case $2 in start) true > '${bench.dir}/waiting'; while [ ! -e '${bench.dir}/go' ]; do sleep 0.02; done;; esac\nexec sh "$@"\n`,
    )
    const spec = bench.spec(['sh', '-c', 'echo x >> ran'])
    const starting = bench.another({ shell: ['/bin/sh', slow] }).start(spec)
    const refused = assert.rejects(starting, { code: 'conflict' })
    await until('the supervisor is on its way', () => existsSync(join(bench.dir, 'waiting')))
    assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'absent' })
    await writeFile(join(bench.dir, 'go'), '')
    await refused
    assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'absent' })
    assert.equal(existsSync(join(bench.dir, 'ran')), false)

    // The owner who asked may start it after all.
    await bench.driver.start(spec)
    await observeAll(bench.driver, spec.id)
    assert.equal(await readFile(join(bench.dir, 'ran'), 'utf8'), 'x\n')
  })

  test('and a start with a lower fence agree on who was first, at every moment', async (t) => {
    const bench = await openBench(t)
    const rival = bench.another()
    const seen = { absent: 0, started: 0 }
    for (let i = 0; i < 24; i++) {
      const file = join(bench.dir, `ran-${i}`)
      const spec = bench.spec(['sh', '-c', `echo x >> ${file}`])
      const starting = bench.driver.start(spec).then(
        () => 'started',
        (error: unknown) => toMaestroError(error).code,
      )
      // From at once over the middle of it to after its end.
      await (i < 22 ? systemClock.sleep(i) : starting)
      const probe = await rival.probe(spec.id, 2)
      const start = await starting
      if (probe.state === 'absent') {
        assert.equal(start, 'conflict')
        assert.equal(existsSync(file), false)
        seen.absent++
      } else {
        assert.equal(start, 'started')
        await observeAll(rival, spec.id)
        assert.equal(await readFile(file, 'utf8'), 'x\n')
        seen.started++
      }
    }
    assert.ok(seen.absent > 0 && seen.started > 0, JSON.stringify(seen))
  })
})

test('a lower fence is refused by start, stop and probe, and stops nothing', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sleep', '60'], { fence: 5 })
  await bench.driver.start(spec)
  await assert.rejects(bench.driver.start({ ...spec, fence: 4 }), { code: 'conflict' })
  await assert.rejects(bench.driver.probe(spec.id, 4), { code: 'conflict' })
  await assert.rejects(bench.driver.stop(spec.id, 4, spec.stop, 'asked'), { code: 'conflict' })
  assert.deepEqual(await bench.driver.probe(spec.id, 10), { state: 'running' })
  await assert.rejects(bench.driver.probe(spec.id, 9), { code: 'conflict' })
})
