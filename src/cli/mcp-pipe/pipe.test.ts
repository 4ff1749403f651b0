import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, pipeUnderTest } from '../testing/scripted-owner.ts'

const call = (id: string | number, name = 'maestro_exec', more: Json = {}): Json => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: { command: 'true' }, ...more },
})
const initialize: Json = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'editor', version: '1' } },
}
const agreed = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: 'maestro', version: '1' },
}
const initialized: Json = { jsonrpc: '2.0', method: 'notifications/initialized' }
const failureOf = (answer: Json): Json =>
  ((answer['result'] as Json)['structuredContent'] as { readonly error: Json }).error

/** A session of the 2025 era that both sides have agreed on. */
async function session(options: Parameters<typeof pipeUnderTest>[0] = {}) {
  const pipe = await pipeUnderTest(options)
  pipe.say(initialize)
  const owner = await pipe.owner()
  assert.deepEqual(await owner.heard.next(), initialize)
  owner.say({ jsonrpc: '2.0', id: 0, result: agreed })
  await pipe.heard.next()
  pipe.say(initialized)
  assert.deepEqual(await owner.heard.next(), initialized)
  return { pipe, owner }
}

test('carries messages both ways as they are', async () => {
  await using pipe = await pipeUnderTest()
  pipe.input.write('{"id" : 7,\t"method":"tools/call","params":{"name":"ü"}}\r\n\n')
  const owner = await pipe.owner()
  assert.deepEqual(await owner.heard.next(), { id: 7, method: 'tools/call', params: { name: 'ü' } })
  owner.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1 } })
  owner.say({ jsonrpc: '2.0', id: 7, result: { content: [] } })
  assert.equal((await pipe.heard.next())['method'], 'notifications/progress')
  assert.deepEqual(await pipe.heard.next(), { jsonrpc: '2.0', id: 7, result: { content: [] } })
})

test('answers a delivered call itself when the owner dies: it may have been carried out', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  pipe.say(call('a'))
  await owner.heard.next()
  owner.die()
  const answer = await pipe.heard.next()
  assert.equal(answer['id'], 'a')
  assert.equal((answer['result'] as Json)['isError'], true)
  const { code, retryable, executed } = failureOf(answer)
  assert.deepEqual({ code, retryable, executed }, { code: 'LOST', retryable: false, executed: 'maybe' })
})

test('says "complete" to clients of revisions that ask for it', async () => {
  await using pipe = await pipeUnderTest()
  pipe.say(call(1, 'x', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }))
  const owner = await pipe.owner()
  await owner.heard.next()
  owner.die()
  assert.equal(((await pipe.heard.next())['result'] as Json)['resultType'], 'complete')
})

test('agrees the session again with the next owner, and the client notices nothing', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  const level = { jsonrpc: '2.0', id: 1, method: 'logging/setLevel', params: { level: 'debug' } }
  pipe.say(level)
  await owner.heard.next()
  owner.say({ jsonrpc: '2.0', id: 1, result: {} })
  await pipe.heard.next()
  owner.die()
  const next = await pipe.owner()
  pipe.say(call(2))
  const again = await next.heard.next()
  assert.deepEqual({ ...again, id: 0 }, initialize)
  next.say({ jsonrpc: '2.0', id: again['id'], result: agreed })
  assert.deepEqual(await next.heard.next(), initialized)
  const levelAgain = await next.heard.next()
  assert.deepEqual({ ...levelAgain, id: 1 }, level)
  next.say({ jsonrpc: '2.0', id: levelAgain['id'], result: {} })
  assert.deepEqual(await next.heard.next(), call(2))
  next.say({ jsonrpc: '2.0', id: 2, result: { content: [] } })
  assert.deepEqual(await pipe.heard.next(), { jsonrpc: '2.0', id: 2, result: { content: [] } })
  assert.deepEqual(pipe.heard.unread, [])
})

