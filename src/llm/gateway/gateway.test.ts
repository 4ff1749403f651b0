// What passes the gateway, what does not, and what is counted, with an upstream that does as it is told.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import { systemClock } from '#src/core/index.ts'
import { callChat, chatChunk, hasCode, realKey, serve, setUpGateway, textOf, usageChunk } from '../testing/gateway.ts'

const usage = { prompt_tokens: 12, completion_tokens: 3, cost: 0.25 }
const sse = { 'content-type': 'text/event-stream' }

describe('what passes', () => {
  test('a stream arrives byte for byte and piece by piece, its usage is entered', async (t) => {
    const gate = Promise.withResolvers<void>()
    const { open, gateway, repo } = await setUpGateway(t, async (_request, response) => {
      response.writeHead(200, { ...sse, 'x-request-id': 'abc' })
      response.write(chatChunk('first'))
      await gate.promise
      response.end(chatChunk('second') + usageChunk(usage) + 'data: [DONE]\n\n')
    })
    const access = await open()
    const response = await callChat(access, { stream_options: { include_usage: true } })
    assert.equal(response.headers.get('x-request-id'), 'abc')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail()
    const first = await reader.read()
    assert.equal(first.value, chatChunk('first'), 'before the answer has ended')
    assert.deepEqual(
      (await repo.callsOfRun('run_1', 9)).map((call) => call.status),
      ['open'],
    )
    gate.resolve()
    let rest = ''
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value
    assert.equal(rest, chatChunk('second') + usageChunk(usage) + 'data: [DONE]\n\n')
    const use = await gateway.close('turn_1')
    assert.deepEqual(use, {
      calls: 1,
      usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: null, cacheWriteTokens: null, costUsd: 0.25 },
      refusal: null,
      wasCutOff: false,
    })
    assert.deepEqual(await gateway.close('turn_1'), use, 'asked again, it says the same')
  })

  test('errors pass byte for byte, cost nothing, and are no answer', async (t) => {
    const bodies: Record<string, string> = {
      '400': '{"error": {"message":"bad  spacing"}}',
      '402': '{"error":{"message":"no credit"}}',
      '429': 'slow down',
      '500': '<html>oops</html>',
    }
    const { open, gateway } = await setUpGateway(t, async (request, response) => {
      const { status } = JSON.parse(await textOf(request)) as { status: number }
      response.writeHead(status, { 'content-type': 'text/x-odd', 'retry-after': '7' })
      response.end(bodies[status])
    })
    const access = await open()
    for (const [status, body] of Object.entries(bodies)) {
      const response = await callChat(access, { status: Number(status) })
      assert.equal(response.status, Number(status))
      assert.deepEqual([response.headers.get('content-type'), response.headers.get('retry-after')], ['text/x-odd', '7'])
      assert.equal(await response.text(), body)
    }
    const { calls, usage: sum } = await gateway.close('turn_1')
    assert.equal(calls, 4)
    assert.deepEqual([sum?.inputTokens, sum?.costUsd], [0, 0])
  })

  test('the provider gets its own key in its own header, and nothing that the caller put in', async (t) => {
    const seen: Record<string, unknown>[] = []
    const { open, url } = await setUpGateway(t, (request, response) => {
      seen.push({ url: request.url, ...request.headers })
      response.end('{}')
    })
    const wires = [
      ['openrouter', '/api/v1/chat/completions', 'authorization', `Bearer ${realKey}`],
      ['openai', '/v1/responses', 'authorization', `Bearer ${realKey}`],
      ['anthropic', '/v1/messages?beta=true', 'x-api-key', realKey],
      ['google', '/v1beta/models/m:generateContent', 'x-goog-api-key', realKey],
      ['ollama', '/v1/chat/completions', 'authorization', undefined],
    ] as const
    for (const [provider, path, header, value] of wires) {
      const { apiKey } = await open({ provider })
      const answer = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}key=stolen`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'x-api-key': apiKey,
          'x-goog-api-key': apiKey,
          cookie: 'session=mine',
          'x-secret': 'mine',
          'anthropic-beta': 'tools-2026',
        },
        body: JSON.stringify({ model: 'm' }),
      })
      assert.equal(answer.status, 200, provider)
      const sent = seen.at(-1) ?? {}
      assert.equal(sent['url'], path, provider)
      assert.equal(sent[header], value, provider)
      assert.equal(sent['anthropic-beta'], 'tools-2026')
      assert.equal(JSON.stringify(sent).includes(apiKey), false, provider)
      assert.equal(/mine|stolen/.test(JSON.stringify(sent)), false, provider)
    }
  })

  test('usage is asked for where the caller did not, and not shown to it', async (t) => {
    const bodies: string[] = []
    const { open, gateway } = await setUpGateway(t, async (request, response) => {
      bodies.push(await textOf(request))
      response.writeHead(200, sse).end(chatChunk('text') + usageChunk(usage) + 'data: [DONE]\n\n')
    })
    const access = await open()
    const answer = await callChat(access, { big: 1 })
    assert.equal(await answer.text(), chatChunk('text') + 'data: [DONE]\n\n')
    assert.equal(bodies[0], '{"stream_options":{"include_usage":true},"model":"m","stream":true,"messages":[],"big":1}')
    assert.equal((await gateway.close('turn_1')).usage?.costUsd, 0.25)
  })

  test('a server that does not know the question for usage is asked without it, once and for all', async (t) => {
    const bodies: string[] = []
    const { open } = await setUpGateway(t, async (request, response) => {
      const body = await textOf(request)
      bodies.push(body)
      if (body.includes('stream_options')) response.writeHead(400).end('{"error":"unknown field stream_options"}')
      else response.writeHead(200, sse).end(chatChunk('fine'))
    })
    const access = await open()
    for (let i = 0; i < 2; i++) {
      const answer = await callChat(access)
      assert.deepEqual([answer.status, await answer.text()], [200, chatChunk('fine')])
    }
    assert.deepEqual(
      bodies.map((body) => body.includes('stream_options')),
      [true, false, false],
    )
  })

  test('megabytes pass in one request', async (t) => {
    let bytes = 0
    const { open } = await setUpGateway(t, async (request, response) => {
      bytes = (await textOf(request)).length
      response.end('{}')
    })
    const answer = await callChat(await open(), { messages: ['x'.repeat(20_000_000)], stream: false })
    assert.equal(answer.status, 200)
    assert.ok(bytes > 20_000_000)
  })
})

describe('what is refused', () => {
  test('a token that is unknown, closed or run out, and a page in a browser', async (t) => {
    let now = systemClock.now()
    const clock = { ...systemClock, now: () => now }
    const { open, gateway, url } = await setUpGateway(t, (_request, response) => void response.end('{}'), { clock })
    const access = await open()
    assert.equal((await callChat({ ...access, apiKey: 'mgt_wrong' })).status, 401)
    assert.equal((await fetch(`${url}/v1/models`)).status, 401)
    assert.equal((await callChat(access)).status, 200)
    const headers = { authorization: `Bearer ${access.apiKey}`, origin: 'https://evil.example' }
    assert.equal((await fetch(`${url}/v1/models`, { headers })).status, 403)
    const renewed = await open()
    assert.equal((await callChat(access)).status, 401, 'the older token of a turn that was prepared again')
    now += 61_000
    assert.equal((await callChat(renewed)).status, 401, 'run out')
    const other = await open({ turnId: 'turn_2', untilMs: now + 60_000 })
    await gateway.close('turn_2')
    assert.equal((await callChat(other)).status, 401, 'closed')
  })

  test('a call whose body takes longer than its turn: it is in no sum, so it does not go out', async (t) => {
    let reached = 0
    const { open, gateway, repo } = await setUpGateway(t, (_request, response) => {
      reached += 1
      response.end('{}')
    })
    const { baseUrl, apiKey } = await open()
    const call = httpRequest(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, expect: '100-continue' },
    })
    call.flushHeaders()
    // Its token is known by then, or looked up after the close: it must not matter.
    await once(call, 'continue')
    call.write('{"model":"m",')
    await gateway.close('turn_1')
    call.end('"messages":[]}')
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    assert.equal(response.statusCode, 401)
    response.resume()
    assert.deepEqual([reached, (await repo.callsOfRun('run_1', 9)).length], [0, 0])
  })

  test('an address that cannot be read', async (t) => {
    const { open, url } = await setUpGateway(t, (_request, response) => void response.end('{}'))
    const { apiKey } = await open({ provider: 'google' })
    const { port } = new URL(url)
    for (const target of ['//[', '/v1beta/models/%zz:generateContent', '/v1beta/models/%:countTokens']) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `POST ${target} HTTP/1.1\r\nhost: x\r\nx-goog-api-key: ${apiKey}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
      )
      const chunks: Buffer[] = []
      for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk)
      assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 404 /, target)
    }
  })

  test('a key that a provider repeats in its refusal', async (t) => {
    const { open } = await setUpGateway(t, (request, response) => {
      const body = JSON.stringify({ error: { message: `no such key: ${request.headers.authorization}` } })
      response.writeHead(401, { 'content-length': Buffer.byteLength(body) }).end(body)
    })
    const answer = await callChat(await open())
    assert.deepEqual(
      [answer.status, await answer.json()],
      [401, { error: { message: 'no such key: Bearer [the key]' } }],
    )
  })

  test('another model, however it is asked for, and any other part of the provider', async (t) => {
    let reached = 0
    const { open, url } = await setUpGateway(t, (_request, response) => {
      reached += 1
      response.end('{}')
    })
    const access = await open({ model: 'o3-mini-high' })
    assert.equal((await callChat(access, { model: 'gpt-expensive' })).status, 403)
    assert.equal((await callChat(access, { models: ['o3-mini', 'gpt-expensive'] })).status, 403)
    assert.equal((await callChat(access, { model: 7 })).status, 403)
    assert.equal((await callChat(access, {}, '/files')).status, 404)
    assert.equal((await callChat(access, {}, '/messages')).status, 404, 'not a call of this wire')
    const headers = { authorization: `Bearer ${access.apiKey}` }
    for (const path of ['/v1/models/../files', '/v1/organization/keys', '/key', '/v1/models/%2e%2e%2ffiles']) {
      assert.equal((await fetch(`${url}${path}`, { headers })).status, 404, path)
    }
    assert.equal((await fetch(`${url}/v1/models`, { method: 'DELETE', headers })).status, 404)
    const bad = await fetch(`${access.baseUrl}/chat/completions`, { method: 'POST', headers, body: 'not json' })
    assert.equal(bad.status, 400)
    assert.equal(reached, 0)
    assert.equal((await callChat(access, { model: 'o3-mini' })).status, 200, 'its name without the effort')
    assert.equal((await fetch(`${url}/v1/models`, { headers })).status, 200)
    assert.equal((await fetch(url, { method: 'HEAD', headers })).status, 200)
  })

  test('a request that is too large, before it is read', async (t) => {
    const { open, url } = await setUpGateway(t, (_request, response) => void response.end('{}'))
    const { apiKey } = await open()
    const request = httpRequest(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-length': String(65 * 1024 * 1024) },
    })
    request.on('error', () => undefined)
    request.flushHeaders()
    const [response] = (await once(request, 'response')) as [{ statusCode: number }]
    assert.equal(response.statusCode, 413)
    request.destroy()
  })

  test('a redirect: the key goes to no other address', async (t) => {
    let stolen = 0
    const thief = await serve(t, (_request, response) => {
      stolen += 1
      response.end('{}')
    })
    const { open } = await setUpGateway(t, (_request, response) => {
      response.writeHead(307, { location: `${thief}/v1/chat/completions` }).end()
    })
    const answer = await callChat(await open())
    assert.equal(answer.status, 502)
    assert.match(await answer.text(), /answered 307 and points to .*base URL/)
    assert.equal(stolen, 0)
  })

  test('a grant without a key, or for a provider that is not there', async (t) => {
    const { open, models } = await setUpGateway(t, (_request, response) => void response.end('{}'))
    const access = await open()
    await models.updateProvider('lab', { apiKey: null })
    await assert.rejects(open({ turnId: 'turn_2' }), hasCode('not_ready'))
    await assert.rejects(open({ provider: 'nobody' }), hasCode('invalid_input'))
    assert.equal((await callChat(access)).status, 401, 'a key that was taken away is gone at once')
  })
})

