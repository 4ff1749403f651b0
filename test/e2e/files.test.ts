// File tools and older names on the real server, as MCP clients meet them.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { MadeToken } from '#src/auth/contract.ts'
import { modernClient } from '../harness/mcp.ts'
import { startServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let base: string
let root: string
let token: string

before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'maestro-e2e-files-')))
  root = join(base, 'root')
  await mkdir(root)
  await writeFile(join(base, 'outside'), 'outside')
  await symlink(join(base, 'outside'), join(root, 'link'))
  server = await startServer({
    auth: true,
    keepPort: true,
    env: { MAESTRO_READ_ROOTS: `${root}:~`, MAESTRO_WRITE_ROOTS: root },
  })
  token = (await server.api<MadeToken>('POST', '/tokens', { name: 'files' })).token
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rm(base, { recursive: true, force: true })
})

interface Answer {
  readonly isError?: boolean
  readonly content: readonly { readonly text: string }[]
  readonly structuredContent: Record<string, unknown>
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

async function call(name: string, args: object): Promise<Answer> {
  const { ask } = modernClient(server.url, token)
  return (await ask('tools/call', { name, arguments: args })) as unknown as Answer
}

async function done(name: string, args: object): Promise<Record<string, unknown> & { text: string }> {
  const answer = await call(name, args)
  assert.notEqual(answer.isError, true, JSON.stringify(answer))
  return { ...answer.structuredContent, text: answer.content.map(({ text }) => text).join('') }
}

async function refused(name: string, args: object): Promise<Record<string, unknown>> {
  const answer = await call(name, args)
  assert.equal(answer.isError, true, JSON.stringify(answer))
  return answer.structuredContent['error'] as Record<string, unknown>
}

test('a file is written, read, edited, found and copied', async () => {
  const path = join(root, 'app/config.ini')
  const written = await done('maestro_write', { path, content: 'port = 80\n' })
  assert.equal(written['sha256'], sha('port = 80\n'))
  const read = await call('maestro_read', { path })
  assert.equal(read.structuredContent['text'], 'port = 80\n')
  assert.match(read.content[0]?.text ?? '', /^port = 80\n\[10 bytes; /)
  const edited = await done('maestro_edit', {
    path,
    edits: [{ old: '80', new: '8080' }],
    expected_sha256: written['sha256'],
  })
  assert.match(edited.text, /-port = 80\n\+port = 8080/)
  const found = await done('maestro_find', { path: root, name: '*.ini', content: 'port' })
  assert.match(found.text, /^app\/config\.ini:1: port = 8080\n/)
  for (const [tool, args] of [
    ['maestro_copy', { from: { path }, to: { path: join(root, 'a') } }],
    ['maestro_upload', { host: 'local', local_path: path, remote_path: join(root, 'b') }],
    ['maestro_download', { host: 'local', remote_path: path, local_path: join(root, 'c') }],
  ] as const) {
    const answer = await call(tool, args)
    assert.equal(answer.structuredContent['sha256'], sha('port = 8080\n'))
    assert.ok(JSON.stringify(answer.structuredContent).length < 200 && (answer.content[0]?.text.length ?? 999) < 200)
  }
  assert.deepEqual((await readdir(root)).sort(), ['a', 'app', 'b', 'c', 'link'])
})

test('refusals have the documented codes, and say that nothing was done', async () => {
  const outside = join(base, 'outside')
  for (const path of [outside, join(root, 'link'), `${root}/../outside`, '/etc/passwd', '/proc/self/environ']) {
    for (const [tool, args] of [
      ['maestro_read', { path }],
      ['maestro_write', { path, content: 'x' }],
      ['maestro_edit', { path, edits: [{ old: 'o', new: 'x' }] }],
    ] as const) {
      const error = await refused(tool, args)
      assert.deepEqual([error['code'], error['executed']], ['PATH_DENIED', 'no'], `${tool} ${path}`)
    }
  }
  assert.equal(await readFile(outside, 'utf8'), 'outside')
  await done('maestro_write', { path: join(root, 'f'), content: 'one' })
  const conflict = await refused('maestro_write', {
    path: join(root, 'f'),
    content: 'two',
    expected_sha256: sha('zero'),
  })
  assert.equal(conflict['code'], 'CONFLICT')
  assert.equal((conflict['details'] as Record<string, unknown>)['actual_sha256'], sha('one'))
  assert.equal((await refused('maestro_read', { path: join(root, 'none') }))['code'], 'NOT_FOUND')
  assert.equal((await refused('maestro_read', { path: join(root, 'f'), head: 0 }))['code'], 'INVALID')
  assert.equal((await refused('maestro_read', { path: 'relative' }))['code'], 'INVALID')
  assert.equal((await refused('maestro_read', { host: 'mars', path: '/x' }))['code'], 'HOST_UNKNOWN')
})

test("Maestro's own folder is closed, also where a root would open it", async () => {
  await chmod(server.dataDir, 0o700)
  for (const path of [join(server.dataDir, 'secret.key'), join(server.dataDir, 'new')]) {
    assert.equal((await refused('maestro_read', { path }))['code'], 'PATH_DENIED')
    assert.equal((await refused('maestro_write', { path, content: '' }))['code'], 'PATH_DENIED')
  }
})

test('every older name works with what it took, and answers as it did', async () => {
  assert.equal((await done('exec', { host: 'local', command: 'echo hello', cwd: null })).text, 'hello')
  assert.match(
    (await done('exec', { host: 'local', command: 'echo no >&2; exit 3' })).text,
    /^\[stderr\]\nno\n\[exit code: 3/,
  )
  assert.match((await done('script', { host: 'local', script: 'false\necho not here' })).text, /\[exit code: 1/)
  const path = join(root, 'older')
  assert.equal((await done('write', { host: 'local', path, content: 'a\nb\n' })).text, `[OK] wrote 4 bytes to ${path}`)
  assert.equal((await done('read', { host: 'local', path, head: 1, tail: null })).text, 'a\n')
  const upload = { host: 'local', direction: 'upload', local_path: path, remote_path: `${path}2` }
  assert.equal((await done('transfer', upload)).text, `[OK] upload ${path} -> local:${path}2`)
  const status = JSON.parse((await done('status', {})).text) as { total: number; hosts: Record<string, unknown> }
  assert.deepEqual([status.total, Object.keys(status.hosts)], [1, ['local']])

  const background = JSON.parse(
    (await done('maestro_bg', { host: 'local', command: 'seq 1 100; sleep 0.5; echo end' })).text,
  ) as { task_id: string; status: string }
  assert.equal(background.status, 'running')
  const { task_id } = background
  let polled = await done('poll', { task_id })
  for (; polled['status'] === 'running'; polled = await done('poll', { task_id })) {
    assert.equal((JSON.parse(polled.text) as { status: string }).status, 'running')
  }
  assert.match(polled.text, /^1\n2\n[\s\S]*100\nend$/)
  const log = JSON.parse((await done('maestro_bg_log', { task_id, tail: 2 })).text) as Record<string, unknown>
  assert.deepEqual(log, { status: 'done', total_lines: 101, showing_last: 2, log: '100\nend' })
  const lines = await done('read_output', { file_path: task_id, start_line: 98, max_lines: 2 })
  assert.deepEqual([lines['content'], lines['has_more'], lines['total_lines']], ['99\n100', true, 101])
  assert.equal((await refused('poll', { task_id: `command_${'0'.repeat(26)}` }))['code'], 'NOT_FOUND')
})

test('a rule about a tool holds for its older name', async () => {
  const rule = await server.api<{ id: string }>('POST', '/rules', { effect: 'deny', tool: 'maestro_write' })
  try {
    const direct = await refused('maestro_write', { path: join(root, 'ruled'), content: '' })
    const older = await refused('write', { host: 'local', path: join(root, 'ruled'), content: '' })
    assert.deepEqual([direct['code'], older['code']], ['POLICY_DENIED', 'POLICY_DENIED'])
  } finally {
    await server.api('DELETE', `/rules/${rule.id}`)
  }
})

test('the server killed in the middle of writes leaves each file old or new, whole', async () => {
  const size = 1_500_000
  const path = join(root, 'killed')
  await done('maestro_write', { path, content: '0'.repeat(size) })
  for (let round = 1; round <= 4; round++) {
    const writing = Promise.allSettled(
      Array.from({ length: 4 }, () => call('maestro_write', { path, content: String(round).repeat(size) })),
    )
    await new Promise((resolve) => setTimeout(resolve, round * 25))
    await server.kill()
    await writing
    const content = await readFile(path, 'utf8')
    assert.equal(content, (content[0] ?? '').repeat(size))
    await server.restart()
  }
})
