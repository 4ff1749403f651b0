// Every way an MCP server can answer or fail to, with real processes and real HTTP.

import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { McpServerLaunch } from '../../adapter.ts'
import type { McpServerTest } from '../../contract.ts'
import { httpServer, stdioServer } from '../../testing/servers.ts'
import { startHttpToolServer } from '../../testing/tool-server.ts'
import { checkServer } from './check-server.ts'

const child = (name: string): string => fileURLToPath(new URL(`../../testing/${name}-child.ts`, import.meta.url))
const bad = (how: string, changes: { startTimeoutMs?: number; file?: string } = {}) =>
  stdioServer({
    args: [child('bad-server'), how, changes.file ?? ''],
    startTimeoutMs: changes.startTimeoutMs ?? 10_000,
  })

const markerPrefix = `mcp-check-test-${process.pid}-`
const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' }
const check = (server: McpServerLaunch, signal = new AbortController().signal) =>
  checkServer({ env, markerPrefix, secretValues: () => [] }, server, signal)

async function left(): Promise<string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.includes(markerPrefix)) found.push(pid)
  }
  return found
}

/** A process that has ended but was not yet taken note of by its parent is not alive. */
async function isAlive(pid: string): Promise<boolean> {
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return facts !== '' && !/\) [ZX] /.test(facts)
}

const messageOf = ({ error }: McpServerTest): string => error?.message ?? ''
const hintOf = ({ error }: McpServerTest): string => error?.hint ?? ''

let dir = ''
before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'maestro-check-'))
})
after(() => rm(dir, { recursive: true }))

