// The MCP face on the real server: tasks, approvals, profiles, resources, and what one client may see of another's.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { MadeToken } from '#src/auth/contract.ts'
import type { Approval, Rule } from '#src/calls/contract.ts'
import { endOfTask, modernClient, tasksExtension } from '../harness/mcp.ts'
import { startServer, type TestServer } from '../harness/server.ts'

const withTasks = { extensions: { [tasksExtension]: {} } }

let server: TestServer
before(async () => {
  server = await startServer({ auth: true, keepPort: true })
})
after(async () => server[Symbol.asyncDispose]())

const token = async (name: string, isReadOnly = false): Promise<string> =>
  (await server.api<MadeToken>('POST', '/tokens', { name, readOnly: isReadOnly })).token

async function connect(value: string, era: 'legacy' | 'modern', options: ClientOptions = {}, query = '') {
  const client = new Client(
    { name: 'e2e', version: '1' },
    { ...options, versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } },
  )
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp${query}`), {
      requestInit: { headers: { authorization: `Bearer ${value}` } },
    }),
  )
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() })
}

const exec = (command: string, extra: object = {}) => ({ name: 'maestro_exec', arguments: { command, ...extra } })

test('a client that knows tasks has a handle for a slow command within 2.5 s, and follows it to its end', async () => {
  const client = modernClient(server.url, await token('knows tasks'), withTasks)
  const beganAt = Date.now()
  const handle = await client.ask('tools/call', exec('sleep 2.4; echo done'))
  assert.ok(Date.now() - beganAt < 2_500, `${Date.now() - beganAt} ms`)
  assert.equal(handle['resultType'], 'task')
  assert.equal(handle['status'], 'working')
  const taskId = String(handle['taskId'])
  const ended = await endOfTask(client, taskId)
  assert.equal(ended['status'], 'completed')
  const { structuredContent } = ended['result'] as { structuredContent: Record<string, unknown> }
  assert.equal(structuredContent['stdout'], 'done\n')
  assert.equal(structuredContent['exit_code'], 0)
})

test('a handle outlives the server, and a cancelled task is over with all it has started', async () => {
  const client = modernClient(server.url, await token('outlives'), withTasks)
  const { taskId } = await client.ask('tools/call', exec('sleep 300 & sleep 301', { wait_s: 0 }))
  await server.kill()
  await server.restart()
  assert.equal((await client.ask('tasks/get', { taskId }))['status'], 'working')
  await client.ask('tasks/cancel', { taskId })
  const ended = await endOfTask(client, String(taskId))
  assert.equal(ended['status'], 'cancelled')
  // Once more is as good as once.
  await client.ask('tasks/cancel', { taskId })
})

test('a client that does not know tasks is told `running` as an answer, and the methods are not there for it', async () => {
  const client = modernClient(server.url, await token('plain'))
  const answer = await client.ask('tools/call', exec('sleep 30', { wait_s: 0 }))
  assert.equal(answer['resultType'], 'complete')
  const { status, task_id: taskId } = answer['structuredContent'] as { status: string; task_id: string }
  assert.equal(status, 'running')
  const refused = await client.say('tasks/get', { taskId })
  assert.equal(refused.error?.code, -32_021)
  await client.ask('tools/call', { name: 'task', arguments: { action: 'cancel', task_id: taskId } })
})

test('what somebody else has started is not there for a limited client: task, cancel, tool, resource', async () => {
  const mine = modernClient(server.url, await token('mine'), withTasks)
  const other = modernClient(server.url, await token('other', true), withTasks)
  const { taskId } = await mine.ask('tools/call', exec('sleep 30', { wait_s: 0 }))
  for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
    assert.equal((await other.say(method, { taskId })).error?.code, -32_602, method)
  }
  for (const uri of [`maestro://tasks/${String(taskId)}`, `maestro://tasks/${String(taskId)}/output`]) {
    assert.equal((await other.say('resources/read', { uri })).error?.code, -32_602, uri)
    assert.equal((await mine.say('resources/read', { uri })).error, undefined, uri)
  }
  const told = await other.ask('tools/call', { name: 'task', arguments: { task_id: taskId } })
  assert.equal((told['structuredContent'] as { error: { code: string } }).error.code, 'NOT_FOUND')
  assert.equal((await mine.ask('tasks/get', { taskId }))['status'], 'working')
  await mine.ask('tasks/cancel', { taskId })
})

test('3 MB of output are an excerpt in the answer and whole as a resource', async () => {
  await using client = await connect(await token('reads output'), 'modern')
  const answer = await client.callTool(exec('head -c 3000000 /dev/zero | tr "\\0" x'))
  const { stdout, truncated, output_uri: uri } = answer.structuredContent as Record<string, unknown>
  assert.ok(String(stdout).length <= 17_000)
  assert.equal(truncated, true)
  const { contents } = await client.readResource({ uri: String(uri) })
  const text = contents[0] !== undefined && 'text' in contents[0] ? contents[0].text : ''
  assert.equal(
    createHash('sha256').update(text).digest('hex'),
    createHash('sha256').update('x'.repeat(3_000_000)).digest('hex'),
  )
})

