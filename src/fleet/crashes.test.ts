// Servers, supervisors and machines that die: what the run folder still guarantees.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { newId } from '#src/core/index.ts'
import {
  carriersOf,
  hasDied,
  hasRunner,
  observeAll,
  openBench,
  startServer,
  supervisorOf,
  until,
  untilSaid,
} from './testing/processes.ts'
import { shells } from './testing/shells.ts'

describe('after kill -9 of the server', { concurrency: 2 }, () => {
  test('a promoted job goes on, and a new driver reads on from an offset', async (t) => {
    const bench = await openBench(t)
    const spec = bench.spec(['sh', '-c', 'echo first; while [ ! -e go ]; do sleep 0.05; done; echo second; exit 3'])
    const child = startServer(bench, spec, true)
    await once(child.stdout, 'data')
    await untilSaid(bench.driver, spec.id, 'first\n')
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.deepEqual(await bench.driver.probe(spec.id, 2), { state: 'running' })
    await writeFile(join(bench.dir, 'go'), '')
    const { out, end } = await observeAll(bench.driver, spec.id, { out: 6, err: 0 })
    assert.deepEqual([out, end], ['second\n', { exitCode: 3, stoppedBy: null }])
  })

  test('a job that was not promoted ends', async (t) => {
    const bench = await openBench(t)
    const spec = bench.spec(['sh', '-c', 'setsid sleep 60 & sleep 60'], { promoted: false })
    const child = startServer(bench, spec, true)
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    assert.deepEqual((await observeAll(bench.driver, spec.id)).end, { exitCode: 143, stoppedBy: 'lifeline' })
    assert.deepEqual(carriersOf(spec.id), [])
  })
})

describe('a supervisor that is killed', { concurrency: 6 }, () => {
  const script = 'trap "" TERM; setsid sleep 60 & sleep 61 & echo up; while :; do sleep 1; done'
  for (const shell of shells) {
    const { skip } = shell

    test(`under ${shell.name} is lost to a probe, which ends the job`, { skip }, async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const spec = bench.spec(['sh', '-c', script])
      await bench.driver.start(spec)
      await untilSaid(bench.driver, spec.id, 'up')
      const supervisor = supervisorOf(bench, spec.id)
      process.kill(supervisor, 'SIGKILL')
      // The signal is sent, not yet obeyed: until the kernel says so, `running` would be the truth.
      await until('the supervisor has died', () => hasDied(supervisor))
      assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'lost' })
      assert.deepEqual(carriersOf(spec.id), [])
      assert.deepEqual(await observeAll(bench.driver, spec.id), { out: 'up\n', err: '', end: 'lost' })
      assert.deepEqual(await bench.driver.probe(spec.id, 1), { state: 'lost' })
      await until('the runner is gone too', () => !hasRunner(bench, spec.id))
    })

    test(`under ${shell.name} is noticed by its own watchdog, with no server around`, { skip }, async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const spec = bench.spec(['sh', '-c', script])
      await bench.driver.start(spec)
      await untilSaid(bench.driver, spec.id, 'up')
      process.kill(supervisorOf(bench, spec.id), 'SIGKILL')
      await until('the job is gone', () => carriersOf(spec.id).length === 0, 3_000)
    })

    test(`under ${shell.name} with its whole session is noticed by whoever observes`, { skip }, async (t) => {
      const bench = await openBench(t, { shell: shell.words })
      const spec = bench.spec(['sh', '-c', script])
      await bench.driver.start(spec)
      await untilSaid(bench.driver, spec.id, 'up')
      const observing = observeAll(bench.driver, spec.id)
      process.kill(-supervisorOf(bench, spec.id), 'SIGKILL')
      assert.equal((await observing).end, 'lost')
      assert.deepEqual(carriersOf(spec.id), [])
    })
  }
})

describe('after a restart of the machine', { concurrency: 2 }, () => {
  test('a run that was placed and has no end is lost, never absent', async (t) => {
    const bench = await openBench(t)
    const spec = bench.spec(['sleep', '60'])
    await bench.driver.start(spec)
    await bench.driver.stop(spec.id, 1, { signal: 'KILL', graceMs: 0 }, 'asked')
    const folder = join(bench.runsDir, spec.id, 'g1')
    // As the disk may look then: the claim and the end were never written, the boot was another.
    for (const name of ['claim', 'rc', 'group', 'stopping']) await rm(join(folder, name), { force: true })
    const limits = await readFile(join(folder, 'limits'), 'utf8')
    await writeFile(join(folder, 'limits'), limits.replace(/\S+\n$/, 'another-boot\n'))
    assert.deepEqual(await bench.driver.probe(spec.id, 2), { state: 'lost' })
  })

  test('an end whose output did not reach the disk is lost', async (t) => {
    const bench = await openBench(t)
    const spec = bench.spec(['echo', 'hello'])
    await bench.driver.start(spec)
    await observeAll(bench.driver, spec.id)
    await writeFile(join(bench.runsDir, spec.id, 'g1', 'out'), 'hel')
    assert.deepEqual(await observeAll(bench.driver, spec.id), { out: 'hel', err: '', end: 'lost' })
  })

  test('a stranger with the number of the supervisor or the leader is left alone', async (t) => {
    const bench = await openBench(t)
    const id = newId('turn')
    const folder = join(bench.runsDir, id, 'g1')
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
    t.after(() => stranger.kill('SIGKILL'))
    await mkdir(folder, { recursive: true })
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    await writeFile(join(folder, 'claim'), `run ${stranger.pid} 1 ${boot}\n`)
    await writeFile(join(folder, 'group'), `${stranger.pid} 1 999999999 999999999\n`)
    await writeFile(join(folder, 'job'), '')
    assert.deepEqual(await bench.driver.probe(id, 1), { state: 'lost' })
    await bench.driver.stop(id, 1, { signal: 'KILL', graceMs: 0 }, 'asked')
    assert.equal(stranger.exitCode ?? stranger.signalCode, null)
  })
})
