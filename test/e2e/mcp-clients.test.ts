// MCP clients that others wrote, as their makers ship them, against a real server: the Inspector, Claude Code and
// mcp-remote. None of them needs an account, a key or a network.

import assert from 'node:assert/strict'
import { mkdtemp, mkdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { type CommandResult, envOf, program } from '../harness/command.ts'
import type { InspectorRun } from '../harness/inspector-calls.ts'
import { root, startServer, type TestServer } from '../harness/server.ts'
import { leftOut, shapeOf, workingInputs } from '../harness/tool-inputs.ts'
import { findPart, without } from '../parts.ts'

interface ListedTool {
  readonly name: string
  readonly inputSchema: object
}

let server: TestServer
let home: string
let token: string
before(async () => {
  // Everyone must say who they are, as on a machine of many.
  server = await startServer({ auth: true })
  home = await mkdtemp(join(tmpdir(), 'maestro-clients-'))
  token = (await server.api<{ token: string }>('POST', '/tokens', { name: 'clients' })).token
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

const bearer = () => `Authorization: Bearer ${token}`
const onNode = (part: 'inspector' | 'mcp-remote', args: readonly string[]): Promise<CommandResult> =>
  program(process.execPath, [findPart(part) ?? '', ...args], {
    env: { HOME: home },
    cwd: home,
    // One of them takes the end of its input for the end of its work.
    stdin: null,
    timeoutMs: 120_000,
  })

const eras = ['legacy', 'modern', 'auto'] as const
type Era = (typeof eras)[number]

describe('the Inspector', { skip: without('inspector') }, () => {
  const argumentsFor = (era: Era, profile: string, ...rest: readonly string[]): string[] => {
    const url = `${server.url}/mcp?profile=${profile}`
    const how = ['--cli', '--server-url', url, '--transport', 'http', '--protocol-era', era, '--header', bearer()]
    return [...how, '--format', 'json', ...rest]
  }
  const inspect = (era: Era, profile: string, ...rest: readonly string[]): Promise<CommandResult> =>
    onNode('inspector', argumentsFor(era, profile, ...rest))
  const list = async (era: Era, profile: string): Promise<ListedTool[]> => {
    const { code, out, err } = await inspect(era, profile, '--method', 'tools/list', '--strict')
    assert.equal(code, 0, err)
    return (JSON.parse(out) as { result: { tools: ListedTool[] } }).result.tools
  }
  const callArguments = (era: Era, tool: string, input: unknown): string[] => {
    const what = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(input)]
    return argumentsFor(era, 'full', ...what)
  }

  for (const profile of ['default', 'full', 'core', 'compat', 'workflows'] as const) {
    test(`lists the profile ${profile} in every era, and finds no schema that clients could not read`, async () => {
      const lists = await Promise.all(eras.map((era) => list(era, profile)))
      const [first = [], ...rest] = lists.map((tools) => tools.map(({ name }) => name))
      assert.ok(first.length > 0)
      for (const names of rest) assert.deepEqual(names, first)
    })
  }

  test('calls what the default profile lists in every era, and everything else in one: no answer breaks its schema', async (t) => {
    const isDefault = new Set((await list('auto', 'default')).map(({ name }) => name))
    const tools = await list('auto', 'full')
    const problems = await Promise.all(
      eras.map(async (era, turn) => {
        const calls = (await callsOf(tools)).filter(({ name }, index) => isDefault.has(name) || index % 3 === turn)
        const runs = await inspectMany(calls.map(({ name, input }) => callArguments(era, name, input)))
        assert.equal(runs.length, calls.length)
        const answered = runs.filter(({ code }) => code === 0).length
        t.diagnostic(`${era}: ${calls.length} tools called, ${answered} answered, the rest refused with a typed error`)
        return calls.flatMap(({ name, mustWork }, index) => {
          const { code, out, err } = runs[index] ?? { code: -1, out: '', err: 'was not called' }
          const isFine = code === 0 || (code === 5 && !mustWork && isTyped(resultIn(out)))
          return isFine ? [] : [`${name} (${era}) ended with ${code}: ${err} ${out.slice(0, 500)}`]
        })
      }),
    )
    assert.deepEqual(problems.flat(), [])
  })

  test('is told by an exit code and a JSON error that a tool is not there, or that a call failed', async () => {
    const [missing, failed] = await Promise.all([
      onNode('inspector', callArguments('auto', 'maestro_nothing', {})),
      onNode('inspector', callArguments('modern', 'workflow_get', { workflowId: 'nothing' })),
    ])
    for (const [{ code, err }, kind] of [
      [missing, 'tool_not_found'],
      [failed, 'tool_is_error'],
    ] as const) {
      assert.equal(code, 5)
      assert.equal((JSON.parse(err) as { error: { code: string } }).error.code, kind)
    }
    assert.ok(isTyped(resultIn(failed.out)))
  })

  test('is refused without a token', async () => {
    const where = ['--server-url', `${server.url}/mcp`, '--transport', 'http']
    const { code, err } = await onNode('inspector', ['--cli', ...where, '--method', 'tools/list'])
    assert.notEqual(code, 0)
    assert.match(err, /auth|401/i)
  })

  /** Its command line as it is, run many times in one process. */
  async function inspectMany(runs: readonly (readonly string[])[]): Promise<InspectorRun[]> {
    const launcher = await realpath(findPart('inspector') ?? '')
    const entry = join(dirname(launcher), '../../cli/build/index.js')
    const { code, out, err } = await program(process.execPath, [join(root, 'test/harness/inspector-calls.ts'), entry], {
      env: { HOME: home },
      cwd: home,
      stdin: JSON.stringify(runs),
      timeoutMs: 240_000,
    })
    assert.equal(code, 0, err)
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as InspectorRun)
  }
})

describe('the client of the SDK, which checks every answer by its schema', () => {
  for (const era of ['legacy', 'modern'] as const) {
    test(`calls every tool there is in the era ${era}`, async (t) => {
      const negotiation = { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } as const
      const client = new Client({ name: 'everything', version: '1.0.0' }, { versionNegotiation: negotiation })
      const headers = { Authorization: `Bearer ${token}` }
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${server.url}/mcp?profile=full`), { requestInit: { headers } }),
      )
      let answered = 0
      const problems: string[] = []
      const calls = await callsOf((await client.listTools()).tools)
      for (const { name, input, mustWork } of calls) {
        try {
          const result = await client.callTool({ name, arguments: input as Record<string, unknown> })
          if (result.isError !== true) answered += 1
          else if (mustWork || !isTyped(result)) problems.push(`${name}: ${JSON.stringify(result).slice(0, 500)}`)
        } catch (error) {
          problems.push(`${name}: ${String(error)}`)
        }
      }
      await client.close()
      t.diagnostic(`${era}: ${calls.length} tools called, ${answered} answered, the rest refused with a typed error`)
      assert.deepEqual(problems, [])
    })
  }
})

interface Call {
  readonly name: string
  readonly input: unknown
  /** Else it may be refused, with a typed error. */
  readonly mustWork: boolean
}

/** One of every tool that may be called; first those that work, since some prepare what others read. */
async function callsOf(tools: readonly ListedTool[]): Promise<Call[]> {
  const folder = await mkdtemp(join(home, 'files-'))
  const run = await server.startRun('sample')
  await server.ended(run.id)
  const working = workingInputs({ folder, runId: run.id })
  const ready = Object.entries(working).map(([name, input]) => ({ name, input, mustWork: true }))
  const rest = tools.filter(({ name }) => !leftOut.has(name) && !Object.hasOwn(working, name))
  return [...ready, ...rest.map(({ name, inputSchema }) => ({ name, input: shapeOf(inputSchema), mustWork: false }))]
}

interface ToolResult {
  readonly structuredContent?: unknown
}

function resultIn(out: string): ToolResult {
  return (JSON.parse(out) as { result: ToolResult }).result
}

/** A refusal as we document it. */
function isTyped(result: ToolResult): boolean {
  const { error } = (result.structuredContent ?? {}) as { error?: { code?: unknown; executed?: unknown } }
  return typeof error?.code === 'string' && /^[A-Z_]+$/.test(error.code) && typeof error.executed === 'string'
}

describe('Claude Code', { skip: without('claude-code') }, () => {
  const claude = async (...args: readonly string[]): Promise<CommandResult> => {
    const config = join(home, 'claude')
    await mkdir(config, { recursive: true })
    const env = {
      HOME: home,
      CLAUDE_CONFIG_DIR: config,
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }
    return program(findPart('claude-code') ?? '', args, { env, cwd: home, timeoutMs: 120_000 })
  }

  test('connects over HTTP with a token', async () => {
    const added = await claude('mcp', 'add', '--transport', 'http', 'web', `${server.url}/mcp`, '--header', bearer())
    assert.equal(added.code, 0, added.err)
    assert.match((await claude('mcp', 'list')).out, /^web: .*Connected$/m)
  })

  test('is not connected with a token that is not valid', async () => {
    const header = `Authorization: Bearer ${token.slice(0, -4)}aaaa`
    await claude('mcp', 'add', '--transport', 'http', 'stranger', `${server.url}/mcp`, '--header', header)
    assert.doesNotMatch((await claude('mcp', 'list')).out, /^stranger: .*Connected/m)
  })

  test('connects over stdio to the running server', async () => {
    const variables = Object.entries(envOf(server)).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const added = await claude('mcp', 'add', 'pipe', ...variables, '--', join(root, 'bin/maestro'), 'mcp')
    assert.equal(added.code, 0, added.err)
    assert.match((await claude('mcp', 'list')).out, /^pipe: .*Connected$/m)
  })
})

describe('mcp-remote', { skip: without('mcp-remote') }, () => {
  test('lists the tools through its bridge, with a token in a header', async () => {
    const { code, out, err } = await onNode('mcp-remote', [`${server.url}/mcp`, '--header', bearer()])
    const said = `${out}${err}`
    assert.equal(code, 0, said)
    assert.match(said, /"name": "maestro_exec"/)
    assert.ok(!said.includes(token))
  })
})