for (const era of ['legacy', 'modern'] as const) {
  test(`${era}: a call that a rule asks about is asked at the client, runs after a yes, and not after a no`, async () => {
    const name = `asked ${era}`
    const value = await token(name)
    const rule = await server.api<Rule>('POST', '/rules', { effect: 'ask', client: name, tool: 'maestro_exec' })
    const asked: string[] = []
    let says = true
    await using client = await connect(value, era, { capabilities: { elicitation: { form: {} } } })
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message)
      return { action: 'accept', content: { approve: says } }
    })
    const yes = await client.callTool(exec('echo approved'))
    assert.equal((yes.structuredContent as { stdout: string }).stdout, 'approved\n')
    assert.match(asked[0] ?? '', /maestro_exec[\s\S]*echo approved/)
    says = false
    const no = await client.callTool(exec('echo refused'))
    assert.equal((no.structuredContent as { error: { code: string } }).error.code, 'POLICY_DENIED')
    assert.equal(asked.length, 2)
    await server.api('DELETE', `/rules/${rule.id}`)
  })
}

test('a client that cannot ask gets the id of what waits at the page, and its call passes once that was approved', async () => {
  const value = await token('cannot ask')
  const rule = await server.api<Rule>('POST', '/rules', { effect: 'ask', client: 'cannot ask', tool: 'maestro_exec' })
  await using client = await connect(value, 'modern')
  const first = await client.callTool(exec('echo later'))
  const { error } = first.structuredContent as {
    error: { code: string; executed: string; details: { approvalId: string } }
  }
  assert.equal(error.code, 'APPROVAL_REQUIRED')
  assert.equal(error.executed, 'no')
  await server.api<Approval>('POST', `/approvals/${error.details.approvalId}/decision`, { approve: true })
  const second = await client.callTool(exec('echo later'))
  assert.equal((second.structuredContent as { stdout: string }).stdout, 'later\n')
  const third = await client.callTool(exec('echo later'))
  assert.equal((third.structuredContent as { error: { code: string } }).error.code, 'APPROVAL_REQUIRED')
  await server.api('DELETE', `/rules/${rule.id}`)
})

test('every profile is well described, and `core` is lean', async () => {
  const value = await token('lists')
  for (const profile of ['default', 'core', 'full', 'compat', 'workflows']) {
    await using client = await connect(value, 'modern', {}, `?profile=${profile}`)
    const { tools } = await client.listTools()
    for (const tool of tools) {
      assert.ok(tool.title !== undefined && tool.description !== undefined, `${profile} ${tool.name}`)
      assert.equal(typeof tool.annotations?.readOnlyHint, 'boolean', `${profile} ${tool.name}`)
      assert.equal(tool.outputSchema?.type, 'object', `${profile} ${tool.name}`)
    }
    if (profile === 'core') {
      assert.ok(tools.length <= 12, `${tools.length} tools`)
      assert.ok(JSON.stringify({ tools }).length <= 9_216, `${JSON.stringify({ tools }).length} bytes`)
    }
    // What a tool without needs answers is what its schema says; the client checks.
    for (const tool of tools) {
      if (tool.annotations?.readOnlyHint === true) await client.callTool({ name: tool.name, arguments: {} })
    }
  }
})

test('profiles join, and instructions are short', async () => {
  await using client = await connect(await token('joins'), 'legacy', {}, '?profile=workflows,compat')
  const names = (await client.listTools()).tools.map(({ name }) => name)
  assert.ok(names.includes('workflow_run') && names.includes('maestro_exec'), names.join())
  const instructions = client.getInstructions() ?? ''
  assert.ok(instructions.length > 0 && instructions.length <= 600)
  assert.match(instructions, /local/)
})

test('prompts, their completions, and a task that says when it changes', async () => {
  await using client = await connect(await token('watches'), 'legacy')
  const { prompts } = await client.listPrompts()
  assert.deepEqual(prompts.map(({ name }) => name).sort(), ['dispatch-and-verify', 'fan-out-change', 'triage-host'])
  const { messages } = await client.getPrompt({ name: 'triage-host', arguments: { symptom: 'slow' } })
  assert.match(JSON.stringify(messages), /slow/)
  const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name: 'triage-host' },
    argument: { name: 'host', value: 'lo' },
  })
  assert.deepEqual(completion.values, ['local'])
  const answer = await client.callTool(exec('sleep 1', { wait_s: 0 }))
  const uri = `maestro://tasks/${(answer.structuredContent as { task_id: string }).task_id}`
  const changed = new Promise<string>((resolve) => {
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri))
  })
  await client.subscribeResource({ uri })
  assert.equal(await changed, uri)
})