describe('a stdio server', () => {
  for (const [era, variables, version] of [
    ['both eras', {}, '2026-07-28'],
    ['the newer era only', { ONLY_MODERN: '1' }, '2026-07-28'],
  ] as const) {
    test(`of ${era} is greeted, and its tools are listed with what they cost`, async () => {
      const found = await check(stdioServer({ args: [child('tool-server')], env: variables }))
      assert.equal(found.error, null, found.stderr)
      assert.deepEqual([found.ok, found.serverName, found.serverVersion], [true, 'tool-server', '1.2.3'])
      assert.equal(found.protocolVersion, version)
      assert.deepEqual(
        found.tools.map(({ name }) => name),
        ['report', 'echo', 'routed', 'big', 'fail', 'slow'],
      )
      assert.equal(found.tools[0]?.description, 'How this server was started.')
      assert.ok(found.tools.every(({ tokens }) => tokens > 5 && tokens < 200))
      assert.equal(
        found.tokens,
        found.tools.reduce((sum, tool) => sum + tool.tokens, 0),
      )
      assert.deepEqual(await left(), [])
    })
  }

  test('of the older era is greeted in its own way, whatever it prints first or leaves unanswered', async () => {
    for (const how of ['greets-first', 'silent-discover']) {
      const found = await check(bad(how, { startTimeoutMs: 4_000 }))
      assert.equal(found.error, null)
      assert.deepEqual([found.protocolVersion, found.tools.length], ['2025-06-18', 1])
    }
  })

  const endings: [how: string, kind: string, said: RegExp, startTimeoutMs?: number][] = [
    ['exits', 'exited', /exit code 3.*no configuration found/s],
    ['dies-later', 'exited', /exit code 4/],
    ['hangs', 'timed_out', /within 1 s/, 1_000],
    ['garbage', 'garbage', /"Listening on port 3000 \.\.\."/, 1_000],
    ['talks', 'garbage', /"this is a log line/],
    ['floods', 'flooded', /more than 8 MiB/],
    ['refuses', 'protocol', /not like this/],
    ['bad-tools', 'protocol', /does not speak MCP/],
  ]
  for (const [how, kind, said, startTimeoutMs] of endings) {
    test(`that ${how} ends as ${kind}, and no process of it is left`, async () => {
      const found = await check(bad(how, startTimeoutMs === undefined ? {} : { startTimeoutMs }))
      assert.equal(found.ok, false)
      assert.equal(found.error?.kind, kind, JSON.stringify(found))
      assert.match(messageOf(found), said)
      assert.deepEqual(await left(), [])
    })
  }

  test('that does not exist is looked for on PATH, with the nearest name', async () => {
    const missing = await check(stdioServer({ command: 'slep' }))
    assert.equal(missing.error?.kind, 'not_found')
    assert.match(messageOf(missing), /"slep"/)
    assert.match(hintOf(missing), /did you mean sleep\? .*\/usr\/bin/)
    assert.match(hintOf(await check(stdioServer({ command: '~/x' }))), /no shell/)
    assert.match(hintOf(await check(stdioServer({ command: './x' }))), /whole path/)
    assert.equal((await check(stdioServer({ command: '/nonexistent/x' }))).error?.kind, 'not_found')
  })

  test('that may not be executed, or is no program, is told from one that is not there', async () => {
    const file = path.join(dir, 'plain.sh')
    await writeFile(file, '#!/nonexistent/interpreter\n')
    assert.equal((await check(stdioServer({ command: file }))).error?.kind, 'not_executable')
    assert.match(messageOf(await check(stdioServer({ command: dir }))), /is a folder/)
    await chmod(file, 0o755)
    assert.match(messageOf(await check(stdioServer({ command: file }))), /interpreter/)
  })

  test('that clings to life is gone with its children, also those of another session', async () => {
    const file = path.join(dir, 'pids')
    const found = await check(bad('clings', { file }))
    assert.equal(found.ok, true)
    const pids = (await readFile(file, 'utf8')).trim().split('\n')
    assert.equal(pids.length, 3)
    for (const pid of pids) assert.ok(!(await isAlive(pid)), `process ${pid} is still there`)
    assert.deepEqual(await left(), [])
  })

  test('that floods without a line break does not fill the memory', async () => {
    await check(bad('floods'))
    global.gc?.()
    const beforeBytes = process.memoryUsage().rss
    for (let round = 0; round < 5; round++) await check(bad('floods'))
    const grown = process.memoryUsage().rss - beforeBytes
    assert.ok(grown < 150 * 1024 * 1024, `RSS grew by ${Math.round(grown / 1024 / 1024)} MiB`)
  })

  test('gets a clean environment, an empty folder and its arguments byte for byte', async () => {
    const args = ['with space', `"q" 'q'`, '$HOME', '`id`', 'a\nb', '🎼', '', '--x', '\\']
    const values = { ODD: `$(touch ${dir}/never) "x"\n🎼`, EMPTY: '', PATH: env.PATH }
    const script = path.join(dir, 'tell.mjs')
    const told = path.join(dir, 'told.json')
    await writeFile(
      script,
      `import { writeFileSync, readdirSync } from 'node:fs'
       const [to, ...args] = process.argv.slice(2)
       writeFileSync(to, JSON.stringify({ args, env: process.env, files: readdirSync('.') }))`,
    )
    await check(stdioServer({ args: [script, told, ...args], env: values }))
    const report = JSON.parse(await readFile(told, 'utf8')) as {
      args: string[]
      env: Record<string, string>
      files: string[]
    }
    assert.deepEqual(report.args, args)
    const { MAESTRO_RUN_ID: marker, ...rest } = report.env
    assert.deepEqual(rest, { ...env, ...values })
    assert.ok(marker?.startsWith(markerPrefix))
    assert.deepEqual(report.files, [])
    assert.ok(!(await readdir(dir)).includes('never'))
  })

  test('that tells its secret has it hidden, in stderr too', async () => {
    const token = 'sk-secret-0123456789'
    const server = { ...bad('exits'), env: { TOKEN: token }, secrets: [token] }
    const found = await check(server)
    assert.ok(!JSON.stringify(found).includes(token))
    assert.match(found.stderr, /token was \[redacted\]/)
    const listed = await check({ ...bad('tells'), env: { TOKEN: token }, secrets: [token] })
    assert.equal(listed.tools[0]?.description, `${'x'.repeat(1_990)}[redacted]`, 'also where a text is cut')
  })

  test('is not started when a secret of it has no value', async () => {
    const found = await check({ ...bad('exits'), missing: ['API_KEY'] })
    assert.equal(found.error?.kind, 'secret_missing')
    assert.match(messageOf(found), /API_KEY/)
    assert.equal(found.stderr, '')
  })

  test('is ended when whoever asked goes away', async () => {
    const gone = new AbortController()
    const checking = check(bad('hangs', { startTimeoutMs: 60_000 }), gone.signal)
    const giveUpAt = Date.now() + 10_000
    while ((await left()).length === 0) assert.ok(Date.now() < giveUpAt)
    gone.abort()
    await assert.rejects(checking, { code: 'cancelled' })
    assert.deepEqual(await left(), [])
  })
})

describe('an HTTP server', () => {
  for (const [era, version] of [
    ['both', '2026-07-28'],
    ['modern', '2026-07-28'],
    ['legacy', '2025-11-25'],
  ] as const) {
    test(`of era "${era}" is greeted with its headers, and no session of it is left open`, async () => {
      await using server = await startHttpToolServer({ era })
      const found = await check(httpServer({ url: server.url, headers: { Authorization: 'Bearer tok-0123456789' } }))
      assert.equal(found.error, null, JSON.stringify(found))
      assert.equal(found.protocolVersion, version)
      assert.equal(found.tools.length, 6)
      assert.ok(server.requests.every(({ headers }) => headers.get('authorization') === 'Bearer tok-0123456789'))
      assert.equal(
        server.requests.some(({ method }) => method === 'DELETE'),
        era === 'legacy',
      )
    })
  }

  async function answering(respond: (request: Request) => Response, use: (url: string) => Promise<void>) {
    await using server = await startHttpToolServer({ era: 'both', intercept: respond })
    await use(server.url)
  }

  const answers: [what: string, respond: () => Response, kind: string, said: RegExp][] = [
    ['401', () => new Response('who are you', { status: 401 }), 'http', /answered 401/],
    ['403', () => new Response('', { status: 403 }), 'http', /answered 403/],
    ['404', () => new Response('not here', { status: 404 }), 'http', /answered 404: there is no MCP endpoint/],
    ['500', () => new Response('oh no', { status: 500 }), 'http', /500/],
    [
      'a web page',
      () => new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
      'http',
      /that is a web page/,
    ],
    [
      'half a message',
      () => new Response('{"a', { headers: { 'content-type': 'application/json' } }),
      'protocol',
      /MCP/,
    ],
    [
      'a redirect elsewhere',
      () => new Response('', { status: 307, headers: { location: 'http://127.0.0.2:9/mcp' } }),
      'http',
      /sends us on to http:\/\/127\.0\.0\.2:9\/mcp/,
    ],
    [
      'an answer without end',
      () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(120)) }),
          { headers: { 'content-type': 'application/json' } },
        ),
      'flooded',
      /more than 8 MiB/,
    ],
    [
      'an event stream without end',
      () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(120)) }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      'flooded',
      /more than 8 MiB/,
    ],
  ]
  for (const [what, respond, kind, said] of answers) {
    test(`that answers ${what} ends as ${kind}`, async () => {
      await answering(respond, async (url) => {
        const found = await check(httpServer({ url, startTimeoutMs: 5_000 }))
        assert.equal(found.error?.kind, kind, JSON.stringify(found))
        assert.match(messageOf(found), said)
      })
    })
  }

  test('whose address or header cannot be used is not called, and the value is not shown', async () => {
    for (const url of ['', 'nowhere', 'ftp://x/mcp']) {
      assert.match(messageOf(await check(httpServer({ url }))), /is no address/)
    }
    const headers = { Authorization: 'two\nlines-of-a-secret' }
    const found = await check(httpServer({ headers, secrets: Object.values(headers) }))
    assert.match(messageOf(found), /"Authorization" cannot be sent/)
    assert.ok(!JSON.stringify(found).includes('lines-of-a-secret'))
    const program = await check(stdioServer({ env: { TOKEN: 'sec\0ret-with-nul' } }))
    assert.match(messageOf(program), /NUL/)
    assert.ok(!JSON.stringify(program).includes('ret-with-nul'))
  })

  test('that never answers is given up at its time-out', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const found = await check(httpServer({ url: `http://127.0.0.1:${port}/`, startTimeoutMs: 1_000 }))
    assert.equal(found.error?.kind, 'timed_out', JSON.stringify(found))
    silent.closeAllConnections()
    await new Promise((resolve) => silent.close(resolve))
  })

  test('that is not there is a matter of the network', async () => {
    const { url } = await (async () => {
      await using gone = await startHttpToolServer({ era: 'both' })
      return gone
    })()
    const refused = await check(httpServer({ url }))
    assert.equal(refused.error?.kind, 'network')
    assert.match(messageOf(refused), /nothing listens at 127\.0\.0\.1:\d+/)
    assert.match(messageOf(await check(httpServer({ url: 'http://127.0.0.1:9/mcp' }))), /port/)
    const unknown = await check(httpServer({ url: 'http://no-such-host.invalid/mcp' }))
    assert.equal(unknown.error?.kind, 'network')
  })
})
