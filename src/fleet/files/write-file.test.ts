import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, link, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { redacted } from '#src/core/index.ts'
import type { EditResult, ReadResult, WriteResult } from './shapes.ts'
import { type FileBench, openFileBench } from './testing/file-bench.ts'

const sha = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const write = (bench: FileBench, input: Record<string, unknown>) =>
  bench.call<WriteResult>('maestro_write', { path: 'f', ...input })

describe('writing', { concurrency: 4 }, () => {
  test('makes a file and the folders to it, and says what it was before', async (t) => {
    const bench = await openFileBench(t)
    const made = await write(bench, { path: 'a/b/f', content: 'one' })
    assert.deepEqual(made, {
      host: 'local',
      path: join(bench.dir, 'a/b/f'),
      bytes: 3,
      sha256: sha('one'),
      previous_sha256: null,
      created: true,
    })
    const again = await write(bench, { path: 'a/b/f', content: 'two' })
    assert.deepEqual([again.previous_sha256, again.created], [sha('one'), false])
    assert.deepEqual(await readdir(join(bench.dir, 'a/b')), ['f'])
    await assert.rejects(write(bench, { path: 'none/f', content: '', create_dirs: false }), { code: 'not_found' })
  })

  test('keeps mode and owner of what it replaces, and sets a mode when told', async (t) => {
    const bench = await openFileBench(t)
    const file = join(bench.dir, 'f')
    await writeFile(file, 'old')
    await chmod(file, 0o640)
    if (process.getuid?.() === 0) await chown(file, 1_234, 2_345)
    const before = await stat(file)
    await write(bench, { content: 'new' })
    const after = await stat(file)
    assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid])
    await write(bench, { content: 'new', mode: '0600' })
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    await assert.rejects(write(bench, { content: '', mode: '999' }), { code: 'invalid_input', message: /octal/ })
  })

  test('another sum than expected changes nothing and names both', async (t) => {
    const bench = await openFileBench(t)
    await write(bench, { content: 'one' })
    const wrong = sha('something else')
    await assert.rejects(
      write(bench, { content: 'two', expected_sha256: wrong }),
      (error: { code: string; details: object }) => {
        assert.deepEqual(
          [error.code, error.details],
          [
            'conflict',
            {
              kind: 'CONFLICT',
              reason: 'sha256_mismatch',
              expected_sha256: wrong,
              actual_sha256: sha('one'),
              executed: 'no',
            },
          ],
        )
        return true
      },
    )
    await assert.rejects(write(bench, { path: 'none', content: '', expected_sha256: wrong }), { code: 'conflict' })
    assert.equal(await readFile(join(bench.dir, 'f'), 'utf8'), 'one')
    await write(bench, { content: 'two', expected_sha256: sha('one') })
  })

  test('of twenty writers that expect the same content one wins', async (t) => {
    const bench = await openFileBench(t)
    await write(bench, { content: 'start' })
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => write(bench, { content: `w${i}`, expected_sha256: sha('start') })),
    )
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  test('appends, all twenty of twenty at once', async (t) => {
    const bench = await openFileBench(t)
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(bench, { content: `line ${i}\n`, append: true })))
    const lines = (await readFile(join(bench.dir, 'f'), 'utf8')).trimEnd().split('\n')
    assert.equal(new Set(lines).size, 20)
    await truncate(join(bench.dir, 'f'), 20 * 1024 * 1024)
    await assert.rejects(write(bench, { content: 'x', append: true }), { code: 'limit_exceeded', hint: /maestro_exec/ })
  })

  test('takes base64, and refuses what is none', async (t) => {
    const bench = await openFileBench(t)
    const bytes = randomBytes(1_000)
    await write(bench, { content: bytes.toString('base64'), encoding: 'base64' })
    assert.deepEqual(await readFile(join(bench.dir, 'f')), bytes)
    await assert.rejects(write(bench, { content: 'not base64!', encoding: 'base64' }), { code: 'invalid_input' })
  })

  test('goes through a link to the file it points to', async (t) => {
    const bench = await openFileBench(t)
    await writeFile(join(bench.dir, 'target'), 'old')
    await symlink('target', join(bench.dir, 'f'))
    assert.equal((await write(bench, { content: 'new' })).path, join(bench.dir, 'target'))
    assert.equal(await readFile(join(bench.dir, 'target'), 'utf8'), 'new')
  })

  test('refuses a folder, and one name of a ring of links', async (t) => {
    const bench = await openFileBench(t)
    await mkdir(join(bench.dir, 'folder'))
    await symlink('b', join(bench.dir, 'a'))
    await symlink('a', join(bench.dir, 'b'))
    await assert.rejects(write(bench, { path: 'folder', content: '' }), { code: 'invalid_input', message: /folder/ })
    await assert.rejects(write(bench, { path: 'a', content: '' }), { code: 'invalid_input', message: /40/ })
  })

  test('a hard link elsewhere keeps the old content', async (t) => {
    const bench = await openFileBench(t)
    await writeFile(join(bench.outside, 'f'), 'theirs')
    await link(join(bench.outside, 'f'), join(bench.dir, 'f'))
    await write(bench, { content: 'mine' })
    assert.equal(await readFile(join(bench.outside, 'f'), 'utf8'), 'theirs')
  })

  test('a call whose path was judged as another is refused', async (t) => {
    const bench = await openFileBench(t)
    await assert.rejects(
      bench.call('maestro_write', { path: 'f', content: '' }, { subject: [`path:local:${bench.dir}/g`] }),
      { code: 'conflict', message: /no longer what it was/ },
    )
    assert.deepEqual(await readdir(bench.dir), [])
  })

  test('masked text is not written over the secret it stands for', async (t) => {
    const bench = await openFileBench(t, { secrets: ['hunter2hunter2'] })
    const file = join(bench.dir, 'f')
    await writeFile(file, 'user=me\npassword=hunter2hunter2\n')
    const { text } = await bench.call<ReadResult>('maestro_read', { path: 'f' })
    await assert.rejects(write(bench, { content: text }), { code: 'conflict', message: /destroy the secret/ })
    const edit = (from: string, to: string) =>
      bench.call<EditResult>('maestro_edit', { path: 'f', edits: [{ old: from, new: to }] })
    await assert.rejects(edit('user=me\n', `user=me\nother=${redacted}\n`), { code: 'conflict' })
    await assert.rejects(edit(`password=${redacted}`, 'password=x'), {
      code: 'conflict',
      message: /stands for a secret/,
    })
    assert.equal(await readFile(file, 'utf8'), 'user=me\npassword=hunter2hunter2\n')
    const { diff } = await edit('user=me', 'user=you')
    assert.ok(diff.includes('+user=you') && !diff.includes('hunter2'))
    assert.equal(await readFile(file, 'utf8'), 'user=you\npassword=hunter2hunter2\n')
    // A file that only speaks of the mark is an ordinary file.
    await write(bench, { path: 'doc', content: `we show ${redacted}` })
    await write(bench, { path: 'doc', content: `we show ${redacted} always` })
  })

  test('a closed folder is neither read nor written', async (t) => {
    const bench = await openFileBench(t, { closed: 'private' })
    await mkdir(join(bench.dir, 'private'))
    await writeFile(join(bench.dir, 'private/key'), 'k')
    await symlink('private/key', join(bench.dir, 'l'))
    for (const path of ['private/key', 'l', 'private/new', 'x/../private/key']) {
      await assert.rejects(bench.call('maestro_read', { path }), { code: 'forbidden', message: /closed/ })
      await assert.rejects(write(bench, { path, content: '' }), { code: 'forbidden' })
    }
  })
})

