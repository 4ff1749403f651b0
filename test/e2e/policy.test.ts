// What agents may do, on a real server: an MCP client over stdio and a token over HTTP are refused, asked about and let
// pass; the brakes hold; the log says what happened, and nothing secret is written.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Approval, AuditPage, AuditReport, Brakes, NewRule, Rule, StopAll } from '#src/calls/contract.ts'
import type { Problem } from '#src/core/index.ts'
import { needsPostgres, startPostgres } from '#src/store/testing/index.ts'
import type { Run } from '#src/workflows/contract.ts'
import { envOf, maestro } from '#test/harness/command.ts'
import { filesWith } from '#test/harness/data-folder.ts'
import { root, startServer, steps, type TestServer } from '#test/harness/server.ts'

const base = { agent: 'fake', model: 'sample/violin' }

interface Answered {
  readonly isError: boolean
  readonly text: string
  readonly code: string | undefined
}

/** An agent: `maestro mcp` and a client that cannot show anybody a question. */
async function agentOf(server: TestServer, name: string) {
  const client = new Client({ name, version: '1' })
  const env = { PATH: process.env['PATH'] ?? '', ...envOf(server) }
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--liftoff-only', `${root}/src/main.ts`, 'mcp', '--as', name],
      env,
      cwd: server.home,
      stderr: 'ignore',
    }),
  )
  return {
    async call(tool: string, input: Record<string, unknown>): Promise<Answered> {
      const result = await client.callTool({ name: tool, arguments: input })
      const structured = result.structuredContent as { error?: { code: string } } | undefined
      return {
        isError: result.isError === true,
        text: JSON.stringify(result.content),
        code: structured?.error?.code,
      }
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

describe('what agents may do', () => {
  let server: TestServer
  let env: Record<string, string>
  const cli = async (args: string[], code = 0): Promise<string> => {
    const ran = await maestro([...args, '--json'], { env })
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.err}${ran.out}`)
    return ran.out
  }
  const json = async <T>(args: string[], code = 0): Promise<T> => JSON.parse(await cli(args, code)) as T
  /** By the token of the tests, which has no limits: what needs no command line is quicker so. */
  const pending = async () => (await server.api<{ items: Approval[] }>('GET', '/approvals?state=pending')).items
  const addRule = (rule: NewRule) => server.api<Rule>('POST', '/rules', rule)
  const removeRule = ({ id }: Rule) => server.api('DELETE', `/rules/${id}`)
  const setBrakes = (change: Partial<Brakes>) => server.api<Brakes>('PUT', '/brakes', change)
  const tokenOf = async (name: string, more: object) =>
    (await server.api<{ token: string }>('POST', '/tokens', { name, ...more })).token

  before(async () => {
    server = await startServer({ auth: true })
    env = envOf(server)
  })
  after(() => server[Symbol.asyncDispose]())

  test('a command that must be asked for: refused with an id, approved on the command line, let pass once', async () => {
    const rule = await json<Rule>([
      'rules',
      'add',
      'ask',
      '--tool',
      'maestro_exec',
      '--note',
      'commands are asked about',
    ])
    await using agent = await agentOf(server, 'claude')
    const marker = `${server.home}/made`
    const input = { command: `echo x >> ${marker}` }
    const refused = await agent.call('maestro_exec', input)
    assert.ok(refused.isError)
    assert.match(refused.text, /commands are asked about/)
    const [waiting] = (await pending()) as [Approval]
    assert.match(refused.text, new RegExp(waiting.id))
    assert.deepEqual(waiting.actor, { kind: 'client', name: 'claude' })
    assert.match(waiting.input, /echo x/)
    // Again: it waits on the same one.
    await agent.call('maestro_exec', input)
    assert.deepEqual(
      (await pending()).map(({ id }) => id),
      [waiting.id],
    )

    const shown = await maestro(['approvals', 'show', waiting.id.slice(0, 10)], { env })
    assert.match(shown.out, /client claude[\s\S]*maestro_exec[\s\S]*echo x/)
    const approved = await json<Approval>(['approvals', 'approve', waiting.id.slice(0, 12)])
    assert.deepEqual([approved.state, approved.decidedVia], ['approved', 'cli'])

    assert.ok((await agent.call('maestro_exec', { command: `echo y >> ${marker}` })).isError, 'one byte changed')
    await using other = await agentOf(server, 'codex')
    assert.ok((await other.call('maestro_exec', input)).isError, 'another caller')
    const passed = await agent.call('maestro_exec', input)
    assert.ok(!passed.isError, passed.text)
    assert.ok((await agent.call('maestro_exec', input)).isError, 'once')
    const { stdout } = await promisify(execFile)('cat', [marker])
    assert.equal(stdout, 'x\n')

    for (const { id } of await pending()) {
      if (id !== waiting.id) await server.api('POST', `/approvals/${id}/decision`, { approve: false })
    }
    const no = await agent.call('maestro_exec', input)
    assert.match(no.text, /a person said no/)
    assert.deepEqual(await pending(), [])
    await cli(['rules', 'remove', rule.id.slice(0, 12)])
    assert.ok(!(await agent.call('maestro_exec', { command: 'true' })).isError)
  })

  test('a client keeps off credentials, approvals, rules, brakes, secrets and settings', async () => {
    await using agent = await agentOf(server, 'claude')
    const tries: [string, Record<string, unknown>][] = [
      ['token_create', { name: 'mine' }],
      ['session_link', {}],
      ['rule_add', { effect: 'allow' }],
      ['approval_decide', { approvalId: 'apr_x', approve: true }],
      ['brakes_set', { paused: false }],
      ['stop_all', {}],
      ['secrets_set', { name: 'OPENROUTER_API_KEY', value: 'x' }],
      ['budget_set', { monthlyUsd: null, perRunUsd: null }],
      ['system_stop', {}],
      ['audit_list', {}],
    ]
    for (const [tool, input] of tries) {
      const answer = await agent.call(tool, input)
      assert.ok(answer.isError && /may not/.test(answer.text), `${tool}: ${answer.text}`)
    }
    assert.deepEqual((await server.api<{ items: Rule[] }>('GET', '/rules')).items, [])
  })

  test('a rule about a host is a wall for a token over HTTP too; the person at the machine is not bound', async () => {
    const token = (await json<{ token: string }>(['token', 'create', 'remote', '--agent'])).token
    const exec = async (command: string): Promise<Problem> => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await server.raw('POST', '/api/v1/tools/maestro_exec', { command }, headers)
      return (await response.json()) as Problem
    }
    const rule = await addRule({ effect: 'deny', client: 'rem*', command: '**whoami**' })
    const problem = await exec('cd / && whoami')
    assert.deepEqual([problem.code, problem.details], ['forbidden', { decision: 'deny', kind: 'rule', executed: 'no' }])
    assert.equal((await exec('true')).code, undefined)
    assert.equal((await maestro(['exec', '--', 'whoami'], { env })).code, 0)
    await removeRule(rule)
    assert.equal((await exec('whoami')).code, undefined)
    const bad = await maestro(['rules', 'add', 'deny', '--path', '/srv/../etc'], { env })
    assert.equal(bad.code, 2)
    assert.match(bad.err, /path: a path without/)
  })

  test('paused: agents change nothing, no command starts, queued runs wait; let go, they begin at once', async () => {
    await using agent = await agentOf(server, 'claude')
    const workflow = JSON.parse(
      (await agent.call('workflow_create', { ...base, name: 'Waits', steps: steps('[[stream 3 1]]') })).text,
    ) as unknown
    assert.ok(workflow)
    const paused = await json<Brakes>(['pause'])
    assert.equal(paused.paused, true)
    const status = await maestro(['status'], { env })
    assert.match(status.out, /paused/)
    const command = await agent.call('maestro_exec', { command: 'true' })
    assert.match(command.text, /Maestro is paused/)
    const mine = await maestro(['exec', '--', 'true'], { env })
    assert.match(mine.err, /Maestro is paused/)
    assert.match((await agent.call('workflow_create', { ...base, name: 'X', steps: steps('x') })).text, /paused/)
    assert.ok(!(await agent.call('workflow_list', {})).isError)
    const started = await json<{ id: string }>(['run', 'Waits'])
    const state = async () => (await server.api<Run>('GET', `/runs/${started.id}`)).status
    // A look of its own, as the sweep takes one, does not take it up either.
    await maestro(['run', 'Waits'], { env })
    assert.equal(await state(), 'queued')
    const freed = await json<Brakes>(['unpause'])
    assert.deepEqual(freed, { paused: false, readOnly: false, since: null, by: null })
    assert.equal((await server.ended(started.id)).status, 'succeeded')
  })

  test('read-only: agents look and change nothing; people do as before', async () => {
    await using agent = await agentOf(server, 'claude')
    await setBrakes({ readOnly: true })
    for (const [tool, input] of [
      ['maestro_exec', { command: 'true' }],
      ['workflow_create', { ...base, name: 'X', steps: steps('x') }],
    ] as const) {
      assert.match((await agent.call(tool, input)).text, /read-only for agents/)
    }
    assert.ok(!(await agent.call('workflow_list', {})).isError)
    assert.equal((await maestro(['exec', '--', 'true'], { env })).code, 0)
    await cli(['unpause', '--read-only'])
    assert.ok(!(await agent.call('maestro_exec', { command: 'true' })).isError)
  })

  test('stop --all ends every run and command, pauses, and leaves the server', async () => {
    await using agent = await agentOf(server, 'claude')
    await cli(['run', 'Waits'])
    assert.ok(!(await agent.call('maestro_exec', { command: 'sleep 60', wait_s: 0 })).isError)
    await agent.call('workflow_create', { ...base, name: 'Long', steps: steps('[[stream 400 50]]') })
    const run = await json<{ id: string }>(['run', 'Long'])
    const stopped = await json<StopAll>(['stop', '--all'])
    assert.equal(stopped.brakes.paused, true)
    assert.ok(stopped.asked.runs >= 1 && stopped.asked.commands >= 1, JSON.stringify(stopped.asked))
    assert.equal((await server.ended(run.id)).status, 'cancelled')
    assert.ok(server.isRunning())
    const again = await maestro(['stop', '--all'], { env })
    assert.match(again.out, /paused[\s\S]*The server goes on/)
    await setBrakes({ paused: false })
  })

  test('the log tells who did what, can be searched, and is whole', async () => {
    const denied = await json<AuditPage>([
      'audit',
      'list',
      '--actor',
      'client:claude',
      '--outcome',
      'denied',
      '--limit',
      '5',
    ])
    assert.equal(denied.items.length, 5)
    assert.ok(denied.items.every((row) => row.phase === 'denied' && row.actor.kind === 'client'))
    const older = await server.api<AuditPage>('GET', `/audit?outcome=denied&before=${denied.next}`)
    assert.ok(older.items.every(({ seq }) => seq < (denied.next ?? 0)))
    const byApproval = await json<AuditPage>([
      'audit',
      'list',
      '--tool',
      'maestro_exec',
      '--outcome',
      'succeeded',
      '--subject',
      'ECHO X',
    ])
    assert.match(byApproval.items[0]?.approvalId ?? '', /^apr_/)
    const report = await json<AuditReport>(['audit', 'verify'])
    assert.deepEqual([report.ok, report.broken, report.unfinished], [true, null, []])
    assert.match((await maestro(['audit'], { env })).out, /ROW[\s\S]*maestro_exec/)
  })

  test('the page hears that something waits', async () => {
    const token = await tokenOf('listener', { readOnly: true })
    const gone = new AbortController()
    const response = await fetch(`${server.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(20_000)]),
    })
    const rule = await addRule({ effect: 'ask', tool: 'maestro_exec' })
    await using agent = await agentOf(server, 'claude')
    const asked = agent.call('maestro_exec', { command: 'echo heard' })
    let heard = ''
    for await (const chunk of response.body ?? []) {
      heard += Buffer.from(chunk as Uint8Array).toString()
      if (/event: policy\ndata: \{"parts":\[[^\]]*"approvals"/.test(heard)) break
    }
    gone.abort()
    assert.ok((await asked).isError)
    await removeRule(rule)
  })

  test('twenty secrets in commands are in no approval, no audit row and no file', async () => {
    const canaries = Array.from({ length: 20 }, (_, i) => `CANARY-${i}-7d1f0c55aa9e4b1b`)
    for (const [i, canary] of canaries.slice(0, 10).entries()) {
      await server.api('PUT', `/secrets/CANARY_${i}`, { value: canary })
    }
    const rule = await addRule({ effect: 'ask', tool: 'maestro_exec' })
    await using agent = await agentOf(server, 'claude')
    const refused = await agent.call('maestro_exec', {
      command: `curl -H "Authorization: Bearer ${canaries[10]}" https://x:${canaries[11]}@h/ ${canaries.slice(0, 10).join(' ')}`,
      env: Object.fromEntries(canaries.slice(12).map((canary, i) => [`S${i}_TOKEN`, canary])),
    })
    assert.ok(refused.isError)
    const approvals = await (await server.raw('GET', '/api/v1/approvals')).text()
    const audit = await (await server.raw('GET', '/api/v1/audit?limit=500')).text()
    assert.match(approvals, /S0_TOKEN/)
    for (const [i, canary] of canaries.entries()) {
      // What stands in a command line and was never told to Maestro as a secret is shown as it is in the subject.
      if (i === 10 || i === 11) continue
      assert.ok(!approvals.includes(canary), `canary ${i} is in the approvals`)
      assert.ok(!audit.includes(canary), `canary ${i} is in the audit log`)
    }
    await removeRule(rule)
    for (const canary of canaries.slice(12)) {
      assert.deepEqual(await filesWith(server.dataDir, canary), [])
      assert.ok(!server.log().includes(canary))
    }
  })
})

