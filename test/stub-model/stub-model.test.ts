// What the other tests rely on when they use the stub model server.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConversation } from './conversation.ts'
import { readScript } from './directives.ts'
import { startStubModel, type StubModel } from './index.ts'

async function withStub(use: (stub: StubModel) => Promise<void>): Promise<void> {
  const stub = await startStubModel()
  try {
    await use(stub)
  } finally {
    await stub.close()
  }
}

function ask(stub: StubModel, messages: object[], path = '/api/v1/chat/completions'): Promise<Response> {
  return fetch(`${stub.url}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'm',
      stream: true,
      messages,
      tools: [{ type: 'function', function: { name: 'shout' } }],
    }),
  })
}

interface Chunk {
  choices: { delta: { content?: string; tool_calls?: { function: { name: string } }[] } }[]
  usage?: { cost: number }
}

async function chunksOf(response: Response): Promise<Chunk[]> {
  const text = await response.text()
  const lines = text.split('\n\n').filter((line) => line.startsWith('data: {'))
  assert.ok(text.endsWith('data: [DONE]\n\n'))
  return lines.map((line) => JSON.parse(line.slice(6)) as Chunk)
}

test('it echoes the model, the turns and the prompt, with a cost, and remembers the request', async () => {
  await withStub(async (stub) => {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'x' },
      { role: 'user', content: 'two\n<turn-context>\nnoise [[status 500]]\n</turn-context>' },
    ]
    const chunks = await chunksOf(await ask(stub, messages))
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), 'model=m turns=2: two')
    assert.equal(chunks.at(-1)?.usage?.cost, 0.001)
    const [{ path, model, toolNames, key } = assert.fail('no request')] = stub.requests
    assert.deepEqual(
      { path, model, toolNames, key },
      { path: '/api/v1/chat/completions', model: 'm', toolNames: ['shout'], key: 'Bearer k' },
    )
    stub.reset()
    assert.equal(stub.requests.length, 0)
  })
})

test('it asks for each tool once, then answers', async () => {
  await withStub(async (stub) => {
    const prompt = { role: 'user', content: '[[tool a {}]] [[tool b {"x":1}]] [[say end]]' }
    const result = { role: 'tool', content: 'ok' }
    const asked: (string | undefined)[] = []
    for (const messages of [[prompt], [prompt, result], [prompt, result, result]]) {
      const deltas = (await chunksOf(await ask(stub, messages))).flatMap((chunk) =>
        chunk.choices.map((choice) => choice.delta),
      )
      asked.push(deltas.find((delta) => delta.tool_calls)?.tool_calls?.[0]?.function.name)
    }
    assert.deepEqual(asked, ['a', 'b', undefined])
  })
})

test('it fails, cuts and says nothing when asked to', async () => {
  await withStub(async (stub) => {
    const say = (content: string): Promise<Response> => ask(stub, [{ role: 'user', content }])
    assert.equal((await say('[[status 429]]')).status, 429)
    await assert.rejects(say('[[cut]]').then((response) => response.text()))
    const empty = await chunksOf(await say('[[empty]]'))
    assert.equal(empty.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), '')
    const streamed = await chunksOf(await say('[[stream 3 1]]'))
    assert.equal(streamed.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), 'word1 word2 word3 ')
  })
})

test('it speaks Anthropic messages and lists models', async () => {
  await withStub(async (stub) => {
    const text = await (
      await ask(stub, [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }], '/v1/messages')
    ).text()
    assert.match(text, /event: message_start[\s\S]*text_delta[\s\S]*event: message_stop/)
    const models = (await (await fetch(`${stub.url}/api/v1/models`)).json()) as { data: { id: string }[] }
    assert.ok(models.data.length > 0)
  })
})

test('results of tools are not what the user said', () => {
  const conversation = readConversation([
    { role: 'user', content: [{ type: 'text', text: 'do it' }] },
    { role: 'user', content: [{ type: 'tool_result', content: 'done' }] },
    { role: 'user', content: '<turn-context>\nx\n</turn-context>' },
  ])
  assert.deepEqual(conversation, { prompt: 'do it', userTurns: 1, toolResults: 1 })
})

test('broken directives do nothing', () => {
  assert.deepEqual(readScript('[[tool a {broken]] [[nonsense 1]] [[').tools, [{ name: 'a', args: {} }])
})
