import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import type { FindResult } from './shapes.ts'
import { openFileBench } from './testing/file-bench.ts'

async function open(t: TestContext, secrets: readonly string[] = []) {
  const bench = await openFileBench(t, { secrets, isRooted: true })
  for (const [path, content] of Object.entries({
    'a.txt': 'alpha\nbeta\n',
    'src/b.ts': 'const beta = 1\n',
    'src/deep/c.ts': 'let x\nbeta()\nbeta()\n',
    'src/deep/d.md': 'nothing',
  })) {
    await mkdir(join(bench.dir, path, '..'), { recursive: true })
    await writeFile(join(bench.dir, path), content)
  }
  return {
    ...bench,
    find: (input: object = {}, ctx: object = {}) => bench.call<FindResult>('maestro_find', input, ctx),
  }
}

const paths = (found: FindResult) => (found.entries ?? found.matches ?? []).map(({ path }) => path)

describe('finding', { concurrency: 4 }, () => {
  test('lists all below a folder, its own things first, sorted', async (t) => {
    const bench = await open(t)
    const found = await bench.find()
    assert.deepEqual(paths(found), ['a.txt', 'src', 'src/b.ts', 'src/deep', 'src/deep/c.ts', 'src/deep/d.md'])
    assert.deepEqual([found.path, found.truncated, found.looked_at], [bench.dir, false, 6])
    assert.deepEqual(found.entries?.[1]?.type, 'folder')
  })

  test('by name, by type, by path below the folder', async (t) => {
    const bench = await open(t)
    assert.deepEqual(paths(await bench.find({ name: '*.ts' })), ['src/b.ts', 'src/deep/c.ts'])
    assert.deepEqual(paths(await bench.find({ name: 'src/*.ts' })), ['src/b.ts'])
    assert.deepEqual(paths(await bench.find({ type: 'folder' })), ['src', 'src/deep'])
    assert.deepEqual(paths(await bench.find({ path: 'src', name: 'deep/**', type: 'file' })), [
      'deep/c.ts',
      'deep/d.md',
    ])
    assert.deepEqual(paths(await bench.find({ path: 'a.txt' })), ['a.txt'])
  })

  test('by content, with line numbers; binary files and folders aside', async (t) => {
    const bench = await open(t, ['topsecretvalue'])
    await writeFile(join(bench.dir, 'bin'), Buffer.from('beta\0beta'))
    await writeFile(join(bench.dir, 'key'), 'beta=topsecretvalue\n')
    const found = await bench.find({ content: '^(let )?beta' })
    assert.deepEqual(found.matches, [
      { path: 'a.txt', line: 2, text: 'beta' },
      { path: 'key', line: 1, text: 'beta=[redacted]' },
      { path: 'src/deep/c.ts', line: 2, text: 'beta()' },
      { path: 'src/deep/c.ts', line: 3, text: 'beta()' },
    ])
    assert.deepEqual(paths(await bench.find({ content: 'beta', name: '*.ts', max: 2 })), ['src/b.ts', 'src/deep/c.ts'])
  })

  test('says when it stopped early, and why', async (t) => {
    const bench = await open(t)
    const some = await bench.find({ max: 2 })
    assert.deepEqual([paths(some), some.truncated, some.stopped], [['a.txt', 'src'], true, 'max'])
    const none = await bench.find({ timeout_s: 0.000_001 })
    assert.deepEqual([none.truncated, none.stopped], [true, 'time'])
  })

  test('does not follow links, and passes over what cannot be read and says so', async (t) => {
    const bench = await open(t)
    await symlink(bench.outside, join(bench.dir, 'src/link'))
    await symlink('..', join(bench.dir, 'src/up'))
    await writeFile(join(bench.outside, 'x'), 'beta')
    spawnSync('sh', ['-c', `touch "$(printf '${join(bench.dir, 'bad')}\\377')"`])
    await truncate(join(bench.dir, 'a.txt'), 65 * 1024 * 1024)
    const found = await bench.find({ content: 'beta' })
    assert.ok(paths(found).every((path) => path.startsWith('src/') && !path.includes('link') && !path.includes('up')))
    assert.deepEqual(found.skipped?.map(({ reason }) => reason).sort(), [
      `has ${65 * 1024 * 1024} bytes; at most ${64 * 1024 * 1024} are searched`,
      'its name is not UTF-8',
    ])
    const links = await bench.find({ type: 'link' })
    assert.deepEqual(paths(links), ['src/link', 'src/up'])
  })

  test('a pattern that takes for ever is ended; a caller who goes away ends the search', async (t) => {
    const bench = await open(t)
    await writeFile(join(bench.dir, 'bad'), `${'a'.repeat(60)}!\n`)
    await assert.rejects(bench.find({ content: '(a+)+$' }), { code: 'limit_exceeded' })
    await assert.rejects(bench.find({}, { signal: AbortSignal.abort(new Error('gone')) }), /gone/)
  })

  test('a missing folder and a bad pattern are errors', async (t) => {
    const bench = await open(t)
    await assert.rejects(bench.find({ path: 'none' }), { code: 'not_found' })
    await assert.rejects(bench.find({ content: '(' }), { code: 'invalid_input' })
  })
})