describe('brakes and rules on two nodes', needsPostgres(), () => {
  test('a pause, a rule and an approval of one node hold on the other from its next call on', async () => {
    await using open = new AsyncDisposableStack()
    const postgres = open.use(await startPostgres())
    const shared = {
      DATABASE_URL: await postgres.createDatabase(),
      MAESTRO_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      MAESTRO_LEASE_MS: '2000',
    }
    const [left, right] = (await Promise.all(
      ['left', 'right'].map(async (name) =>
        open.use(await startServer({ env: { ...shared, MAESTRO_NODE_NAME: name } })),
      ),
    )) as [TestServer, TestServer]
    const workflow = await left.createWorkflow({ ...base, name: 'Held', steps: steps('[[stream 3 1]]') })

    await left.api('PUT', '/brakes', { paused: true })
    const run = await left.startRun(workflow.id)
    const refused = await right.raw('POST', '/api/v1/tools/maestro_exec', { command: 'true' })
    assert.equal(((await refused.json()) as Problem).details?.['kind'], 'paused')
    assert.equal((await right.api<Run>('GET', `/runs/${run.id}`)).status, 'queued')
    await right.api('PUT', '/brakes', { paused: false })
    assert.equal((await left.ended(run.id)).status, 'succeeded')

    await using agent = await agentOf(right, 'claude')
    const input = { command: 'echo both' }
    assert.ok(!(await agent.call('maestro_exec', input)).isError)
    await left.api<Rule>('POST', '/rules', { effect: 'ask', tool: 'maestro_exec' })
    assert.ok((await agent.call('maestro_exec', input)).isError)
    const { items } = await left.api<{ items: Approval[] }>('GET', '/approvals?state=pending')
    await left.api('POST', `/approvals/${items[0]?.id}/decision`, { approve: true })
    assert.ok(!(await agent.call('maestro_exec', input)).isError)
    assert.ok((await agent.call('maestro_exec', input)).isError)
    assert.equal((await left.api<AuditReport>('POST', '/audit/verify', {})).ok, true)
  })
})
