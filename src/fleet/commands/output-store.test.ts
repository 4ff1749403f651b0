import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DAY, silentLog, systemClock } from '#src/core/index.ts'
import { createOutputStore } from './output-store.ts'

const dir = await mkdtemp(join(tmpdir(), 'maestro-outputs-'))
after(() => rm(dir, { recursive: true, force: true }))
const storeIn = (name: string, options: { maxBytes?: number } = {}) =>
  createOutputStore({ dir: join(dir, name), clock: systemClock, log: silentLog, ...options })

async function keep(store: ReturnType<typeof storeIn>, id: string, text: string): Promise<void> {
  const writer = store.write(id)
  await writer.append('stdout', Buffer.from(text))
  await writer.end()
}

test('what was appended is read back by offset, in private files', async () => {
  const store = storeIn('plain')
  const writer = store.write('command_a')
  await writer.append('stdout', Buffer.from('hello '))
  assert.equal(await store.size('command_a', 'stdout'), 0, 'small output is not on disk yet')
  assert.deepEqual(writer.sizes(), { stdout: 6, stderr: 0 })
  await writer.flush()
  await writer.append('stdout', Buffer.from('world'))
  await writer.append('stderr', Buffer.from('oh'))
  await writer.end()
  assert.equal((await store.read('command_a', 'stdout', 3, 100)).toString(), 'lo world')
  assert.equal((await store.read('command_a', 'stderr', 0, 1)).toString(), 'o')
  assert.equal((await stat(join(dir, 'plain', 'command_a'))).mode & 0o777, 0o700)
  assert.equal((await stat(join(dir, 'plain', 'command_a', 'stdout'))).mode & 0o777, 0o600)
})

test('what never printed leaves nothing, and asking for it is no error', async () => {
  const store = storeIn('silent')
  await store.write('command_a').end()
  assert.equal(await store.size('command_a', 'stdout'), 0)
  assert.equal((await store.read('command_a', 'stdout', 0, 10)).length, 0)
  await assert.rejects(readdir(join(dir, 'silent')), { code: 'ENOENT' })
})

test('a second reading writes the same place, and nothing of a longer first one stays behind', async () => {
  const store = storeIn('again')
  await keep(store, 'command_a', 'the first, longer one')
  await keep(store, 'command_a', 'the second')
  assert.equal((await store.read('command_a', 'stdout', 0, 100)).toString(), 'the second')
})

test('much output is on disk as it comes, not in memory', async () => {
  const store = storeIn('much')
  const writer = store.write('command_a')
  for (let i = 0; i < 20; i++) await writer.append('stdout', Buffer.alloc(64 * 1024, 97 + i))
  assert.ok((await store.size('command_a', 'stdout')) >= 1024 * 1024)
  await writer.end()
  const last = await store.read('command_a', 'stdout', 20 * 64 * 1024 - 2, 10)
  assert.equal(last.toString(), 'tt')
})

test('the sweep removes what is old, then the oldest until the rest fits, and leaves what is written', async () => {
  const store = storeIn('sweep', { maxBytes: 250 })
  for (const [id, days] of [
    ['command_old', 8],
    ['command_c', 3],
    ['command_b', 2],
    ['command_a', 1],
  ] as const) {
    await keep(store, id, 'x'.repeat(100))
    const at = new Date(Date.now() - days * DAY)
    await utimes(join(dir, 'sweep', id, 'stdout'), at, at)
    await utimes(join(dir, 'sweep', id), at, at)
  }
  const writer = store.write('command_live')
  await writer.append('stdout', Buffer.alloc(1_000))
  await writer.flush()
  assert.equal(await store.sweep(), 2)
  assert.deepEqual((await readdir(join(dir, 'sweep'))).sort(), ['command_a', 'command_b', 'command_live'])
  await writer.end()
})
