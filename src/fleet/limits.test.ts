import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { systemClock } from '#src/core/index.ts'
import { renewLease } from './lease.ts'
import { carriersOf, observeAll, openBench, untilSaid } from './testing/processes.ts'

const generous = { wallMs: 60_000, idleMs: 60_000, outputBytes: 64 * 1024 * 1024 }

describe('the runner ends a job by itself', { concurrency: 4 }, () => {
  for (const [name, reason] of [
    ['wallMs', 'wall'],
    ['idleMs', 'idle'],
  ] as const) {
    test(`within 2 s of its ${name}`, async (t) => {
      const bench = await openBench(t)
      const spec = bench.spec(['sh', '-c', 'setsid sleep 60 & sleep 60'], { limits: { ...generous, [name]: 800 } })
      const startedAt = performance.now()
      await bench.driver.start(spec)
      const { end } = await observeAll(bench.driver, spec.id)
      const tookMs = performance.now() - startedAt
      assert.deepEqual(end, { exitCode: 143, stoppedBy: reason })
      assert.ok(tookMs >= 800 && tookMs < 2_800, `${tookMs} ms`)
      assert.deepEqual(carriersOf(spec.id), [])
    })
  }

  test('but not for idleness while it writes', async (t) => {
    const bench = await openBench(t)
    const script = 'for i in 1 2 3 4 5 6 7 8; do sleep 0.3; echo $i >&2; done'
    const spec = bench.spec(['sh', '-c', script], { limits: { ...generous, idleMs: 1_300 } })
    await bench.driver.start(spec)
    assert.deepEqual((await observeAll(bench.driver, spec.id)).end, { exitCode: 0, stoppedBy: null })
  })

  test('when its output reaches the cap, at full speed, and our memory stays flat', async (t) => {
    const bench = await openBench(t)
    const cap = 128 * 1024 * 1024
    const spec = bench.spec(['yes'], { limits: { ...generous, outputBytes: cap } })
    await bench.driver.start(spec)
    const before = process.memoryUsage().rss
    let peak = before
    let bytes = 0
    const following = bench.driver.observe(spec.id, { out: 0, err: 0 }, AbortSignal.timeout(20_000))
    let next = await following.next()
    while (next.done !== true) {
      assert.ok(next.value.bytes.length <= 64 * 1024)
      bytes += next.value.bytes.length
      peak = Math.max(peak, process.memoryUsage.rss())
      next = await following.next()
    }
    assert.equal(next.value === 'lost' ? 'lost' : next.value.stoppedBy, 'output')
    assert.equal(bytes, cap)
    assert.ok(peak - before < 64 * 1024 * 1024, `grew by ${(peak - before) / 1024 / 1024} MiB`)
  })

  test('when out and err reach the cap together, even if it ignores the broken pipe', async (t) => {
    const bench = await openBench(t)
    const script = 'trap "" PIPE; while :; do head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2; sleep 0.1; done'
    const spec = bench.spec(['sh', '-c', script], { limits: { ...generous, outputBytes: 100_000 } })
    await bench.driver.start(spec)
    const { out, err, end } = await observeAll(bench.driver, spec.id)
    assert.equal(end === 'lost' ? end : end.stoppedBy, 'output')
    assert.ok(out.length + err.length <= 201_000, `${out.length} + ${err.length}`)
  })

  test('when the lease of its node has passed, and not while it is renewed', async (t) => {
    const bench = await openBench(t)
    const leaseFile = join(bench.dir, 'node', 'lease')
    const driver = bench.another({ leaseFile })
    const spec = bench.spec(['sleep', '60'])
    await assert.rejects(driver.start(spec), { code: 'not_ready', message: /is missing/ })
    await renewLease(leaseFile, Date.now() - 5_000)
    await assert.rejects(driver.start(spec), { code: 'not_ready', message: /has passed/ })
    await renewLease(leaseFile, Date.now() + 2_000)
    await driver.start(spec)
    await renewLease(leaseFile, Date.now() + 3_000)
    const deadline = Math.floor((Date.now() + 3_000) / 1_000) * 1_000
    const { end } = await observeAll(bench.driver, spec.id)
    assert.deepEqual(end, { exitCode: 143, stoppedBy: 'lease' })
    const lateMs = Date.now() - deadline
    assert.ok(lateMs >= -1_000 && lateMs < 2_000, `${lateMs} ms after the deadline`)
  })

  test('when its lifeline breaks, unless it was promoted', async (t) => {
    const bench = await openBench(t)
    const [left, kept] = [
      bench.spec(['sh', '-c', 'echo up; sleep 60'], { promoted: false }),
      bench.spec(['sh', '-c', 'echo up; sleep 1.5'], { promoted: false }),
    ]
    const driver = bench.another()
    await Promise.all([driver.start(left), driver.start(kept)])
    await Promise.all([untilSaid(driver, left.id, 'up'), untilSaid(driver, kept.id, 'up')])
    assert.equal(driver.promote(kept.id), true)
    assert.equal(driver.release(), 2)
    assert.deepEqual((await observeAll(bench.driver, left.id)).end, { exitCode: 143, stoppedBy: 'lifeline' })
    assert.deepEqual((await observeAll(bench.driver, kept.id)).end, { exitCode: 0, stoppedBy: null })
    assert.equal(driver.promote(kept.id), false)
  })
})

test('a job that ended by itself is not said to have been stopped', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sh', '-c', 'exit 5'])
  await bench.driver.start(spec)
  await observeAll(bench.driver, spec.id)
  await bench.driver.stop(spec.id, 1, spec.stop, 'asked')
  assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'ended', end: { exitCode: 5, stoppedBy: null } })
})

test('what a job leaves running is ended with it', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sh', '-c', 'setsid sleep 60 & sleep 61 & echo done'])
  await bench.driver.start(spec)
  const { out, end } = await observeAll(bench.driver, spec.id)
  assert.deepEqual([out, end], ['done\n', { exitCode: 0, stoppedBy: null }])
  assert.deepEqual(carriersOf(spec.id), [])
})

test('a second stop may be harder than the first', async (t) => {
  const bench = await openBench(t)
  const spec = bench.spec(['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 1; done'])
  await bench.driver.start(spec)
  await untilSaid(bench.driver, spec.id, 'up')
  const startedAt = performance.now()
  const soft = bench.driver.stop(spec.id, 1, { signal: 'TERM', graceMs: 60_000 }, 'asked')
  await systemClock.sleep(0)
  await bench.driver.stop(spec.id, 1, { signal: 'KILL', graceMs: 0 }, 'wall')
  await soft
  assert.ok(performance.now() - startedAt < 5_000)
})
