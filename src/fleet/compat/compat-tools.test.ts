import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOrThrow } from '#src/core/index.ts'
import type { z } from 'zod'
import type { CommandResult, OutputSlice } from '../contract.ts'
import { createHosts } from '../host.ts'
import { hostTools } from '../commands/host-tools.ts'
import { openBench } from '../testing/processes.ts'
import { createLocalHost } from '../local-host.ts'
import { compatTools } from './index.ts'

const id = `command_${'0'.repeat(26)}`
const result = (more: Partial<CommandResult> = {}): CommandResult => ({
  status: 'succeeded',
  task_id: id,
  host: 'local',
  exit_code: 0,
  signal: null,
  stdout: 'hello\n',
  stderr: '',
  truncated: false,
  bytes: { stdout: 6, stderr: 0 },
  duration_ms: 1_234,
  executed: 'yes',
  error: null,
  ...more,
})

/** Output of a finished command, served in slices of at most 10 bytes. */
const answers = (stdout: string, now = result()) => ({
  result: async () => now,
  output: async (_actor: unknown, _id: string, asked: { stream: 'stdout' | 'stderr'; offset: number }) => {
    const all = asked.stream === 'stdout' ? stdout : ''
    const text = all.slice(asked.offset, asked.offset + 10)
    const next = asked.offset + text.length
    return {
      task_id: id,
      stream: asked.stream,
      offset: asked.offset,
      next_offset: next,
      total_bytes: all.length,
      encoding: 'text',
      text,
      eof: next === all.length,
    } satisfies OutputSlice
  },
})

async function open(t: Parameters<typeof openBench>[0], stdout = '', now = result()) {
  const { driver, runsDir } = await openBench(t)
  const hosts = createHosts([createLocalHost({ driver, runsDir, env: { HOME: '/' } })])
  const tools = compatTools({ answers: answers(stdout, now), today: hostTools(hosts) })
  const find = (name: string) => tools.find((tool) => tool.name === name) ?? assert.fail(name)
  const ctx = { actor: { kind: 'owner', via: 'socket' } } as never
  return {
    names: tools.map(({ name }) => name),
    stands: (name: string, input: object) =>
      find(name).standsFor?.(parseOrThrow(find(name).input as z.ZodObject, input, name)),
    brief: (name: string, output: unknown, input: object = {}) => find(name).mcp?.brief?.(output, input),
    run: async (name: string, input: object) =>
      find(name).run(ctx, parseOrThrow((find(name).input as z.ZodObject).strict(), input, name)) as Promise<
        Record<string, unknown>
      >,
  }
}

test('every older name is there, and stands for the tool of today with its own defaults', async (t) => {
  const { names, stands } = await open(t)
  assert.deepEqual(names.toSorted(), [
    'exec',
    'maestro_bg',
    'maestro_bg_log',
    'poll',
    'read',
    'read_output',
    'script',
    'status',
    'transfer',
    'write',
  ])
  const cases: readonly [string, object, string, object][] = [
    ['exec', { host: 'h', command: 'x', cwd: null }, 'maestro_exec', { host: 'h', command: 'x', sudo: false }],
    [
      'exec',
      { host: 'h', command: 'x', timeout: 9, block_timeout: -1 },
      'maestro_exec',
      { host: 'h', command: 'x', sudo: false, timeout: 9, block_timeout: -1 },
    ],
    ['script', { host: 'h', script: 'x', sudo: true }, 'maestro_script', { host: 'h', script: 'x', sudo: true }],
    [
      'maestro_bg',
      { host: 'h', command: 'x' },
      'maestro_exec',
      { host: 'h', command: 'x', sudo: false, timeout: 300, wait_s: 0 },
    ],
    [
      'read',
      { host: 'h', path: 'p', head: 2, tail: 3 },
      'maestro_read',
      { host: 'h', path: 'p', head: 2, max_output_bytes: 1_048_576 },
    ],
    [
      'read',
      { host: 'h', path: 'p', head: null, tail: 3 },
      'maestro_read',
      { host: 'h', path: 'p', tail: 3, max_output_bytes: 1_048_576 },
    ],
    [
      'write',
      { host: 'h', path: 'p', content: '' },
      'maestro_write',
      { host: 'h', path: 'p', content: '', append: false, sudo: false },
    ],
    [
      'transfer',
      { host: 'h', direction: 'download', local_path: 'a', remote_path: 'b' },
      'maestro_download',
      { host: 'h', local_path: 'a', remote_path: 'b' },
    ],
    ['status', {}, 'maestro_status', {}],
  ]
  for (const [name, input, tool, meant] of cases) assert.deepEqual(stands(name, input), { tool, input: meant }, name)
  assert.throws(() => stands('transfer', { host: 'h', direction: 'sideways', local_path: 'a', remote_path: 'b' }), {
    code: 'invalid_input',
    message: /upload or download/,
  })
  assert.throws(() => stands('read', { host: 'h', path: 'p', head: 0 }), { code: 'invalid_input' })
})

test('the texts are those that clients of that time knew', async (t) => {
  const { brief } = await open(t)
  const failed = result({ status: 'failed', exit_code: 3, stdout: '', stderr: 'no\n' })
  assert.equal(brief('exec', result()), 'hello')
  assert.equal(brief('exec', failed), '[stderr]\nno\n[exit code: 3]')
  assert.equal(brief('script', result({ stdout: '' })), '[no output]')
  const running = JSON.parse(brief('exec', result({ status: 'running', exit_code: null })) ?? '') as object
  assert.deepEqual(running, {
    auto_promoted: true,
    task_id: id,
    agent: 'exec',
    host: 'local',
    status: 'running',
    elapsed_seconds: 1.2,
    poll_with: `poll(task_id="${id}")`,
  })
  const bg = JSON.parse(brief('maestro_bg', result({ stdout: 'x'.repeat(9_000) })) ?? '') as Record<string, string>
  assert.deepEqual(
    [bg['status'], bg['output']?.length, bg['output_file']],
    ['done', 4_000, `maestro://tasks/${id}/output`],
  )
  assert.equal(brief('read', { text: '', truncated: false }), '[empty file]')
  assert.equal(brief('write', { bytes: 3, path: '/p' }), '[OK] wrote 3 bytes to /p')
  assert.equal(
    brief('transfer', {}, { host: 'h', direction: 'upload', local_path: 'a', remote_path: 'b' }),
    '[OK] upload a -> h:b',
  )
})

test('outputs are given by lines', async (t) => {
  const lines = Array.from({ length: 120 }, (_, i) => `line ${i}`)
  const { run } = await open(t, lines.join('\n'))
  assert.deepEqual(await run('maestro_bg_log', { task_id: id }), {
    status: 'done',
    total_lines: 120,
    showing_last: 50,
    log: lines.slice(-50).join('\n'),
  })
  assert.deepEqual(
    await run('read_output', { file_path: `maestro://tasks/${id}/output`, start_line: 100, max_lines: 15 }),
    {
      file: `maestro://tasks/${id}/output`,
      total_lines: 120,
      start_line: 100,
      lines_returned: 15,
      has_more: true,
      content: lines.slice(100, 115).join('\n'),
    },
  )
  await assert.rejects(run('read_output', { file_path: '/etc/passwd' }), {
    code: 'invalid_input',
    hint: /maestro_read/,
  })
})
