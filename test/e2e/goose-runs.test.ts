// Runs through the real Goose against a stub model on loopback: one conversation across steps, models per
// step, true outcomes, stop, limits, and going on after both server and agent were killed.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Task } from '#src/tasks/contract.ts'
import type { Run } from '#src/workflows/contract.ts'
import { gooseEnv, marked, spokenText, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel, type StubRequest, userText } from '#test/stub-model/index.ts'

/** What a model saw of a conversation: the texts of people and models, in order. */
function turnsOf(request: StubRequest | undefined): { role: string; text: string }[] {
  return (request?.messages ?? [])
    .filter((message) => message.role === 'user' || message.role === 'assistant')
    .map((message) => ({ role: message.role, text: userText(message) ?? '' }))
}

const base = { agent: 'goose', provider: 'openrouter' }

describe('runs through the real Goose', { skip: without('goose') }, () => {
  let stub: StubModel
  let server: TestServer
  const open = new AsyncDisposableStack()
  before(async () => {
    stub = open.adopt(await startStubModel(), (one) => one.close())
    server = open.use(await startServer({ env: gooseEnv(stub.url) }))
  })
  after(() => open.disposeAsync())

  test('steps are one conversation, each with its own model', async () => {
    stub.reset()
    const run = await server.run({
      ...base,
      name: 'Three models',
      steps: steps(
        { text: 'My favourite colour is teal. [[say Noted: teal.]]', model: 'lab/m1' },
        { text: 'Which colour? [[say Teal it is.]]', model: 'lab/m2' },
        'And again? [[say Still teal.]]',
      ),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual(
      run.steps.map((step) => step.output),
      ['Noted: teal.', 'Teal it is.', 'Still teal.'],
    )
    const models = stub.requests.map((request) => request.model)
    assert.deepEqual(models, ['lab/m1', 'lab/m2', 'anthropic/claude-3.7-sonnet'])
    const second = turnsOf(stub.requests[1]).map((turn) => turn.text)
    assert.ok(
      second.some((text) => text.includes('My favourite colour is teal.')),
      'step 1’s prompt is in step 2',
    )
    assert.ok(
      second.some((text) => text.includes('Noted: teal.')),
      'step 1’s answer is in step 2',
    )
    const third = turnsOf(stub.requests[2])
    assert.equal(third.filter((turn) => turn.role === 'user').length, 3)
    for (const step of run.steps) assert.ok((step.usage?.inputTokens ?? 0) > 0, 'usage is per step')
    const costs = run.steps.map((step) => step.usage?.costUsd ?? 0)
    assert.ok(
      costs.every((cost) => cost > 0 && cost < (costs[0] ?? 0) * 3),
      `costs are differences: ${costs.join(', ')}`,
    )
  })

  test('a prompt with quotes, braces, $(), emoji and 400 KB arrives byte for byte', async () => {
    stub.reset()
    const odd = `"double" 'single' {{ x }} {% y %} $(touch /tmp/never) \`id\` \\ back – 🎼 ünï 日本\n-leading dash\n`
    const prompt = `${odd}${'0123456789abcde\n'.repeat(25_600)}[[say ok]]`
    const run = await server.run({ ...base, name: 'Odd', steps: steps(prompt) })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const seen = turnsOf(stub.requests[0]).at(-1)?.text ?? ''
    assert.ok(seen.includes(prompt.trim()), 'the model got the prompt as it was typed')
  })

  describe('a model that fails is never called success', () => {
    const cases: { directive: string; kind: string; attempts: number }[] = [
      { directive: '[[status 400]]', kind: 'bad_request', attempts: 1 },
      { directive: '[[status 401]]', kind: 'auth', attempts: 1 },
      { directive: '[[status 402]]', kind: 'credits', attempts: 1 },
      { directive: '[[status 404]]', kind: 'model_not_found', attempts: 1 },
      { directive: '[[status 429]]', kind: 'rate_limited', attempts: 2 },
      { directive: '[[status 500]]', kind: 'provider_error', attempts: 2 },
      { directive: '[[cut]]', kind: 'network', attempts: 2 },
      { directive: '[[empty]]', kind: 'empty_response', attempts: 2 },
    ]
    for (const { directive, kind, attempts } of cases) {
      test(`${directive} ends as ${kind} after ${attempts} attempt(s)`, async () => {
        const run = await server.run({
          ...base,
          name: `Fails ${kind}`,
          steps: steps(`${directive} please`, 'never reached'),
        })
        assert.equal(run.status, 'failed')
        assert.equal(run.error?.kind, kind)
        assert.ok((run.error.hint ?? '').length > 0, 'says what to do')
        assert.match(run.error.message, /^step 1 /)
        assert.equal(run.steps[0]?.attempts.length, attempts)
        assert.equal(run.steps[1]?.status, 'skipped')
      })
    }

    test('a refused connection ends as network', async () => {
      const port = await closedPort()
      await using lonely = await startServer({ env: gooseEnv(`http://127.0.0.1:${port}`) })
      const run = await lonely.run({ ...base, name: 'Refused', steps: steps('hello') })
      assert.equal(run.status, 'failed')
      assert.equal(run.error?.kind, 'network')
    })

    test('a missing key and a missing Goose say what to do', async () => {
      await using bare = await startServer({ env: { GOOSE_BIN: gooseEnv(stub.url)['GOOSE_BIN'] ?? '' } })
      const noKey = await bare.run({ ...base, name: 'No key', steps: steps('hello') })
      assert.equal(noKey.error?.kind, 'auth')
      assert.match(`${noKey.error.message} ${noKey.error.hint}`, /OPENROUTER_API_KEY/)
      assert.equal(noKey.steps[0]?.attempts[0]?.executed, 'no')
      assert.equal((await bare.api<Task>('GET', `/tasks/${noKey.id}`)).executed, 'no', 'nor was anything of the run')
      await using none = await startServer({
        env: { GOOSE_BIN: '/nowhere/goose', OPENROUTER_API_KEY: 'sk-or-v1-xxxxxxxx' },
      })
      const noGoose = await none.run({ ...base, name: 'No Goose', steps: steps('hello') })
      assert.equal(noGoose.error?.kind, 'not_installed')
      assert.match(noGoose.error.hint ?? '', /maestro agents install goose/)
    })
  })

  test('an endless tool loop ends at its turn limit, or at its time limit within two seconds', async () => {
    const workingDir = await mkdtemp(join(tmpdir(), 'maestro-loop-'))
    const text = '[[loop-tool shell {"command":"true"}]]'
    const turns = await server.run({ ...base, name: 'Loop', workingDir, steps: steps({ text, maxTurns: 3 }) })
    assert.equal(turns.status, 'failed')
    assert.equal(turns.error?.kind, 'max_turns')

    const timed = await server.run({
      ...base,
      name: 'Loop for ever',
      workingDir,
      steps: steps({ text, maxTurns: 1000, timeoutSec: 3 }),
    })
    assert.equal(timed.status, 'timed_out')
    assert.equal(timed.error?.kind, 'wall_timeout')
    const attempt = timed.steps[0]?.attempts[0]
    const tookMs = (attempt?.endedAt ?? Number.NaN) - (attempt?.startedAt ?? 0)
    assert.ok(tookMs >= 3_000 && tookMs < 5_000, `the limit was 3 s, it took ${tookMs} ms`)
    await rm(workingDir, { recursive: true })
  })

  test('stop while it streams: cancelled, partial text kept, no tool shell and no MCP server left', async () => {
    await writeMcpServers(server.dataDir, ['stays'])
    const workingDir = await mkdtemp(join(tmpdir(), 'maestro-stop-'))
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Long answer',
      workingDir,
      steps: steps({
        text: '[[tool shell {"command":"sleep 300 >/dev/null 2>&1 & echo started"}]] [[stream 400 50]]',
        mode: 'full',
        mcpServerIds: ['stays'],
      }),
    })
    const { id } = await server.startRun(workflow.id)
    await until(async () => spokenText(await server.events(id)).length > 20)
    const turnId = (await server.api<Run>('GET', `/runs/${id}`)).steps[0]?.attempts[0]?.turnId ?? ''
    assert.ok((await marked([turnId])).length > 0, 'it is at work')
    assert.ok((await processesWith('stays.mcp.mjs')).length > 0, 'its MCP server is at work')
    const askedAt = Date.now()
    await server.api('POST', `/runs/${id}/cancel`)
    const run = await server.ended(id)
    assert.equal(run.status, 'cancelled')
    assert.ok(Date.now() - askedAt < 15_000)
    assert.ok((run.steps[0]?.output ?? '').length > 0, 'partial text is kept')
    assert.deepEqual(await marked([turnId]), [], 'no process of it is left')
    assert.deepEqual(await processesWith('stays.mcp.mjs'), [], 'no MCP server of it is left')
    await rm(workingDir, { recursive: true })
  })

  test('two runs at once with different models and tools do not mix, and the user’s own Goose is untouched', async () => {
    stub.reset()
    await writeMcpServers(server.dataDir, ['crimson', 'azure'])
    const own = join(server.home, '.config/goose')
    await mkdir(own, { recursive: true })
    await writeFile(join(own, 'config.yaml'), 'GOOSE_MODEL: mine\n')
    const hashBefore = await hashOf(server.home)
    const [red, blue] = await Promise.all(
      ['crimson', 'azure'].map((colour) =>
        server.run({
          ...base,
          name: colour,
          steps: steps(
            {
              text: `I am ${colour}. [[wait 0.3]] [[say hello ${colour}]]`,
              model: `lab/${colour}`,
              mcpServerIds: [colour],
            },
            { text: `Who am I? [[say you are ${colour}]]`, model: `lab/${colour}-2` },
          ),
        }),
      ),
    )
    for (const [run, colour, other] of [
      [red, 'crimson', 'azure'],
      [blue, 'azure', 'crimson'],
    ] as const) {
      assert.equal(run?.status, 'succeeded')
      assert.equal(run.steps[1]?.output, `you are ${colour}`)
      const mine = stub.requests.filter((request) => request.model.startsWith(`lab/${colour}`))
      assert.equal(mine.length, 2)
      const tools = mine.map((request) => request.toolNames.filter((name) => /crimson|azure/.test(name)))
      assert.deepEqual(tools, [[`${colour}__note`], []], 'its own tools, in the step that has them')
      for (const request of mine) assert.ok(!JSON.stringify(request.messages).includes(other))
    }
    assert.equal(await hashOf(server.home), hashBefore)
  })

  test('after kill -9 of server and agent the step is tried again from its checkpoint, its prompt seen once', async () => {
    stub.reset()
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Killed',
      steps: steps('First. [[say one]]', 'Second. [[wait 3]] [[say two]]', 'Third. [[say three]]'),
    })
    const { id } = await server.startRun(workflow.id)
    const midway = await server.until(id, (run) => run.steps[1]?.attempts[0] !== undefined)
    await until(async () => stub.requests.length >= 2)
    const turnId = midway.steps[1]?.attempts[0]?.turnId ?? ''
    await server.kill()
    for (const pid of await marked([turnId])) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has gone with its parent.
      }
    }
    await server.restart()
    const run = await server.ended(id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[1]?.attempts.length, 2)
    assert.equal(run.steps[1].attempts[0]?.status, 'interrupted')
    assert.deepEqual(
      run.steps.map((step) => step.output),
      ['one', 'two', 'three'],
    )
    const last = turnsOf(stub.requests.at(-1)).map((turn) => turn.text)
    assert.equal(
      last.filter((text) => text.includes('Second.')).length,
      1,
      'the prompt stands once in the conversation',
    )
    assert.equal(stub.requests.filter((request) => turnsOf(request).at(-1)?.text.includes('First.')).length, 1)
  })

  test('a stored key is in no process’s arguments or environment, no event and no log', async () => {
    // Not the key that other servers of these tests have in their environment.
    const key = 'sk-or-v1-stored-fedcba9876543210'
    const { OPENROUTER_API_KEY: _, ...env } = gooseEnv(stub.url)
    await using server = await startServer({ env })
    await server.api('PUT', '/secrets/OPENROUTER_API_KEY', { value: key })
    stub.reset()
    const workflow = await server.createWorkflow({
      ...base,
      name: 'Canary',
      steps: steps(`[[wait 0.5]] [[say the key is ${key}]]`, `[[stream 20 20]]`),
    })
    const { id } = await server.startRun(workflow.id)
    const sightings = new Set<string>()
    const ended = new AbortController()
    const watching = (async () => {
      while (!ended.signal.aborted) for (const sighting of await sightingsOf(key)) sightings.add(sighting)
    })()
    const run = await server.ended(id)
    ended.abort()
    await watching
    assert.equal(run.status, 'succeeded')
    assert.deepEqual([...sightings], [])
    assert.ok(
      stub.requests.length > 0 && stub.requests.every((request) => request.key?.includes(key)),
      'the model got it',
    )
    assert.ok(!run.steps[0]?.output?.includes(key), 'redacted in the answer')
    assert.ok(!spokenText(await server.events(id)).includes(key), 'redacted in the events')
    assert.ok(!server.log().includes(key), 'not in the log')
  })
})

