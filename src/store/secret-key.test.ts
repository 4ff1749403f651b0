import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createKey, findKey, keyPath } from './secret-key.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'maestro-key-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

test('makes a key file that only its owner can read, and finds it again', async (t) => {
  const dataDir = await folder(t)
  assert.equal(await findKey(dataDir, undefined), undefined)
  const key = await createKey(dataDir)
  assert.equal(key.bytes.length, 32)
  assert.equal((await stat(keyPath(dataDir))).mode & 0o777, 0o600)
  assert.deepEqual(await findKey(dataDir, undefined), key)
})

test('of two that make it at once, both get the same key', async (t) => {
  const dataDir = await folder(t)
  const [a, b] = await Promise.all([createKey(dataDir), createKey(dataDir)])
  assert.deepEqual(a, b)
})

test('refuses a key file that others can read, and says how to repair it', async (t) => {
  const dataDir = await folder(t)
  await createKey(dataDir)
  for (const mode of [0o640, 0o604, 0o660]) {
    await chmod(keyPath(dataDir), mode)
    await assert.rejects(findKey(dataDir, undefined), { code: 'forbidden', hint: `run: chmod 600 ${keyPath(dataDir)}` })
  }
})

test('names a key that is cut off and does not overwrite it', async (t) => {
  const dataDir = await folder(t)
  await writeFile(keyPath(dataDir), 'c2hvcnQ=\n', { mode: 0o600 })
  await assert.rejects(findKey(dataDir, undefined), {
    code: 'invalid_input',
    message: /holds 5 bytes; a key is 32 bytes/,
  })
  assert.equal(await readFile(keyPath(dataDir), 'utf8'), 'c2hvcnQ=\n')
})

test('takes the key of the environment before the file, and does not show it in an error', async (t) => {
  const dataDir = await folder(t)
  await createKey(dataDir)
  const key = await findKey(dataDir, Buffer.alloc(32, 1).toString('base64'))
  assert.deepEqual(key, { bytes: new Uint8Array(32).fill(1), source: 'MAESTRO_SECRET_KEY' })
  await assert.rejects(
    findKey(dataDir, 'canary'),
    (error: Error) => !error.message.includes('canary') && /MAESTRO_SECRET_KEY/.test(error.message),
  )
})
