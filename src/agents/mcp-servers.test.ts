// MCP servers from the documented file.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createMcpServers, splitArguments } from './mcp-servers.ts'

for (const [text, words] of [
  ['', []],
  ['  a  b\tc\n', ['a', 'b', 'c']],
  [`"/path with space/x.js" --name='it is' $HOME`, ['/path with space/x.js', '--name=it is', '$HOME']],
  [String.raw`a\ b "q\"q" '\n'`, ['a b', 'q"q', String.raw`\n`]],
  [`"" x`, ['', 'x']],
] as const) {
  test(`splits ${JSON.stringify(text)} without a shell`, () => {
    assert.deepEqual(splitArguments(text), words)
  })
}

test('finds servers by id in both forms, and names the known ones for an unknown id', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-mcp-'))
  const servers = createMcpServers(dataDir)
  assert.deepEqual(await servers([]), [])
  await assert.rejects(servers(['x']), { code: 'not_found' })
  const file = join(dataDir, 'mcp-servers.json')
  await writeFile(
    file,
    JSON.stringify([
      {
        id: 'mcp-server-1',
        name: 'Old',
        command: 'node',
        args: '"/a b/s.js" -v',
        env: { K: 'v' },
        defaultEnabled: true,
      },
      { id: 'new', name: 'New', command: 'npx', args: ['-y', 'x y'] },
    ]),
  )
  assert.deepEqual(await servers(['new', 'mcp-server-1']), [
    { name: 'New', command: 'npx', args: ['-y', 'x y'], env: {}, required: true },
    { name: 'Old', command: 'node', args: ['/a b/s.js', '-v'], env: { K: 'v' }, required: true },
  ])
  await assert.rejects(servers(['gone']), { code: 'not_found', hint: 'there are: mcp-server-1, new' })
  await writeFile(file, '[{')
  await assert.rejects(servers(['new']), { code: 'corrupt_data' })
  await rm(dataDir, { recursive: true })
})
