// MCP servers in and out of bundles, against servers that remember.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type McpServer, McpServerInput } from '#src/agents/contract.ts'
import { MaestroError } from '#src/core/index.ts'
import { createMcpBundles } from './mcp-bundles.ts'

function createKept() {
  const kept: McpServer[] = []
  return {
    kept,
    list: async () => kept,
    async launchUnsaved(input: McpServerInput): Promise<void> {
      if (input.command === '') throw new MaestroError('invalid_input', 'command: the program to start')
      throw new MaestroError('not_ready', 'a secret has no value')
    },
    async create(input: McpServerInput, id = 'made'): Promise<McpServer> {
      const { env, headers, ...fields } = McpServerInput.parse(input)
      const view = (rows: typeof env) =>
        rows.map(({ name, isSecret, value }) => ({
          name,
          isSecret,
          value: isSecret ? null : (value ?? ''),
          isSet: value != null,
          hint: null,
        }))
      const server = { ...fields, id, env: view(env), headers: view(headers), version: '1', updatedAt: 1 }
      kept.push(server)
      return server
    },
  }
}

const github = {
  id: 'gh',
  name: 'GitHub',
  command: 'npx',
  args: ['-y', 'a b'],
  env: [
    { name: 'TOKEN', isSecret: true, value: null },
    { name: 'LEVEL', isSecret: false, value: 'debug' },
  ],
}

test('what goes out comes in as the same server: made once, then known, and a copy when it is another', async () => {
  const servers = createKept()
  const bundles = createMcpBundles(servers)
  const actions = async (entry: typeof github, dryRun = false) =>
    (await bundles.importServers([entry], { dryRun })).map(({ sourceId, id, name, action }) => [
      sourceId,
      id,
      name,
      action,
    ])
  assert.deepEqual(await actions(github, true), [['gh', 'gh', 'GitHub', 'create']])
  assert.equal(servers.kept.length, 0)
  assert.deepEqual(await actions(github), [['gh', 'gh', 'GitHub', 'create']])
  const [out] = await bundles.exportServers(['gh'])
  assert.deepEqual(out?.['env'], github.env)
  assert.equal('version' in out, false)
  assert.deepEqual(await actions(github), [['gh', 'gh', 'GitHub', 'same']])
  const other = { ...github, args: ['else'] }
  assert.deepEqual(await actions(other), [['gh', 'gh-2', 'GitHub (copy)', 'copy']])
  assert.deepEqual(
    servers.kept.map((server) => [server.id, server.args]),
    [
      ['gh', ['-y', 'a b']],
      ['gh-2', ['else']],
    ],
  )
})

test('an entry that is no server is refused by name, and a server that is gone is not found', async () => {
  const bundles = createMcpBundles(createKept())
  const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected
  await assert.rejects(
    bundles.importServers([{ ...github, args: 'one string' }], { dryRun: true }),
    (error: unknown) => error instanceof MaestroError && /"GitHub".*args/.test(error.message),
  )
  await assert.rejects(bundles.importServers([{ ...github, command: '' }], { dryRun: false }), code('invalid_input'))
  await assert.rejects(bundles.exportServers(['gone']), code('not_found'))
})
