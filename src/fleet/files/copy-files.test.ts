import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { createRandom } from '#src/core/testing/random.ts'
import { briefOfCopy } from './tools.ts'
import type { CopyResult, ReadResult, WriteResult } from './shapes.ts'
import { type FileBench, openFileBench } from './testing/file-bench.ts'

const sha = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const copy = (bench: FileBench, from: string, to: string, more: object = {}, ctx = {}) =>
  bench.call<CopyResult>('maestro_copy', { from: { path: from }, to: { path: to }, ...more }, ctx)

async function tree(t: TestContext) {
  const bench = await openFileBench(t, { isRooted: true })
  const { dir, outside } = bench
  await mkdir(join(dir, 'tree/deep/empty'), { recursive: true })
  await writeFile(join(dir, 'tree/a'), 'a')
  await writeFile(join(dir, 'tree/deep/b'), 'bb')
  await chmod(join(dir, 'tree/deep/b'), 0o4755)
  await writeFile(join(outside, 'secret'), 'secret')
  await symlink('../a', join(dir, 'tree/deep/inside'))
  await symlink('../../../outside/secret', join(dir, 'tree/deep/out'))
  await symlink(outside, join(dir, 'tree/absolute'))
  return bench
}

describe('copying', { concurrency: 4 }, () => {
  test('one file, its sum in a reply below 200 bytes', async (t) => {
    const bench = await openFileBench(t)
    const bytes = randomBytes(3_000_000)
    await writeFile(join(bench.dir, 'f'), bytes)
    await chmod(join(bench.dir, 'f'), 0o750)
    const result = await copy(bench, 'f', 'new/folder/g', { verify: true })
    assert.deepEqual([result.files, result.bytes, result.sha256], [1, bytes.length, sha(bytes)])
    assert.deepEqual(await readFile(join(bench.dir, 'new/folder/g')), bytes)
    assert.equal((await stat(join(bench.dir, 'new/folder/g'))).mode & 0o777, 0o750)
    assert.ok(JSON.stringify({ ...result, bytes: 999_999_999_999, skipped: 100_000 }).length < 200)
    assert.ok(briefOfCopy({ ...result, bytes: 999_999_999_999, skipped: 100_000 }).length < 200)
  })

  test('into a folder that exists, under its own name, as upload and download do', async (t) => {
    const bench = await openFileBench(t)
    await mkdir(join(bench.dir, 'd'))
    await writeFile(join(bench.dir, 'f'), 'x')
    await copy(bench, 'f', 'd')
    assert.deepEqual(await readdir(join(bench.dir, 'd')), ['f'])
    await bench.call('maestro_upload', { host: 'local', local_path: 'f', remote_path: 'up' })
    await bench.call('maestro_download', { host: 'local', remote_path: 'up', local_path: 'down' })
    assert.equal(await readFile(join(bench.dir, 'down'), 'utf8'), 'x')
  })

  test('a folder with all that is in it; links out of it are skipped, bits of other users dropped', async (t) => {
    const bench = await tree(t)
    const copied = join(bench.dir, 'copy')
    const result = await copy(bench, 'tree', 'copy', { recursive: true })
    assert.deepEqual([result.files, result.bytes, result.skipped], [3, 3, 2])
    assert.deepEqual((await readdir(copied, { recursive: true })).sort(), [
      'a',
      'deep',
      'deep/b',
      'deep/empty',
      'deep/inside',
    ])
    assert.equal(await readlink(join(copied, 'deep/inside')), '../a')
    assert.equal((await lstat(join(copied, 'deep/b'))).mode & 0o7777, 0o755)
    await assert.rejects(copy(bench, 'tree', 'other'), { code: 'invalid_input', hint: /recursive/ })
    await assert.rejects(copy(bench, 'tree', 'tree/deep/x', { recursive: true }), {
      code: 'invalid_input',
      message: /lies within/,
    })
    await assert.rejects(copy(bench, 'tree/a', 'tree/a'), { code: 'invalid_input', message: /the same/ })
  })

  test('overwrite: false leaves what exists, and says what was copied before', async (t) => {
    const bench = await tree(t)
    await mkdir(join(bench.dir, 'box/tree/deep'), { recursive: true })
    await writeFile(join(bench.dir, 'box/tree/deep/b'), 'mine')
    await assert.rejects(
      copy(bench, 'tree', 'box', { recursive: true, overwrite: false }),
      (error: { code: string; details: Record<string, unknown> }) => {
        assert.deepEqual([error.code, error.details['copied_files'], error.details['executed']], ['conflict', 1, 'yes'])
        return true
      },
    )
    assert.equal(await readFile(join(bench.dir, 'box/tree/deep/b'), 'utf8'), 'mine')
    await copy(bench, 'tree', 'box', { recursive: true })
    assert.equal(await readFile(join(bench.dir, 'box/tree/deep/b'), 'utf8'), 'bb')
  })

  test('a link at the target is never written through', async (t) => {
    const bench = await tree(t)
    await mkdir(join(bench.dir, 'to'))
    await symlink(join(bench.outside, 'secret'), join(bench.dir, 'to/a'))
    await assert.rejects(copy(bench, 'tree/a', 'to'), { code: 'forbidden' })
    await mkdir(join(bench.dir, 'into/tree'), { recursive: true })
    await symlink(bench.outside, join(bench.dir, 'into/tree/deep'))
    await assert.rejects(copy(bench, 'tree', 'into', { recursive: true }))
    assert.deepEqual(await readdir(bench.outside), ['secret'])
    assert.equal(await readFile(join(bench.outside, 'secret'), 'utf8'), 'secret')
  })

  test('a caller who goes away leaves no half file, and progress is told on the way', async (t) => {
    const bench = await openFileBench(t)
    await writeFile(join(bench.dir, 'f'), '')
    await truncate(join(bench.dir, 'f'), 3_000_000_000)
    const gone = new AbortController()
    const copying = copy(
      bench,
      'f',
      'g',
      {},
      {
        signal: gone.signal,
        progress: (note: { done?: number; total?: number }) => {
          assert.ok((note.done ?? 0) > 0 && note.total === 3_000_000_000)
          gone.abort(new Error('gone'))
        },
      },
    )
    await assert.rejects(copying, /gone/)
    assert.deepEqual(await readdir(bench.dir), ['f'])
  })
})

