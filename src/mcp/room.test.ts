import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AnyTool, defineTool, MaestroError } from '#src/core/index.ts'
import { z } from 'zod'
import { connect, createTestRoom, everyWay } from './testing/index.ts'

const tools: AnyTool[] = [
  defineTool({
    name: 'thing_read',
    title: 'Read a thing',
    description: 'A thing by its id.',
    effect: 'read',
    scope: 'things:read',
    input: z.object({ id: z.string(), old: z.string().optional() }),
    output: z.object({ id: z.string(), size: z.int() }),
    mcp: { profiles: ['default', 'core', 'compat'], compatKeys: ['old'], brief: ({ id }) => `thing ${id}` },
    subject: ({ id }) => [`thing:${id}`],
    run: (_ctx, { id }) => Promise.resolve({ id, size: 3 }),
  }),
  defineTool({
    name: 'thing_break',
    title: 'Break a thing',
    description: 'Breaks.',
    effect: 'destructive',
    scope: 'things:write',
    input: z.object({ kind: z.string().optional() }),
    output: z.discriminatedUnion('status', [
      z.object({ status: z.literal('done') }),
      z.object({ status: z.literal('running'), task_id: z.string() }),
    ]),
    mcp: { profiles: ['default'] },
    subject: () => [],
    run: (_ctx, { kind }) =>
      Promise.reject(
        new MaestroError('not_found', 'there is no host "b"', {
          hint: 'hosts are local',
          ...(kind === undefined ? {} : { details: { kind } }),
        }),
      ),
  }),
  defineTool({
    name: 'thing_wait',
    title: 'Wait',
    description: 'Waits until it is cancelled, telling of it.',
    effect: 'write',
    scope: 'things:write',
    input: z.object({}),
    output: z.object({}),
    subject: () => [],
    run: (ctx) => {
      ctx.progress?.({ message: 'begun', done: 1, total: 4 })
      return new Promise((_resolve, reject) => {
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error), { once: true })
      })
    },
  }),
]

for (const way of everyWay) {
  const says = `${way.era} over ${way.carrier}`

  test(`${says}: a call answers with short text and the whole answer`, async () => {
    await using it = createTestRoom(tools)
    await using carried = await connect(it.room, it.session, way)
    const answer = await carried.client.callTool({ name: 'thing_read', arguments: { id: 'a' } })
    assert.deepEqual(answer.content, [{ type: 'text', text: 'thing a' }])
    assert.deepEqual(answer.structuredContent, { id: 'a', size: 3 })
    assert.deepEqual(it.calls[0]?.ctx.actor, it.session.actor)
  })

  test(`${says}: a failure is a result that says what, why and what next`, async () => {
    await using it = createTestRoom(tools)
    await using carried = await connect(it.room, it.session, way)
    // The client checks failures by the tool's own schema too, once it has seen the list.
    await carried.client.listTools()
    const answer = await carried.client.callTool({ name: 'thing_break', arguments: { kind: 'host_unknown' } })
    assert.equal(answer.isError, true)
    assert.deepEqual(answer.structuredContent, {
      error: {
        code: 'HOST_UNKNOWN',
        message: 'there is no host "b"',
        hint: 'hosts are local',
        retryable: false,
        executed: 'no',
      },
    })
  })

  test(`${says}: a tool that is not listed can be called, one that does not exist is a protocol error with near names`, async () => {
    await using it = createTestRoom(tools)
    await using carried = await connect(it.room, { ...it.session, profiles: ['core'] }, way)
    const { tools: listed } = await carried.client.listTools()
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['thing_read'],
    )
    assert.equal((await carried.client.callTool({ name: 'thing_break', arguments: {} })).isError, true)
    await assert.rejects(carried.client.callTool({ name: 'thing_reed', arguments: {} }), /did you mean thing_read/)
  })

  test(`${says}: progress reaches the client, and its cancellation reaches the tool`, async () => {
    await using it = createTestRoom(tools)
    await using carried = await connect(it.room, it.session, way)
    const giveUp = new AbortController()
    const told = new Promise<unknown>((resolve, reject) => {
      carried.client
        .callTool(
          { name: 'thing_wait', arguments: {} },
          { signal: giveUp.signal, onprogress: (progress) => resolve(progress) },
        )
        .then(
          () => reject(new Error('it answered')),
          () => undefined,
        )
    })
    assert.deepEqual(await told, { progress: 1, total: 4, message: 'begun' })
    const { signal } = it.calls[0]?.ctx ?? {}
    assert.equal(signal?.aborted, false)
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    giveUp.abort('enough')
    await aborted
  })
}

test('a list says what a tool does to the world, what goes in and what comes out, as objects', async () => {
  await using it = createTestRoom(tools)
  await using carried = await connect(
    it.room,
    { ...it.session, profiles: ['default'] },
    { era: 'modern', carrier: 'http' },
  )
  const { tools: listed } = await carried.client.listTools()
  const [read, broken] = listed
  assert.ok(read !== undefined && broken !== undefined)
  assert.deepEqual(read.annotations, { title: 'Read a thing', readOnlyHint: true, openWorldHint: false })
  assert.deepEqual(Object.keys(read.inputSchema.properties ?? {}), ['id'])
  assert.deepEqual(broken.annotations, {
    title: 'Break a thing',
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  })
  assert.equal(broken.outputSchema?.type, 'object')
})

test('old parameters are shown by the profile compat only', async () => {
  await using it = createTestRoom(tools)
  const way = { era: 'legacy', carrier: 'stream' } as const
  await using carried = await connect(it.room, { ...it.session, profiles: ['compat'] }, way)
  const { tools: listed } = await carried.client.listTools()
  assert.deepEqual(Object.keys(listed[0]?.inputSchema.properties ?? {}), ['id', 'old'])
})

test('a session of the older era belongs to who began it', async () => {
  await using it = createTestRoom(tools)
  const ask = (body: object, headers: Record<string, string>, actor = it.session.actor) =>
    it.room.handle(
      new Request('http://127.0.0.1/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      }),
      { ...it.session, actor },
      body,
    )
  const begun = await ask(
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    },
    {},
  )
  const id = begun.headers.get('mcp-session-id')
  assert.ok(id)
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
  assert.equal((await ask(list, { 'mcp-session-id': id })).status, 200)
  assert.equal((await ask(list, { 'mcp-session-id': id }, { kind: 'client', name: 'other' })).status, 404)
  assert.equal((await ask(list, {})).status, 200)
})