test('tells of changed tools when the next owner is of another version', async () => {
  const { pipe, owner } = await session({ versions: ['1', '2'] })
  await using _pipe = pipe
  owner.die()
  const next = await pipe.owner()
  next.say({ jsonrpc: '2.0', id: (await next.heard.next())['id'], result: agreed })
  assert.deepEqual(await pipe.heard.next(), { jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
})

test('ends when the next owner agrees on another revision', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  owner.die()
  const next = await pipe.owner()
  next.say({
    jsonrpc: '2.0',
    id: (await next.heard.next())['id'],
    result: { ...agreed, protocolVersion: '2024-11-05' },
  })
  assert.equal(await pipe.done, 1)
  assert.match(pipe.logged.join(), /another revision/)
})

test('asks a question again, once, and what only looks is a question', async () => {
  await using pipe = await pipeUnderTest({ readTools: ['maestro_read'] })
  pipe.say({ jsonrpc: '2.0', id: 'first', method: 'tools/list' })
  const owner = await pipe.owner()
  await owner.heard.next()
  owner.say({ jsonrpc: '2.0', id: 'first', result: {} })
  await pipe.heard.next()
  pipe.say(call(1, 'maestro_read'))
  pipe.say({ jsonrpc: '2.0', id: 2, method: 'resources/read', params: { uri: 'x' } })
  await owner.heard.next()
  await owner.heard.next()
  owner.die()
  const second = await pipe.owner()
  assert.equal((await second.heard.next())['id'], 1)
  assert.equal((await second.heard.next())['id'], 2)
  second.say({ jsonrpc: '2.0', id: 2, result: { contents: [] } })
  assert.equal((await pipe.heard.next())['id'], 2)
  second.die()
  const answer = await pipe.heard.next()
  assert.equal(answer['id'], 1)
  const { executed, retryable } = failureOf(answer)
  assert.deepEqual({ executed, retryable }, { executed: 'no', retryable: true })
})

test('keeps what was not delivered for the next owner: it was certainly not carried out', async () => {
  await using pipe = await pipeUnderTest()
  pipe.setUp(false)
  pipe.say(call(1))
  const owner = await pipe.owner()
  assert.equal(pipe.starts(), 1)
  assert.deepEqual(await owner.heard.next(), call(1))
})

test('sends a call again of which the dead owner had only a part', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  owner.socket.pause()
  // Far more than a socket of this system holds.
  const large = call(1, 'maestro_write', { arguments: { content: 'x'.repeat(3 * 1024 * 1024) } })
  pipe.say(large)
  pipe.say(call(2))
  await new Promise((resolve) => setImmediate(resolve))
  owner.socket.resume()
  owner.die()
  const next = await pipe.owner()
  next.say({ jsonrpc: '2.0', id: (await next.heard.next())['id'], result: agreed })
  await next.heard.next()
  assert.deepEqual(await next.heard.next(), large)
  assert.deepEqual(await next.heard.next(), call(2))
  assert.deepEqual(pipe.heard.unread, [])
})

test('says that nothing was carried out when no owner comes up, and tries again with the next call', async () => {
  let isBroken = true
  await using pipe = await pipeUnderTest({
    ensure: () =>
      isBroken
        ? Promise.reject(Object.assign(new Error('the disk is full'), { hint: 'free some space' }))
        : Promise.resolve(),
  })
  pipe.setUp(false)
  pipe.say(call(1))
  pipe.say({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
  const { code, message, hint, executed } = failureOf(await pipe.heard.next())
  assert.deepEqual(
    { code, message, hint, executed },
    { code: 'UNAVAILABLE', message: 'the disk is full', hint: 'free some space', executed: 'no' },
  )
  const error = (await pipe.heard.next())['error'] as Json
  assert.equal(error['code'], -32603)
  assert.equal((error['data'] as Json)['executed'], 'no')
  isBroken = false
  pipe.say(call(3))
  assert.deepEqual(await (await pipe.owner()).heard.next(), call(3))
})

test('does not start an owner again that was stopped while nothing is asked, and joins one that comes back', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  pipe.setUp(false)
  owner.die()
  while (pipe.logged.length === 0) await new Promise((resolve) => setImmediate(resolve))
  pipe.say({ jsonrpc: '2.0', id: 'alive', method: 'ping' })
  assert.deepEqual(await pipe.heard.next(), { jsonrpc: '2.0', id: 'alive', result: {} })
  pipe.setUp(true)
  assert.equal((await (await pipe.owner()).heard.next())['method'], 'initialize')
  assert.equal(pipe.starts(), 0)
})

test('renews a subscription with every owner', async () => {
  await using pipe = await pipeUnderTest()
  const listen = { jsonrpc: '2.0', id: 'l', method: 'subscriptions/listen', params: {} }
  pipe.say(listen)
  for (let round = 0; round < 4; round++) {
    const owner = await pipe.owner()
    assert.deepEqual(await owner.heard.next(), listen)
    owner.die()
  }
  assert.equal(pipe.starts(), 0)
})

test('never gives a late answer to a question of another connection', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  owner.say({ jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: { message: 'delete it all?' } })
  const first = await pipe.heard.next()
  owner.die()
  assert.deepEqual(await pipe.heard.next(), {
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId: first['id'], reason: 'Maestro was restarted' },
  })
  const next = await pipe.owner()
  next.say({ jsonrpc: '2.0', id: (await next.heard.next())['id'], result: agreed })
  await next.heard.next()
  next.say({ jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: { message: 'look at it?' } })
  const second = await pipe.heard.next()
  pipe.say({ jsonrpc: '2.0', id: first['id'], result: { action: 'accept', content: { which: 'first' } } })
  pipe.say({ jsonrpc: '2.0', id: second['id'], result: { action: 'decline' } })
  assert.deepEqual(await next.heard.next(), { jsonrpc: '2.0', id: 0, result: { action: 'decline' } })
})