test('a writer killed at any moment leaves the old content or a new one, whole', async (t) => {
  const bench = await openFileBench(t)
  const file = join(bench.dir, 'f')
  const size = 3_000_000
  await writeFile(file, 'a'.repeat(size))
  let changes = 0
  for (let round = 0; round < 6; round++) {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('testing/write-child.ts', import.meta.url)), file, String(size)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, round * 15))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const content = await readFile(file, 'utf8')
    assert.equal(content.length, size)
    assert.equal(content, (content[0] ?? '').repeat(size))
    if (!content.startsWith('a')) changes++
  }
  assert.ok(changes > 0)
})

describe('editing', { concurrency: 4 }, () => {
  const open = async (t: Parameters<typeof openFileBench>[0], content: string) => {
    const bench = await openFileBench(t)
    const file = join(bench.dir, 'f')
    await writeFile(file, content)
    return {
      ...bench,
      text: () => readFile(file, 'utf8'),
      edit: (edits: object[], more: object = {}) =>
        bench.call<EditResult>('maestro_edit', { path: 'f', edits, ...more }),
    }
  }

  test('replaces, shows the unified diff and both sums', async (t) => {
    const bench = await open(t, 'one\ntwo\nthree\n')
    const result = await bench.edit([{ old: 'two', new: '2' }])
    assert.equal(await bench.text(), 'one\n2\nthree\n')
    assert.ok(result.diff.includes('@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n'), result.diff)
    assert.deepEqual(
      [result.sha256, result.previous_sha256, result.replacements, result.written],
      [sha('one\n2\nthree\n'), sha('one\ntwo\nthree\n'), 1, true],
    )
  })

  test('all edits or none, one building on the other; dry_run writes nothing', async (t) => {
    const bench = await open(t, 'a\nb\n')
    await assert.rejects(
      bench.edit([
        { old: 'a', new: 'x' },
        { old: 'c', new: 'y' },
      ]),
      { code: 'conflict', message: /edits\.1\.old is not there/ },
    )
    assert.equal(await bench.text(), 'a\nb\n')
    assert.equal(
      (
        await bench.edit(
          [
            { old: 'a', new: 'c' },
            { old: 'c\nb', new: 'd' },
          ],
          { dry_run: true },
        )
      ).written,
      false,
    )
    assert.equal(await bench.text(), 'a\nb\n')
  })

  test('a text that is there twice names its lines; all takes every place', async (t) => {
    const bench = await open(t, 'x\ny\nx\n$& x\n')
    await assert.rejects(bench.edit([{ old: 'x', new: 'z' }]), {
      code: 'conflict',
      message: /3 times, on lines 1, 3, 4/,
    })
    assert.equal((await bench.edit([{ old: 'x', new: '$&', all: true }])).replacements, 3)
    assert.equal(await bench.text(), '$&\ny\n$&\n$& $&\n')
  })

  test('a text that is nearly there says where', async (t) => {
    const bench = await open(t, 'function a() {\n\treturn 1\n}\n')
    await assert.rejects(bench.edit([{ old: '  return 1', new: 'x' }]), { message: /is on line 2, so white space/ })
  })

  test('line ends of the file are kept', async (t) => {
    const bench = await open(t, 'a\r\nb\r\nc\r\n')
    await bench.edit([{ old: 'a\nb', new: 'x\ny' }])
    assert.equal(await bench.text(), 'x\r\ny\r\nc\r\n')
  })

  test('a file of another sum, a missing one, a binary one and one too large are refused', async (t) => {
    const bench = await open(t, 'a')
    await assert.rejects(bench.edit([{ old: 'a', new: 'b' }], { expected_sha256: sha('z') }), { code: 'conflict' })
    await assert.rejects(bench.edit([{ old: 'a', new: 'a' }]), { code: 'invalid_input' })
    await assert.rejects(bench.edit([{ old: 'a', new: 'b' }], { path: 'none' }), { code: 'not_found' })
    await writeFile(join(bench.dir, 'f'), Buffer.from([0xff, 0x61]))
    await assert.rejects(bench.edit([{ old: 'a', new: 'b' }]), { code: 'invalid_input', message: /UTF-8/ })
    await truncate(join(bench.dir, 'f'), 20 * 1024 * 1024)
    await assert.rejects(bench.edit([{ old: 'a', new: 'b' }]), { code: 'limit_exceeded', hint: /byte_range/ })
  })

  test('a change by someone else in between is found', async (t) => {
    const bench = await open(t, 'a\n')
    const { files } = bench.host
    const file = join(bench.dir, 'f')
    const facts = await files.facts(file)
    assert.ok(facts)
    await using replacement = await files.replace(file, { createFolders: false, expected: facts })
    await replacement.write(Buffer.from('ours'))
    await writeFile(file, 'theirs')
    await assert.rejects(replacement.commit(), { code: 'conflict', message: /someone else/ })
    assert.equal(await bench.text(), 'theirs')
  })
})
