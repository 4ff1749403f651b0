// The contract with the real Goose: its binary against the stub model server, through the adapter.
// Skipped by name when there is no Goose (GOOSE_BIN or test/.cache/goose); with MAESTRO_TEST_REQUIRE=1
// its absence is a failure.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startStubModel, userText, type StubModel } from '#test/stub-model/index.ts'
import type { Checkpoint, ProviderApi, TurnInput } from '../adapter.ts'
import { gooseCases } from '../testing/goose-cases.ts'
import { stdioServer } from '../testing/servers.ts'
import { createGooseHarness, findRealGoose, type GooseHarness, type GooseRun } from '../testing/goose-harness.ts'
import { processesOf } from '../testing/process-driver.ts'

const binary = findRealGoose()
const isRequired = process.env['MAESTRO_TEST_REQUIRE'] === '1'

test(
  'the real Goose is there when the tests require it',
  { skip: isRequired ? false : 'MAESTRO_TEST_REQUIRE is not 1' },
  () => {
    assert.notEqual(binary, undefined, 'set GOOSE_BIN, or install the pinned package into test/.cache/goose')
  },
)

const skip = binary === undefined ? 'real-goose: no Goose found (GOOSE_BIN or test/.cache/goose)' : false

describe('the real Goose', { skip, timeout: 300_000 }, () => {
  let stub: StubModel
  let goose: GooseHarness

  before(async () => {
    stub = await startStubModel()
    goose = await createGooseHarness(binary ?? '', stub.url)
  })
  after(async () => {
    await goose[Symbol.asyncDispose]()
    await stub.close()
  })

  async function checkpointOf(run: GooseRun): Promise<Checkpoint> {
    return goose.adapter.checkpoint(run.input, goose.binary, run.outcome, (command) => goose.driver.exec(command))
  }

  function lastUserText(request = stub.requests.at(-1)): string | null | undefined {
    return request?.messages.map(userText).findLast((text) => text !== null)
  }

  for (const one of gooseCases) {
    test(`ends "${one.name}" as recorded`, async () => {
      const run = await goose.run(await goose.input({ prompt: one.prompt, ...one.changes }), one.options)
      const { ok } = run.outcome
      const told = run.outcome.ok
        ? { ok, text: run.outcome.text }
        : { ok, kind: run.outcome.kind, httpStatus: run.outcome.httpStatus, retryable: run.outcome.retryable }
      assert.deepEqual(told, one.expected)
    })
  }

  test('goes on with another model, in another folder, with all earlier turns and only its own cost', async () => {
    const first = await goose.run(await goose.input({ prompt: 'the word is banana' }))
    const second = await goose.run(
      await goose.input({
        prompt: 'second prompt',
        checkpoint: await checkpointOf(first),
        model: {
          provider: 'openrouter',
          api: 'openrouter',
          model: 'stub/other',
          baseUrl: stub.url,
          apiKey: 'sk-or-stub-key',
        },
      }),
    )
    assert.ok(second.outcome.ok)
    assert.equal(second.outcome.text, 'model=stub/other turns=2: second prompt')
    const request = stub.requests.at(-1)
    assert.equal(request?.model, 'stub/other')
    const texts = request.messages
      .filter((message) => message.role !== 'system')
      .map((message) => JSON.stringify(message.content))
    assert.match(
      texts.join('\n'),
      /the word is banana[\s\S]*model=stub\/echo turns=1: the word is banana[\s\S]*second prompt/,
    )
    const third = await goose.run(await goose.input({ prompt: 'third', checkpoint: await checkpointOf(second) }))
    const costs = [first, second, third].map((run) => run.outcome.usage.costUsd)
    assert.deepEqual(costs, [0.001, 0.001, 0.001])
    assert.equal(third.outcome.cumulative.costUsd, 0.003)
    assert.match(third.outcome.ok ? third.outcome.text : '', /turns=3/)
  })

  test('a failed attempt leaves no trace in the conversation', async () => {
    const first = await goose.run(await goose.input({ prompt: 'begin' }))
    const checkpoint = await checkpointOf(first)
    const failed = await goose.run(await goose.input({ prompt: '[[status 500]] boom', checkpoint }))
    assert.equal(failed.outcome.ok, false)
    await goose.run(await goose.input({ prompt: 'again', checkpoint }))
    assert.equal(JSON.stringify(stub.requests.at(-1)?.messages).includes('boom'), false)
  })

  test('a prompt arrives byte for byte: quotes, templates, substitutions, emoji, 400 KB', async () => {
    const tricky = `"double" 'single' \`back\` {{x}} {% y %} $(touch /tmp/no) $HOME \\n %s 🎼 naïve\ttab\n-t --flag\n@file /clear`
    const prompts = [tricky, `${tricky}\n${'0123456789abcdé\n'.repeat(25_000)}end`, '-leading dash', '/compact']
    for (const prompt of prompts) {
      const run = await goose.run(await goose.input({ prompt }))
      assert.ok(run.outcome.ok, `${prompt.length} characters: ${JSON.stringify(run.outcome)}`)
      const sent = lastUserText() ?? ''
      assert.equal(
        hash(sent),
        hash(prompt),
        `${prompt.length} characters sent, ${sent.length} arrived: ${sent.slice(-80)}`,
      )
    }
  })

  test('the model key is in no environment and no argument, and its file is private', async () => {
    let seen = ''
    const turn = await goose.input({ prompt: '[[wait 1]] hello' })
    const run = await goose.run(turn, {
      whileRunning: async (pid) => {
        await new Promise((resolve) => setTimeout(resolve, 400))
        seen = `${await readFile(`/proc/${pid}/environ`, 'utf8')}\n${await readFile(`/proc/${pid}/cmdline`, 'utf8')}`
      },
    })
    assert.ok(run.outcome.ok)
    assert.match(seen, /GOOSE_PATH_ROOT=/)
    assert.equal(seen.includes('sk-or-stub-key'), false)
    assert.equal(stub.requests.at(-1)?.key, 'Bearer sk-or-stub-key')
    assert.equal((await stat(path.join(turn.rootDir, 'config', 'secrets.yaml'))).mode & 0o777, 0o600)
  })

  test('each provider is asked at its own path, with its own key', async () => {
    const asked: [api: ProviderApi, baseUrl: string, path: string, key: string | null][] = [
      ['openrouter', stub.url, '/api/v1/chat/completions', 'Bearer k-1234567'],
      ['openrouter', `${stub.url}/api/v1/`, '/api/v1/chat/completions', 'Bearer k-1234567'],
      ['openai', stub.url, '/v1/chat/completions', 'Bearer k-1234567'],
      ['openai', `${stub.url}/compatible/v1`, '/compatible/v1/chat/completions', 'Bearer k-1234567'],
      ['anthropic', `${stub.url}/v1`, '/v1/messages', 'k-1234567'],
      ['ollama', stub.url, '/v1/chat/completions', null],
    ]
    for (const [api, baseUrl, where, key] of asked) {
      const apiKey = key === null ? null : 'k-1234567'
      const run = await goose.run(
        await goose.input({ model: { provider: 'any', api, model: 'stub/echo', baseUrl, apiKey } }),
      )
      assert.ok(run.outcome.ok, `${api} at ${baseUrl}: ${JSON.stringify(run.outcome)}`)
      const request = stub.requests.at(-1)
      assert.deepEqual([request?.path, request?.key], [where, key], `${api} at ${baseUrl}`)
    }
  })

  test('a stop ends the shell’s children too', async () => {
    const turn = await goose.input({
      mode: 'full',
      prompt: '[[tool shell {"command":"sleep 300 & setsid sleep 300 & sleep 300"}]] [[say done]]',
    })
    const run = await goose.run(turn, {
      whileRunning: async () => {
        for (let i = 0; i < 300 && processesOf(turn.id).length < 4; i++)
          await new Promise((resolve) => setTimeout(resolve, 20))
        assert.ok(processesOf(turn.id).length >= 4, 'Goose, the shell and its children are running')
        await goose.driver.stop(turn.id, 1, { signal: 'TERM', graceMs: 3_000 }, 'asked')
      },
    })
    assert.equal(run.outcome.ok ? 'ok' : run.outcome.kind, 'cancelled')
    assert.deepEqual(processesOf(turn.id), [])
  })

  test('an MCP server gets its arguments and variables unchanged, and nothing of the agent', async () => {
    const script = path.join(goose.dir, 'mcp server.mjs')
    await writeFile(script, mcpServer)
    const args = ['has space', `"double" and 'single'`, '$HOME `id` $(id)', '--flag=x y', '', '🎼']
    const env = { ODD: `a "b" 'c' $HOME`, MY_API_KEY: 'sk-of-the-server' }
    const server = stdioServer({ name: 'my server', args: [script, ...args], env, secrets: ['sk-of-the-server'] })
    const turn = await goose.input({ prompt: '[[tool my-server__report {}]] [[say done]]', mcpServers: [server] })
    const run = await goose.run(turn)
    assert.ok(run.outcome.ok, JSON.stringify(run.outcome))
    const returned = run.events.find((event) => event.type === 'tool.returned')
    const report = JSON.parse(returned?.output ?? '{}') as { args: string[]; env: Record<string, string> }
    assert.deepEqual(report.args, args)
    assert.equal(report.env['ODD'], env.ODD)
    assert.equal(report.env['MAESTRO_RUN_ID'], turn.id)
    assert.deepEqual(
      Object.keys(report.env).filter((name) => !['ODD', 'MY_API_KEY', 'MAESTRO_RUN_ID', 'PATH', 'HOME'].includes(name)),
      [],
    )
    assert.equal(JSON.stringify(run.plan.argv).includes('sk-of-the-server'), false)
    assert.ok(run.plan.secrets.includes('sk-of-the-server'))
  })

  test('each turn of a conversation offers exactly its own MCP servers', async () => {
    const script = path.join(goose.dir, 'plain.mjs')
    await writeFile(script, mcpServer)
    const server = (name: string) => stdioServer({ name, args: [script] })
    const offered: string[][] = []
    let checkpoint: Checkpoint | null = null
    for (const mcpServers of [[server('xs')], [server('ys')], []]) {
      const run: GooseRun = await goose.run(await goose.input({ mcpServers, checkpoint }))
      assert.ok(run.outcome.ok)
      offered.push((stub.requests.at(-1)?.toolNames ?? []).filter((name) => name !== 'load_skill'))
      checkpoint = await checkpointOf(run)
    }
    assert.deepEqual(offered, [['xs__report'], ['ys__report'], []])
  })

  test('two turns at once do not mix', async () => {
    const turns: TurnInput[] = []
    for (const model of ['stub/echo', 'stub/other']) {
      const access = {
        provider: 'openrouter',
        api: 'openrouter' as const,
        model,
        baseUrl: stub.url,
        apiKey: `key-of-${model}`,
      }
      turns.push(await goose.input({ prompt: `for ${model}`, model: access }))
    }
    const runs = await Promise.all(turns.map((turn) => goose.run(turn)))
    assert.deepEqual(
      runs.map((run) => (run.outcome.ok ? run.outcome.text : run.outcome.kind)),
      ['model=stub/echo turns=1: for stub/echo', 'model=stub/other turns=1: for stub/other'],
    )
    for (const model of ['stub/echo', 'stub/other']) {
      assert.equal(stub.requests.findLast((request) => request.model === model)?.key, `Bearer key-of-${model}`)
    }
  })

  test('without shell tools in mode plan, with them in mode full', async () => {
    await goose.run(await goose.input({ mode: 'plan' }))
    const plan = stub.requests.at(-1)?.toolNames
    await goose.run(await goose.input({ mode: 'full' }))
    const full = stub.requests.at(-1)?.toolNames
    // `load_skill` comes with the state machine: it only reads help texts.
    assert.deepEqual(plan, ['load_skill'])
    assert.ok(full?.includes('shell'))
  })
})

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A stdio MCP server with one tool, which tells how the server was started. */
const mcpServer = `
import { createInterface } from 'node:readline'
const tool = { name: 'report', description: 'how this server was started', inputSchema: { type: 'object', properties: {} } }
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  const reply = (body) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...body }) + '\\n')
  if (method === 'initialize') reply({ result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'report', version: '1' } } })
  else if (method === 'tools/list') reply({ result: { tools: [tool] } })
  else if (method === 'tools/call') reply({ result: { content: [{ type: 'text', text: JSON.stringify({ args: process.argv.slice(2), env: process.env }) }] } })
  else reply({ error: { code: -32601, message: 'no ' + method } })
}
`