/** MCP servers with one tool each, `note`, in the documented file; their scripts are named after them. */
async function writeMcpServers(dataDir: string, names: readonly string[]): Promise<void> {
  const servers = []
  for (const name of names) {
    const script = join(dataDir, `${name}.mcp.mjs`)
    await writeFile(script, mcpServer)
    servers.push({ id: name, name, command: process.execPath, args: `"${script}"`, env: { NOTE: 'two words' } })
  }
  await writeFile(join(dataDir, 'mcp-servers.json'), JSON.stringify(servers))
}

const mcpServer = `
import { createInterface } from 'node:readline'
const tool = { name: 'note', description: 'takes a note', inputSchema: { type: 'object', properties: {} } }
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  const reply = (body) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...body }) + '\\n')
  if (method === 'initialize') reply({ result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'note', version: '1' } } })
  else if (method === 'tools/list') reply({ result: { tools: [tool] } })
  else reply({ error: { code: -32601, message: 'no ' + method } })
}
`

async function processesWith(text: string): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(text)) found.push(Number(pid))
  }
  return found
}

/** Where the key shows in /proc. Nobody has it in the environment, the server neither. */
async function sightingsOf(key: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue
    for (const file of ['cmdline', 'environ']) {
      const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      if (text.includes(key)) found.push(`/proc/${pid}/${file}`)
    }
  }
  return found
}

async function until(condition: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs
  while (!(await condition())) {
    assert.ok(Date.now() < giveUpAt, 'the condition did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 1
}

/** Of the user's own Goose files: a run must not touch them. */
async function hashOf(home: string): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['.config/goose', '.local/share/goose', '.local/state/goose']) {
    for (const name of await readdir(join(home, folder)).catch(() => [])) {
      hash.update(`${folder}/${name}\0`)
      hash.update(await readFile(join(home, folder, name)))
    }
  }
  return hash.digest('hex')
}