test('drops an answer that nobody waits for, and sends none to a cancelled request', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  pipe.say(call(1))
  await owner.heard.next()
  pipe.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
  assert.equal((await owner.heard.next())['method'], 'notifications/cancelled')
  pipe.say(call(2))
  await owner.heard.next()
  owner.say({ jsonrpc: '2.0', id: 99, result: {} })
  owner.die()
  assert.equal((await pipe.heard.next())['id'], 2)
  assert.deepEqual(pipe.heard.unread, [])
})

test('tells the owner the name that the client gives itself, also when it comes late', async () => {
  await using pipe = await pipeUnderTest()
  pipe.say({ jsonrpc: '2.0', id: 'd', method: 'server/discover' })
  const first = await pipe.owner()
  await first.heard.next()
  first.say({ jsonrpc: '2.0', id: 'd', error: { code: -32601, message: 'no' } })
  await pipe.heard.next()
  pipe.say(initialize)
  assert.deepEqual(await (await pipe.owner()).heard.next(), initialize)
  assert.deepEqual(pipe.names, [undefined, 'editor'])
})

test('refuses what is too long, by its id, and goes on', async () => {
  await using pipe = await pipeUnderTest({ maxMessageBytes: 1_000 })
  const content = '{"id": 1, "in a text": "\\"id\\":2"}'.repeat(200)
  pipe.say({ method: 'tools/call', params: { name: 'x', id: 3, content }, jsonrpc: '2.0', id: 'long "one"' })
  const answer = await pipe.heard.next()
  assert.equal(answer['id'], 'long "one"')
  assert.equal(((answer['error'] as Json)['data'] as Json)['code'], 'TOO_LARGE')
  pipe.say({ ...call(2), pad: '' })
  assert.equal((await (await pipe.owner()).heard.next())['id'], 2)
})

test('takes a message of exactly the limit, and refuses one byte more', async () => {
  await using pipe = await pipeUnderTest({ maxMessageBytes: 1_000 })
  const sized = (bytes: number, id: number): string => {
    const empty = JSON.stringify({ ...call(id), pad: '' })
    return JSON.stringify({ ...call(id), pad: 'x'.repeat(bytes - empty.length) })
  }
  pipe.input.write(`${sized(1_000, 1)}\r\n${sized(1_001, 2)}\n`)
  const owner = await pipe.owner()
  assert.equal((await owner.heard.next())['id'], 1)
  assert.equal((await pipe.heard.next())['id'], 2)
})

test('answers what is no message, and goes on', async () => {
  await using pipe = await pipeUnderTest()
  pipe.input.write('{"id":1,\n5\n{"id":null,"method":"x"}\n{}\n')
  const codes: unknown[] = []
  for (let i = 0; i < 4; i++) codes.push(((await pipe.heard.next())['error'] as Json)['code'])
  assert.deepEqual(codes, [-32700, -32600, -32600, -32600])
  pipe.input.write(`[${JSON.stringify(call(1))},${JSON.stringify(call(2))}]\n`)
  const owner = await pipe.owner()
  assert.deepEqual([(await owner.heard.next())['id'], (await owner.heard.next())['id']], [1, 2])
})

test('ends when the client has closed its end and has every answer', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  pipe.say(call(1))
  pipe.input.end()
  await owner.heard.next()
  owner.say({ jsonrpc: '2.0', id: 1, result: { content: [] } })
  assert.equal((await pipe.heard.next())['id'], 1)
  assert.equal(await pipe.done, 0)
})

test('does not wait for ever for an answer that nobody may be reading', async () => {
  const { pipe, owner } = await session({ drainMs: 30 })
  await using _pipe = pipe
  pipe.say(call(1))
  await owner.heard.next()
  pipe.input.end()
  assert.equal(await pipe.done, 0)
  assert.equal(owner.socket.readableEnded || owner.socket.destroyed || (await ended(owner.socket)), true)
})

test('holds the owner back while the client does not read, and loses nothing', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  pipe.output.pause()
  const lines = 3_000
  for (let seq = 0; seq < lines; seq++)
    owner.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { seq, pad: 'x'.repeat(1_000) } })
  while (owner.socket.writableLength === 0) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(owner.socket.writableLength > 100_000, `${owner.socket.writableLength} bytes wait at the owner`)
  assert.ok(pipe.output.readableLength < 1_000_000)
  pipe.output.resume()
  for (let seq = 0; seq < lines; seq++) assert.equal(((await pipe.heard.next())['params'] as Json)['seq'], seq)
})

test('holds the client back while the owner does not read, and loses nothing', async () => {
  const { pipe, owner } = await session()
  await using _pipe = pipe
  owner.socket.pause()
  const count = 12
  const content = 'x'.repeat(1024 * 1024)
  for (let id = 1; id <= count; id++) pipe.say(call(id, 'maestro_write', { content }))
  while (!pipe.input.isPaused()) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(pipe.input.readableLength + pipe.input.writableLength > 5 * 1024 * 1024)
  owner.socket.resume()
  for (let id = 1; id <= count; id++) assert.equal((await owner.heard.next())['id'], id)
})

function ended(socket: NodeJS.EventEmitter): Promise<true> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve(true))
  })
}
