// MCP servers from the API to the tools a model is offered, through the real Goose: exactly those of the
// prompt, with exactly what was configured, checked before a token is spent, and no secret where it can be seen.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { McpServer, McpServerInput, McpServerTest } from '#src/agents/contract.ts'
import { startHttpToolServer } from '#src/agents/testing/tool-server.ts'
import type { Problem } from '#src/core/contract.ts'
import { gooseEnv, marked, root, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel, type StubRequest } from '#test/stub-model/index.ts'

const base = { agent: 'goose', provider: 'openrouter' }
const toolServer = join(root, 'src/agents/testing/tool-server-child.ts')

const stdio = (name: string, changes: Partial<McpServerInput> = {}): McpServerInput => ({
  name,
  command: process.execPath,
  args: [toolServer],
  ...changes,
})

describe('MCP servers in runs through the real Goose', { skip: without('goose') }, () => {
  let stub: StubModel
  let server: TestServer
  let workingDir = ''
  const open = new AsyncDisposableStack()
  before(async () => {
    stub = open.adopt(await startStubModel(), (one) => one.close())
    server = open.use(await startServer({ env: { ...gooseEnv(stub.url), LEAKED_SETTING: 'of-the-server' } }))
    workingDir = await mkdtemp(join(tmpdir(), 'maestro-mcp-work-'))
  })
  after(async () => {
    await open.disposeAsync()
    await rm(workingDir, { recursive: true, force: true })
  })

  const create = (input: McpServerInput) => server.api<McpServer>('POST', '/mcp-servers', input, 201)
  /** Of a tool that was called, as the model saw it: not redacted. */
  const report = (request: StubRequest | undefined) => {
    const found = (request?.messages ?? []).findLast((message) => message.role === 'tool')
    const parts = Array.isArray(found?.content) ? (found.content as { text?: string }[]) : []
    const text = typeof found?.content === 'string' ? found.content : (parts[0]?.text ?? '')
    return JSON.parse(text) as { args: string[]; env: Record<string, string> }
  }

  test('over three prompts the model is offered exactly X, then exactly Y, then none', async () => {
    stub.reset()
    const [x, y] = [await create(stdio('xs')), await create(stdio('ys'))]
    const run = await server.run({
      ...base,
      name: 'X, Y, none',
      steps: steps(
        { text: 'one [[say 1]]', mcpServerIds: [x.id] },
        { text: 'two [[say 2]]', mcpServerIds: [y.id] },
        'three [[say 3]]',
      ),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const names = ['report', 'echo', 'routed', 'big', 'fail', 'slow']
    const offered = stub.requests.map((request) => request.toolNames.toSorted())
    assert.deepEqual(offered, [
      names.map((name) => `xs__${name}`).toSorted(),
      names.map((name) => `ys__${name}`).toSorted(),
      [],
    ])
  })

  test('arguments and values arrive byte for byte, nothing is executed, no secret is in sight', async () => {
    stub.reset()
    const never = join(workingDir, 'never')
    const secret = 'sk-canary-"quoted" $HOME `id` 0123456789'
    const args = [
      'with space',
      `"double" 'single'`,
      '$HOME',
      `$(touch ${never})`,
      '`id`',
      'a\nb',
      '🎼 ünï',
      '',
      '--x',
      '\\',
    ]
    const env = { API_TOKEN: secret, ODD: `$(touch ${never}) "x" 'y'\n🎼`, EMPTY: '', DASH: '-leading' }
    const { id } = await create(
      stdio('exact', {
        args: [toolServer, ...args],
        env: Object.entries(env).map(([name, value]) => ({ name, value, isSecret: name === 'API_TOKEN' })),
      }),
    )
    // A repository's own settings are not the agent's, nor its servers'.
    await writeFile(join(workingDir, '.env'), 'FROM_DOT_ENV=yes\nOPENROUTER_API_KEY=sk-from-the-repository\n')
    await writeFile(
      join(workingDir, '.mcp.json'),
      JSON.stringify({ mcpServers: { own: { command: 'touch', args: [never] } } }),
    )
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Exact',
      workingDir,
      steps: steps({ text: '[[tool exact__report {}]] [[wait 1]] [[say done]]', mcpServerIds: [id] }),
    })
    const { id: runId } = await server.startRun(workflow.id)
    const sightings = new Set<string>()
    const over = new AbortController()
    const watching = (async () => {
      while (!over.signal.aborted) for (const one of await sightingsOf(secret)) sightings.add(one)
    })()
    const run = await server.ended(runId)
    over.abort()
    await watching
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const seen = report(stub.requests.at(-1))
    assert.deepEqual(seen.args, args)
    for (const [name, value] of Object.entries(env)) assert.equal(seen.env[name], value, name)
    for (const name of ['FROM_DOT_ENV', 'LEAKED_SETTING', 'OPENROUTER_API_KEY', 'GOOSE_PROVIDER', 'GOOSE_PATH_ROOT']) {
      assert.equal(seen.env[name], undefined, name)
    }
    assert.equal(existsSync(never), false)
    assert.deepEqual([...sightings], [])
    const told = JSON.stringify([await server.events(runId), run, await server.api('GET', '/mcp-servers')])
    assert.ok(!told.includes('sk-canary'), 'not in events, answers or the list')
    assert.ok(!server.log().includes('sk-canary'), 'not in the log')
    assert.ok(!(await readFile(join(server.dataDir, 'mcp-servers.json'), 'utf8')).includes('sk-canary'))
    assert.deepEqual(await marked([run.steps[0]?.attempts[0]?.turnId ?? '']), [])
  })

  test('a server that was changed is started as it is now, from run to run', async () => {
    const row = (value: string) => [{ name: 'WHICH', isSecret: false, value }]
    const made = await create(stdio('changing', { env: row('first') }))
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Changing',
      steps: steps({ text: '[[tool changing__report {}]] [[say ok]]', mcpServerIds: [made.id] }),
    })
    const play = async () => {
      stub.reset()
      const run = await server.ended((await server.startRun(workflow.id)).id)
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
      return report(stub.requests.at(-1))
    }
    assert.equal((await play()).env['WHICH'], 'first')
    const changed = stdio('changing', { args: [toolServer, 'new'], env: row('second') })
    await server.api('PUT', `/mcp-servers/${made.id}`, changed)
    const { args, env } = await play()
    assert.deepEqual([args, env['WHICH']], [['new'], 'second'])
  })

  test('a required server that does not start ends the step before the model is asked', async () => {
    stub.reset()
    const broken = await create({ name: 'Broken', command: 'no-such-program-anywhere' })
    const run = await server.run({
      ...base,
      name: 'Broken',
      steps: steps({ text: 'hello', mcpServerIds: [broken.id] }, 'never reached'),
    })
    assert.deepEqual([run.status, run.error?.kind], ['failed', 'mcp_unavailable'])
    assert.match(run.error?.message ?? '', /"Broken" cannot be used: there is no program "no-such-program-anywhere"/)
    assert.match(run.error?.hint ?? '', /looked for in/)
    assert.deepEqual(
      run.steps[0]?.attempts.map(({ executed }) => executed),
      ['no'],
    )
    assert.equal(stub.requests.length, 0, 'no model was asked')
  })

  test('one that is not required is left out with a warning, and the others are there', async () => {
    stub.reset()
    const broken = await create({ name: 'Optional', command: 'no-such-program-anywhere', required: false })
    const works = await create(stdio('works'))
    const run = await server.run({
      ...base,
      name: 'Optional',
      steps: steps({ text: '[[say went on]]', mcpServerIds: [broken.id, works.id] }),
    })
    assert.deepEqual([run.status, run.steps[0]?.output], ['succeeded', 'went on'])
    assert.ok(stub.requests[0]?.toolNames.includes('works__echo'))
    const bodies = (await server.events(run.id)).map(({ body }) => body)
    const status = bodies.find((body) => body.type === 'mcp.status')
    assert.deepEqual(status?.type === 'mcp.status' && [status.server, status.ok], ['Optional', false])
    assert.ok(
      bodies.some((body) => body.type === 'agent.warned' && /without the MCP server "Optional"/.test(body.text)),
    )
  })

  test('a server that was deleted is missed by name when a prompt still wants it', async () => {
    const gone = await create(stdio('gone'))
    const deleted = await server.api<McpServer>('DELETE', `/mcp-servers/${gone.id}`)
    assert.equal(deleted.id, gone.id)
    const run = await server.run({ ...base, name: 'Gone', steps: steps({ text: 'x', mcpServerIds: [gone.id] }) })
    assert.deepEqual([run.status, run.error?.kind], ['failed', 'mcp_unavailable'])
    assert.match(run.error?.message ?? '', new RegExp(`no MCP server "${gone.id}"`))
  })

  for (const era of ['both', 'modern', 'legacy'] as const) {
    test(`an HTTP server of era "${era}" gets its headers from a run, and nobody sees them`, async () => {
      stub.reset()
      const secret = `tok-canary-${era}-0123456789`
      await using remote = await startHttpToolServer({
        era,
        intercept: (request) =>
          request.headers.get('authorization') === `Bearer ${secret}` ? undefined : new Response('', { status: 401 }),
      })
      const name = `remote-${era}`
      const input = { name, transport: 'http', url: remote.url } as const
      const refused = await server.api<McpServerTest>('POST', '/mcp-servers/try', input)
      assert.match(refused.error?.message ?? '', /answered 401/)
      const { id } = await create({ ...input, headers: [{ name: 'Authorization', value: `Bearer ${secret}` }] })
      const workflow = await server.createWorkflow({
        ...base,
        name,
        steps: steps({
          text: `[[tool ${name}__echo {"text":"over http"}]] [[wait 0.5]] [[say done]]`,
          mcpServerIds: [id],
        }),
      })
      const { id: runId } = await server.startRun(workflow.id)
      const sightings = new Set<string>()
      const over = new AbortController()
      const watching = (async () => {
        while (!over.signal.aborted) for (const one of await sightingsOf(secret)) sightings.add(one)
      })()
      const run = await server.ended(runId)
      over.abort()
      await watching
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
      assert.deepEqual([...sightings], [])
      assert.ok(JSON.stringify(stub.requests.at(-1)?.messages).includes('over http'))
      assert.deepEqual(
        stub.requests[0]?.toolNames.toSorted(),
        ['big', 'echo', 'fail', 'report', 'routed', 'slow'].map((tool) => `${name}__${tool}`),
      )
    })
  }
})

