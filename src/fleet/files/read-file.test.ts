import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { spawnSync } from 'node:child_process'
import type { ReadResult } from './shapes.ts'
import { openFileBench } from './testing/file-bench.ts'

const sha = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')

async function withFile(t: TestContext, content: string | Uint8Array, secrets: readonly string[] = []) {
  const bench = await openFileBench(t, { secrets })
  await writeFile(join(bench.dir, 'f'), content)
  return {
    ...bench,
    read: (input: Record<string, unknown> = {}) => bench.call<ReadResult>('maestro_read', { path: 'f', ...input }),
  }
}

const hundred = Array.from({ length: 100 }, (_, i) => `line ${i + 1}\n`).join('')

describe('reading', { concurrency: 4 }, () => {
  test('gives the whole of a small file with its sum, size and time', async (t) => {
    const bench = await withFile(t, 'héllo\nworld')
    const { mtime, ...rest } = await bench.read()
    assert.deepEqual(rest, {
      host: 'local',
      path: join(bench.dir, 'f'),
      text: 'héllo\nworld',
      encoding: 'text',
      sha256: sha('héllo\nworld'),
      size: 12,
      eof: true,
      truncated: false,
      first_line: 1,
      last_line: 2,
    })
    assert.ok(Math.abs(mtime - Date.now()) < 60_000)
  })

  test('an empty file is empty, not an error', async (t) => {
    const bench = await withFile(t, '')
    const { text, eof, size } = await bench.read()
    assert.deepEqual([text, eof, size], ['', true, 0])
  })

  test('head, tail, and lines from one on, each saying how to go on', async (t) => {
    const bench = await withFile(t, hundred)
    const head = await bench.read({ head: 2 })
    assert.deepEqual([head.text, head.eof, head.next_line, head.truncated], ['line 1\nline 2\n', false, 3, false])
    const tail = await bench.read({ tail: 2 })
    assert.deepEqual([tail.text, tail.eof, tail.truncated], ['line 99\nline 100\n', true, false])
    const part = await bench.read({ offset_line: 50, limit: 2 })
    assert.deepEqual([part.text, part.first_line, part.last_line, part.next_line], ['line 50\nline 51\n', 50, 51, 52])
    const past = await bench.read({ offset_line: 500 })
    assert.deepEqual([past.text, past.eof], ['', true])
    assert.equal((await bench.read({ tail: 1_000 })).text, hundred)
    assert.equal((await bench.read({ head: 100 })).eof, true)
  })

  test('a tail without a line end at the end of the file', async (t) => {
    const bench = await withFile(t, 'a\nb\nc')
    assert.equal((await bench.read({ tail: 1 })).text, 'c')
    assert.equal((await bench.read({ tail: 2 })).text, 'b\nc')
    assert.equal((await bench.read({ tail: 3 })).text, 'a\nb\nc')
  })

  test('head: 0 and unclear selections are refused, every problem at once', async (t) => {
    const bench = await withFile(t, hundred)
    await assert.rejects(bench.read({ head: 0 }), { code: 'invalid_input', message: /head/ })
    await assert.rejects(
      bench.read({ tail: 0, max_output_bytes: 1 }),
      (error: { issues: unknown[] }) => error.issues.length === 2,
    )
    await assert.rejects(
      bench.read({ head: 1, tail: 1, encoding: 'base64' }),
      (error: { code: string; issues: unknown[] }) => {
        assert.deepEqual([error.code, error.issues.length], ['invalid_input', 2])
        return true
      },
    )
    await assert.rejects(bench.read({ heads: 1 }), { code: 'invalid_input', message: /heads/ })
  })

  test('cuts between lines, and paging by next_line gives everything', async (t) => {
    const bench = await withFile(t, hundred)
    let all = ''
    for (let line: number | undefined = 1; line !== undefined;) {
      const part: ReadResult = await bench.read({ offset_line: line, max_output_bytes: 100 })
      assert.ok(part.text.length <= 100 && part.text.endsWith('\n'))
      assert.equal(part.truncated, !part.eof)
      all += part.text
      line = part.next_line
    }
    assert.equal(all, hundred)
  })

  test('a tail that has no room is cut at its beginning', async (t) => {
    const bench = await withFile(t, hundred)
    const part = await bench.read({ tail: 50, max_output_bytes: 30 })
    assert.deepEqual([part.text, part.truncated, part.eof], ['line 98\nline 99\nline 100\n', true, true])
  })

  test('one long line without end is cut between characters, and bytes go on from there', async (t) => {
    const long = '€'.repeat(10_000)
    const bench = await withFile(t, long)
    let all = ''
    let part: ReadResult = await bench.read({ max_output_bytes: 1_000 })
    assert.deepEqual([part.truncated, part.text], [true, '€'.repeat(333)])
    all += part.text
    while (part.next_byte !== undefined) {
      part = await bench.read({ byte_range: { start: part.next_byte }, max_output_bytes: 1_000 })
      assert.ok(!part.text.includes('\ufffd'))
      all += part.text
    }
    assert.equal(all, long)
    assert.equal((await bench.read({ tail: 1, max_output_bytes: 100 })).text, '€'.repeat(33))
  })

  test('a range that begins and ends within characters shows the whole ones in it', async (t) => {
    const bench = await withFile(t, 'a€b😀c')
    const part = await bench.read({ byte_range: { start: 2, end: 7 } })
    assert.equal(part.text, 'b')
    assert.equal(part.next_byte, 5)
    assert.equal((await bench.read({ byte_range: { start: 5 } })).text, '😀c')
    assert.equal((await bench.read({ byte_range: { start: 500 } })).eof, true)
  })

  test('a binary file is refused as text, and whole as base64, also in parts', async (t) => {
    const bytes = randomBytes(5_000)
    bytes[10] = 0
    const bench = await withFile(t, bytes)
    await assert.rejects(bench.read(), { code: 'invalid_input', message: /NUL/, hint: /base64/ })
    const whole = await bench.read({ encoding: 'base64' })
    assert.deepEqual(Buffer.from(whole.text, 'base64'), bytes)
    const parts: Buffer[] = []
    for (let start: number | undefined = 0; start !== undefined;) {
      const part: ReadResult = await bench.read({ encoding: 'base64', byte_range: { start }, max_output_bytes: 1_000 })
      assert.ok(part.text.length <= 1_000)
      parts.push(Buffer.from(part.text, 'base64'))
      start = part.next_byte
    }
    assert.deepEqual(Buffer.concat(parts), bytes)
  })

  test('bytes that are not UTF-8 are shown as such and said', async (t) => {
    const bench = await withFile(t, Buffer.from([0x61, 0xe9, 0x62, 10]))
    const part = await bench.read()
    assert.deepEqual([part.text, part.invalid_utf8], ['a\ufffdb\n', true])
  })

  test('match shows the lines that fit with their numbers', async (t) => {
    const bench = await withFile(t, hundred)
    const part = await bench.read({ match: 'line 1\\d$' })
    assert.deepEqual([part.text.split('\n').length, part.matches, part.text.slice(0, 12)], [11, 10, '10: line 10\n'])
    const plain = await bench.read({ match: 'line 7', head: 2 })
    assert.equal(plain.text, '7: line 7\n70: line 70\n')
    assert.equal((await bench.read({ match: '(?i)LINE 100' })).text, '100: line 100\n')
    assert.equal((await bench.read({ match: 'line', tail: 1 })).text, '100: line 100\n')
    assert.equal((await bench.read({ match: 'nothing' })).text, '')
    await assert.rejects(bench.read({ match: '(' }), { code: 'invalid_input', message: /regular expression/ })
  })

  test('a pattern that takes for ever is ended, and nothing else waits for it', async (t) => {
    const bench = await withFile(t, `${'a'.repeat(60)}!\n`)
    let ticks = 0
    const timer = setInterval(() => ticks++, 10)
    t.after(() => clearInterval(timer))
    await assert.rejects(bench.read({ match: '^(a+)+$' }), { code: 'limit_exceeded', message: /longer than/ })
    assert.ok(ticks > 50, `${ticks} ticks`)
  })

  test('a large file is paged without being held, its sum counted up to the limit', async (t) => {
    const bench = await withFile(t, '')
    const line = `${'x'.repeat(99)}\n`
    const content = line.repeat(200_000)
    await writeFile(join(bench.dir, 'f'), content)
    const part = await bench.read({ offset_line: 150_000, limit: 1 })
    assert.deepEqual([part.text, part.sha256, part.next_byte], [line, sha(content), 150_000 * 100])
    assert.equal((await bench.read({ tail: 2 })).text, line.repeat(2))
  })

  test('stored secrets are masked in text, and refused in base64', async (t) => {
    const bench = await withFile(t, 'user=me\npassword=hunter2hunter2\n', ['hunter2hunter2'])
    const part = await bench.read()
    assert.deepEqual([part.text, part.masked], ['user=me\npassword=[redacted]\n', true])
    await assert.rejects(bench.read({ encoding: 'base64' }), { code: 'forbidden', hint: /maestro_copy/ })
  })

  test('folders, pipes, devices and views of the kernel are refused with what would be right', async (t) => {
    const bench = await openFileBench(t)
    await mkdir(join(bench.dir, 'folder'))
    assert.equal(spawnSync('mkfifo', [join(bench.dir, 'pipe')]).status, 0)
    await symlink('/proc/self/environ', join(bench.dir, 'window'))
    const read = (path: string) => bench.call('maestro_read', { path })
    await assert.rejects(read('folder'), { code: 'invalid_input', message: /is a folder/, hint: /maestro_find/ })
    await assert.rejects(read('pipe'), { code: 'invalid_input', message: /named pipe/ })
    await assert.rejects(read('/dev/zero'), { code: 'invalid_input', message: /device/ })
    await assert.rejects(read('/proc/self/environ'), { code: 'forbidden', message: /kernel/, hint: /maestro_exec/ })
    await assert.rejects(read('window'), { code: 'forbidden' })
    await assert.rejects(read('none'), { code: 'not_found', message: /none" does not exist/ })
    await assert.rejects(read('folder/none/deep'), { code: 'not_found' })
  })

  test('names with dashes, line breaks, blanks and other scripts are names; NUL, ~name and bare relative paths are not', async (t) => {
    const bench = await openFileBench(t)
    for (const name of ['-rf', '--help', 'a\nb', ' ', '日本語 ünï', '$(touch x)', '%2e%2e', '․․', "it's"]) {
      await bench.call('maestro_write', { path: `./${name}`, content: name })
      assert.equal((await bench.call<ReadResult>('maestro_read', { path: name })).text, name)
    }
    await bench.call('maestro_write', { path: '~/at-home', content: 'h' })
    assert.equal((await bench.call<ReadResult>('maestro_read', { path: join(bench.home, 'at-home') })).text, 'h')
    const read = (path: string, extra = {}) => bench.call('maestro_read', { path }, extra)
    await assert.rejects(read('a\0b'), { code: 'invalid_input', message: /NUL/ })
    await assert.rejects(read('~root/x'), { code: 'invalid_input', message: /another user/ })
    await assert.rejects(read(`/${'x'.repeat(300)}`), { code: 'invalid_input', message: /too long/ })
    await assert.rejects(bench.host.files.resolve('here'), { code: 'invalid_input', message: /relative/, hint: /~\// })
  })

  test('an unknown host is refused with those there are', async (t) => {
    const bench = await openFileBench(t)
    await assert.rejects(bench.call('maestro_read', { host: 'mars', path: '/x' }), {
      code: 'not_found',
      message: /local/,
    })
  })
})
