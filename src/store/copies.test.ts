import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { copyDatabase, newestCopy } from './copies.ts'

async function database(t: TestContext): Promise<{ dataDir: string; folder: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-copies-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const folder = join(dataDir, 'pg')
  await mkdir(join(folder, 'base'), { recursive: true })
  await writeFile(join(folder, 'PG_VERSION'), '18\n')
  await writeFile(join(folder, 'base', '1'), Buffer.alloc(3 * 2 ** 20, 1))
  await writeFile(join(folder, 'postmaster.pid'), '1')
  return { dataDir, folder }
}
const plenty = { freeBytes: 2 ** 40, reserveBytes: 0 }

test('copies everything but the file of the running process', async (t) => {
  const { dataDir, folder } = await database(t)
  const copy = await copyDatabase({ dataDir, folder, nowMs: 0, ...plenty })
  assert.deepEqual((await readdir(copy)).toSorted(), ['PG_VERSION', 'base'])
  assert.deepEqual(await readFile(join(copy, 'base', '1')), Buffer.alloc(3 * 2 ** 20, 1))
  assert.equal(await newestCopy(dataDir), copy)
})

test('keeps the newest three, and removes what a cut-off copy left behind', async (t) => {
  const { dataDir, folder } = await database(t)
  await mkdir(join(dataDir, 'backups', 'pg-1969.partial'), { recursive: true })
  const made: string[] = []
  for (let second = 0; second < 5; second++)
    made.push(await copyDatabase({ dataDir, folder, nowMs: second * 1_000, ...plenty }))
  const left = (await readdir(join(dataDir, 'backups'))).toSorted().map((name) => join(dataDir, 'backups', name))
  assert.deepEqual(left, made.slice(2))
})

test('a cut-off copy is never offered', async (t) => {
  const { dataDir } = await database(t)
  assert.equal(await newestCopy(dataDir), undefined)
  await mkdir(join(dataDir, 'backups', 'pg-2026.partial'), { recursive: true })
  assert.equal(await newestCopy(dataDir), undefined)
})

test('writes nothing when the copy would eat into the reserve', async (t) => {
  const { dataDir, folder } = await database(t)
  const tight = { freeBytes: 10 * 2 ** 20, reserveBytes: 8 * 2 ** 20 }
  await assert.rejects(copyDatabase({ dataDir, folder, nowMs: 0, ...tight }), {
    code: 'storage_full',
    message: /needs 4 MB beside the reserve of 8 MB, but only 10 MB are free/,
  })
  assert.deepEqual(await readdir(dataDir), ['pg'])
})