describe('MCP servers over the API', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(() => server[Symbol.asyncDispose]())

  test('are made, tested, changed and deleted; a stale edit is refused with the stored one', async () => {
    const made = await server.api<McpServer>('POST', '/mcp-servers', { ...stdio('Files'), id: 'mcp-server-1' }, 201)
    assert.equal(made.id, 'mcp-server-1')
    const found = await server.api<McpServerTest>('POST', `/mcp-servers/${made.id}/test`)
    assert.deepEqual([found.ok, found.serverName, found.tools.length], [true, 'tool-server', 6], JSON.stringify(found))
    const input = { ...stdio('Files 2'), ifVersion: made.version }
    const changed = await server.api<McpServer>('PUT', `/mcp-servers/${made.id}`, input)
    const stale = await server.api<Problem>('PUT', `/mcp-servers/${made.id}`, input, 409)
    assert.deepEqual(stale.details, { current: changed })
    const all = await server.api<{ items: McpServer[] }>('GET', '/mcp-servers')
    assert.deepEqual(all.items, [changed])
    await server.api('DELETE', `/mcp-servers/${made.id}`)
    await server.api('GET', `/mcp-servers/${made.id}`, undefined, 404)
    await server.api('POST', `/mcp-servers/${made.id}/test`, undefined, 404)
  })

  test('say everything that is wrong with one at once', async () => {
    const wrong = { name: '', transport: 'http', url: 'ftp://x', headers: [{ name: 'A', value: 'x' }, { name: 'B C' }] }
    const problem = await server.api<Problem>('POST', '/mcp-servers', wrong, 400)
    assert.deepEqual(problem.issues?.map(({ path }) => path).toSorted(), ['headers.1.name', 'name', 'url'])
    await server.api('POST', '/mcp-servers', { ...stdio('x'), id: '../../x' }, 400)
    assert.deepEqual((await server.api<{ items: McpServer[] }>('GET', '/mcp-servers')).items, [])
  })

  test('are tried before they are saved, and nothing of that stays', async () => {
    const missing = await server.api<McpServerTest>('POST', '/mcp-servers/try', { name: 'x', command: 'nodde' })
    assert.equal(missing.error?.kind, 'not_found')
    assert.match(missing.error.hint ?? '', /did you mean node\?/)
    const { items } = await server.api<{ items: McpServer[] }>('GET', '/mcp-servers')
    assert.deepEqual(items, [])
  })
})

/** Where a value shows in /proc, apart from the environment of the server that it is for. */
async function sightingsOf(value: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(value)) found.push(`cmdline: ${line.split('\0')[0]}`)
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.includes(value) && !line.includes('tool-server-child')) found.push(`environ: ${line}`)
  }
  return found
}