describe('money', () => {
  const billing = (cost: number) => (_request: unknown, response: ServerResponse) => {
    response.writeHead(200, sse).end(chatChunk('x') + usageChunk({ ...usage, cost }))
  }

  test('a budget of 1.5 calls lets calls 1 and 2 through and refuses the third in the wire’s own form', async (t) => {
    const { open, gateway } = await setUpGateway(t, billing(1))
    const access = await open({ budget: { maxCostUsd: 1.5, maxTokens: null } })
    for (const status of [200, 200, 402]) {
      const answer = await callChat(access)
      const text = await answer.text()
      assert.equal(answer.status, status)
      if (status === 402) assert.match(text, /"message":"the run has reached its budget of \$1\.50: \$2\.00 spent/)
    }
    const { refusal, usage: sum } = await gateway.close('turn_1')
    assert.match(refusal?.message ?? '', /budget of \$1\.50: \$2\.00 spent/)
    assert.match(refusal?.hint ?? '', /raise the budget of the workflow/)
    assert.equal(sum?.costUsd, 2)
    await assert.rejects(
      open({ turnId: 'turn_2', budget: { maxCostUsd: 1.5, maxTokens: null } }),
      hasCode('limit_exceeded'),
    )
  })

  test('calls at once overshoot by no more than what was under way when the limit was reached', async (t) => {
    const gate = Promise.withResolvers<void>()
    let reached = 0
    const { open, repo } = await setUpGateway(t, async (_request, response) => {
      reached += 1
      if (reached > 1) await gate.promise
      response.writeHead(200, sse).end(chatChunk('x') + usageChunk({ ...usage, cost: 1 }))
    })
    const access = await open({ budget: { maxCostUsd: 4.5, maxTokens: null } })
    await (await callChat(access)).text()
    // From here on a call is known to cost about 1: with 1 spent, 4 more reach the limit.
    const calls = Array.from({ length: 12 }, () => callChat(access))
    // Twelve less the four that fit are refused while those four are still under way.
    const refused = Promise.withResolvers<void>()
    let left = 8
    for (const call of calls) {
      void call.then(({ status }) => {
        if (status === 402) left -= 1
        if (left === 0) refused.resolve()
      })
    }
    await refused.promise
    gate.resolve()
    const statuses = (await Promise.all(calls)).map((call) => call.status)
    assert.deepEqual([statuses.filter((status) => status === 200).length, reached], [4, 5])
    assert.ok((await repo.sumsOfRun('run_1')).spentUsd <= 5)
  })

  test('the month counts all runs; the run limit of the settings counts for runs without their own', async (t) => {
    const { open, repo } = await setUpGateway(t, billing(1))
    await repo.setBudget({ monthlyUsd: 2, perRunUsd: 1 })
    const first = await open()
    await (await callChat(first)).text()
    assert.equal((await callChat(first)).status, 402, 'the general limit of a run')
    const own = await open({ turnId: 'turn_2', runId: 'run_2', budget: { maxCostUsd: 10, maxTokens: null } })
    await (await callChat(own)).text()
    const refused = await callChat(own)
    assert.equal(refused.status, 402)
    assert.match(await refused.text(), /monthly budget of \$2\.00: \$2\.00 spent since the 1st/)
  })

  test('without a cost from the provider the price of the list counts; without one it is unknown, not 0', async (t) => {
    const tokens = {
      prompt_tokens: 1_000_000,
      completion_tokens: 100_000,
      prompt_tokens_details: { cached_tokens: 500_000 },
    }
    const { open, gateway, models } = await setUpGateway(t, (_request, response) => {
      response.writeHead(200, sse).end(usageChunk(tokens))
    })
    await (await callChat(await open())).text()
    assert.equal((await gateway.close('turn_1')).usage?.costUsd, null)
    await models.addModel('lab', 'm', { inputUsdPerMillion: 2, outputUsdPerMillion: 10, cacheReadUsdPerMillion: 1 })
    await (await callChat(await open({ turnId: 'turn_2' }))).text()
    assert.equal((await gateway.close('turn_2')).usage?.costUsd, 1 + 0.5 + 1)
  })
})

describe('when one side goes away', () => {
  test('calls that an agent breaks off count for its budget with what they may have cost', async (t) => {
    let reached = 0
    const { open, repo, gateway } = await setUpGateway(t, (_request, response) => {
      reached += 1
      response.writeHead(200, sse)
      if (reached === 1) response.end(chatChunk('x') + usageChunk({ ...usage, cost: 1 }))
      else response.write(chatChunk('x'))
    })
    const access = await open({ budget: { maxCostUsd: 3.5, maxTokens: null } })
    await (await callChat(access)).text()
    for (let broken = 1; broken <= 3; broken++) {
      const answer = await callChat(access)
      assert.equal(answer.status, 200, `call ${broken}`)
      await answer.body?.cancel()
      while ((await repo.callsOfRun('run_1', 9)).some(({ status }) => status === 'open')) await soon()
    }
    const refused = await callChat(access)
    assert.equal(refused.status, 402)
    assert.match(await refused.text(), /\$1\.00 spent, and calls under way or cut off may come to \$3\.00 more/)
    assert.equal(reached, 4)
    assert.equal((await gateway.close('turn_1')).usage?.costUsd, null, 'what they did cost is still not known')
  })

  test('an agent that leaves stops the provider’s work; what it cost is not known', async (t) => {
    const gone = Promise.withResolvers<void>()
    const { open, gateway, repo } = await setUpGateway(t, (_request, response) => {
      response.writeHead(200, sse).write(chatChunk('x'))
      response.once('close', () => gone.resolve())
    })
    const leaving = new AbortController()
    const access = await open()
    const answer = await fetch(`${access.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access.apiKey}` },
      body: '{"model":"m","stream":true}',
      signal: leaving.signal,
    })
    assert.equal(answer.status, 200)
    leaving.abort()
    await gone.promise
    const { usage: sum } = await gateway.close('turn_1')
    assert.equal(sum?.costUsd, null)
    assert.deepEqual(
      (await repo.callsOfRun('run_1', 9)).map((call) => call.status),
      ['cut_off'],
    )
  })

  test('an agent that leaves after the last word, before the provider has hung up, has had its answer', async (t) => {
    const { open, gateway, repo } = await setUpGateway(t, (_request, response) => {
      response.writeHead(200, sse).write(`${chatChunk('x')}${usageChunk(usage)}data: [DONE]\n\n`)
    })
    const answer = await callChat(await open(), { stream_options: { include_usage: true } })
    const reader = answer.body?.getReader() ?? assert.fail()
    await reader.read()
    await reader.cancel()
    assert.equal((await gateway.close('turn_1')).usage?.costUsd, 0.25)
    assert.deepEqual(
      (await repo.callsOfRun('run_1', 9)).map((call) => call.status),
      ['ok'],
    )
  })

  test('a provider that breaks off breaks the agent’s connection off', async (t) => {
    const { open, gateway, repo } = await setUpGateway(t, (_request, response) => {
      response.writeHead(200, sse).write(chatChunk('x'))
      setImmediate(() => response.destroy())
    })
    const answer = await callChat(await open())
    await assert.rejects(answer.text())
    await gateway.close('turn_1')
    assert.deepEqual(
      (await repo.callsOfRun('run_1', 9)).map((call) => call.status),
      ['cut_off'],
    )
  })

  test('one that cannot be reached, or speaks no HTTP, is named', async (t) => {
    const garbage = createTcpServer((socket) => socket.end('\0\x01garbage\r\n\r\n'))
    garbage.listen(0, '127.0.0.1')
    await once(garbage, 'listening')
    t.after(() => garbage.close())
    const { open, models, gateway } = await setUpGateway(t, (_request, response) => void response.end())
    const access = await open()
    for (const port of [1, (garbage.address() as AddressInfo).port]) {
      await models.updateProvider('lab', { baseUrl: `http://127.0.0.1:${port}/v1` })
      const answer = await callChat(access)
      assert.equal(answer.status, 502)
      assert.match(await answer.text(), new RegExp(`Could not connect to Lab at http://127.0.0.1:${port}: \\w+`))
    }
    assert.equal((await gateway.close('turn_1')).usage?.costUsd, 0, 'nothing was asked, nothing was paid')
  })

  test('an upstream that never ends is passed on without being kept, until the turn is closed', async (t) => {
    let sent = 0
    const { open, gateway, repo } = await setUpGateway(t, (_request, response) => {
      response.writeHead(200, sse)
      const block = Buffer.alloc(64 * 1024, 'x')
      const more = (): void => {
        do sent += block.length
        while (!response.destroyed && response.write(block))
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const access = await open()
    const socket = connect(Number(new URL(access.baseUrl).port), '127.0.0.1')
    const body = '{"model":"m","stream":true}'
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${access.apiKey}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await once(socket, 'readable')
    // The reader stalls, and so does the provider, once the buffers on the way are full.
    for (let before = -1; before !== sent;) {
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were taken while nobody read`)
    await gateway.close('turn_1')
    assert.deepEqual(
      (await repo.callsOfRun('run_1', 9)).map((call) => call.status),
      ['cut_off'],
    )
    socket.destroy()
  })

  test('after a restart: the same address, tokens that still open, calls under way cut off', async (t) => {
    const { open, again, url, repo } = await setUpGateway(t, (_request, response) => {
      response.writeHead(200, sse).end(usageChunk(usage))
    })
    const access = await open()
    await repo.insertCall({
      ...(await entered(repo, access.model)),
      id: 'call_of_a_process_that_was_killed',
    })
    const next = await again()
    assert.equal(next.url, url)
    assert.deepEqual(
      (await repo.callsOfRun('run_1', 9)).map((call) => call.status),
      ['cut_off'],
    )
    const quiet = await next.gateway.close('turn_none')
    assert.deepEqual([quiet.calls, quiet.usage, quiet.wasCutOff], [0, null, false])
    assert.equal((await callChat(access)).status, 200)
    assert.equal((await next.gateway.close('turn_1')).wasCutOff, false, 'a call has worked since')
  })

  test('a turn from before the restart whose calls have not worked since was cut off', async (t) => {
    const { open, again } = await setUpGateway(t, (_request, response) => void response.end('{}'))
    await open()
    await new Promise((resolve) => setTimeout(resolve, 5))
    const next = await again()
    assert.equal((await next.gateway.close('turn_1')).wasCutOff, true)
  })

  test('when its port is taken the gateway takes another', async (t) => {
    const { gateway, again, url } = await setUpGateway(t, (_request, response) => void response.end('{}'))
    await gateway[Symbol.asyncDispose]()
    const squatter = createTcpServer()
    squatter.listen(Number(new URL(url).port), '127.0.0.1')
    await once(squatter, 'listening')
    t.after(() => squatter.close())
    assert.notEqual((await again()).url, url)
  })
})

/** A row as `begin` leaves it when the process ends right then. */
async function entered(repo: Awaited<ReturnType<typeof setUpGateway>>['repo'], model: string) {
  const grant = (await repo.findGrant('turn_1')) ?? assert.fail('no grant')
  return {
    turn_id: grant.turn_id,
    run_id: grant.run_id,
    workflow_id: grant.workflow_id,
    node_id: 'n1',
    provider: grant.provider,
    model,
    status: 'open' as const,
    http_status: null,
    input_tokens: null,
    output_tokens: null,
    cache_read_tokens: null,
    cache_write_tokens: null,
    cost_usd: null,
    cost_from: null,
    reserved_usd: 1,
    reserved_tokens: 1,
    started_at: systemClock.now(),
    ended_at: null,
  }
}
