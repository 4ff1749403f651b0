import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createFolder, readTextIfExists, writeFileAtomic } from './atomic-file.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'maestro-atomic-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

test('replaces a file, with the mode that was asked for, and leaves nothing else behind', async (t) => {
  const home = await folder(t)
  const path = join(home, 'a.json')
  await writeFile(path, 'old')
  await writeFileAtomic(path, 'new', { mode: 0o600 })
  assert.equal(await readFile(path, 'utf8'), 'new')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(home), ['a.json'])
})

test('when the file cannot be replaced, the old one stays and no half of the new one', async (t) => {
  const home = await folder(t)
  const path = join(home, 'taken')
  await mkdir(join(path, 'inside'), { recursive: true })
  await assert.rejects(writeFileAtomic(path, 'new'))
  assert.deepEqual(await readdir(home), ['taken'])
})

test('readers see the old text or the new one, never a part', async (t) => {
  const path = join(await folder(t), 'a')
  const texts = ['a'.repeat(100_000), 'b'.repeat(100_000)]
  await writeFileAtomic(path, texts[0] ?? '')
  const done = new AbortController()
  const reader = (async () => {
    while (!done.signal.aborted) assert.ok(texts.includes(await readFile(path, 'utf8')))
  })()
  for (let n = 0; n < 30; n++) await writeFileAtomic(path, texts[n % 2] ?? '')
  done.abort()
  await reader
})

test('two writers at once leave one whole text', async (t) => {
  const path = join(await folder(t), 'a')
  const texts = Array.from({ length: 10 }, (_, n) => String(n).repeat(10_000))
  await Promise.all(texts.map((text) => writeFileAtomic(path, text)))
  assert.ok(texts.includes(await readFile(path, 'utf8')))
})

test('a missing file is undefined, an unreadable one is an error', async (t) => {
  const home = await folder(t)
  assert.equal(await readTextIfExists(join(home, 'none')), undefined)
  await assert.rejects(readTextIfExists(home))
})

test('a new folder is for its owner only', async (t) => {
  const path = join(await folder(t), 'deep', 'data')
  await createFolder(path)
  assert.equal((await stat(path)).mode & 0o777, 0o700)
})