/** All sizes, most of them small: in full with MAESTRO_TEST_FULL. */
const rounds = process.env['MAESTRO_TEST_FULL'] === undefined ? 25 : 1_000

test(`${rounds} random files go around by write, copy and read, their sums equal`, async (t) => {
  const bench = await openFileBench(t)
  const random = createRandom(7)
  for (let round = 0; round < rounds; round++) {
    const size = round === 0 ? 0 : Math.floor(8 * 1024 * 1024 * random() ** 6)
    const bytes = randomBytes(size)
    const written = await bench.call<WriteResult>('maestro_write', {
      path: `w${round % 7}`,
      content: bytes.toString('base64'),
      encoding: 'base64',
    })
    assert.equal(written.sha256, sha(bytes))
    const copied = await copy(bench, `w${round % 7}`, `c${round % 7}`)
    assert.equal(copied.sha256, written.sha256)
    const parts: Buffer[] = []
    for (let start: number | undefined = 0; start !== undefined;) {
      const part: ReadResult = await bench.call('maestro_read', {
        path: `c${round % 7}`,
        encoding: 'base64',
        byte_range: { start },
        max_output_bytes: 1024 * 1024,
      })
      assert.equal(part.sha256, written.sha256)
      parts.push(Buffer.from(part.text, 'base64'))
      start = part.next_byte
    }
    assert.equal(sha(Buffer.concat(parts)), written.sha256)
  }
})
