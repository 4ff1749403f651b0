import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { createDisk } from './disk.ts'

const MB = 2 ** 20

test('refuses new work below the reserve and accepts it again when there is room', async () => {
  let free = 300 * MB
  const disk = createDisk('/data', 256, async () => free)
  await disk.assertSpace()
  free = 255 * MB
  await assert.rejects(disk.assertSpace(), {
    code: 'storage_full',
    message: /only 255 MB are free on the disk of \/data; the reserve is 256 MB/,
  })
  free = 256 * MB
  await disk.assertSpace()
})

test('measures the real disk', async () => {
  assert.ok((await createDisk(tmpdir(), 0).freeBytes()) > 0)
})
