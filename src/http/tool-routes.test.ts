// Tools as routes: what reaches `calls`, what is refused before, what comes back, what the document says.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { MaestroError, Problem, defineTool, errorCodes, toMaestroError } from '#src/core/index.ts'
import type { AnyTool, ErrorCode, HttpBinding } from '#src/core/index.ts'
import { createHttp } from './create-http.ts'
import { problemHeaders, toProblem } from './problems.ts'
import { ask, bearer, postJson, startTestHttp } from './testing/index.ts'
import type { Answer, TestHttp } from './testing/index.ts'

const list = defineTool({
  name: 'thing_list',
  title: 'List things',
  description: 'Things.',
  effect: 'read',
  scope: 'things:read',
  input: z.object({
    limit: z.int().max(100).default(20),
    isNew: z.boolean().optional(),
    status: z.array(z.enum(['on', 'off'])).optional(),
    sizes: z.array(z.number()).optional(),
    either: z.union([z.literal('all'), z.int()]).optional(),
    text: z.string().nullable().optional(),
  }),
  output: z.object({ items: z.array(z.string()) }),
  http: { method: 'get', path: '/things' },
  examples: [{ title: 'The newest', input: { limit: 1 }, output: { items: ['a'] } }],
  subject: () => [],
  run: () => Promise.resolve({ items: [] }),
})

const edit = defineTool({
  name: 'thing_edit',
  title: 'Edit a thing',
  description: 'Edits.',
  effect: 'write',
  scope: 'things:write',
  input: z.object({
    id: z.string(),
    part: z.int(),
    text: z.string(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
  output: z.object({ id: z.string() }),
  http: { method: 'put', path: '/things/{id}/parts/{part}', status: 201 },
  examples: [{ title: 'Rename', input: { id: 'a', part: 1, text: 'b' } }],
  subject: ({ id }) => [`thing:${id}`],
  run: (_ctx, { id }) => Promise.resolve({ id }),
})

const plain = (name: string, input: z.ZodObject, http?: HttpBinding) =>
  defineTool({
    name,
    title: name,
    description: 'Plain.',
    effect: 'read',
    scope: 'things:read',
    input,
    output: z.null(),
    ...(http === undefined ? {} : { http }),
    subject: () => [],
    run: () => Promise.resolve(null),
  })
const get = plain('thing_get', z.object({ id: z.string() }), { method: 'get', path: '/things/{id}' })
const stats = plain('thing_stats', z.object({}), { method: 'get', path: '/things/stats' })
const stop = plain('thing_stop', z.object({ id: z.string() }), { method: 'post', path: '/things/{id}/stop' })
const hidden = plain('hidden', z.object({}))
// The literal path comes after the placeholder on purpose.
const tools: readonly AnyTool[] = [list, edit, get, stats, stop, hidden]

interface Document {
  openapi: string
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string
        security: unknown[]
        responses: Record<string, unknown>
        requestBody?: { required: boolean }
      }
    >
  >
}

describe('tool routes', () => {
  let it: TestHttp
  let calls: { name: string; input: unknown; actor: string }[] = []
  let answer: () => unknown = () => ({ ok: true })
  const lastInput = () => calls.at(-1)?.input
  const put = (path: string, body: string, headers = {}): Promise<Answer> =>
    ask(it.port, path, { method: 'PUT', headers: { ...bearer, 'content-type': 'application/json', ...headers }, body })

  before(async () => {
    it = await startTestHttp({
      tools,
      calls: {
        call(ctx, name, input) {
          calls.push({ name, input, actor: ctx.actor.kind })
          return Promise.try(answer)
        },
      },
    })
  })
  after(() => it[Symbol.asyncDispose]())

  test('query texts become what the schema says; what does not fit stays text', async () => {
    await ask(it.port, '/api/v1/things?limit=5&isNew=false&status=on&status=off&sizes=1.5&either=7&text=12')
    assert.deepEqual(lastInput(), {
      limit: 5,
      isNew: false,
      status: ['on', 'off'],
      sizes: [1.5],
      either: 7,
      text: '12',
    })
    await ask(it.port, '/api/v1/things?limit=five&isNew=1&sizes=0x10&either=all&other=1')
    assert.deepEqual(lastInput(), { limit: 'five', isNew: '1', sizes: ['0x10'], either: 'all', other: '1' })
  })

  test('a name given twice is refused unless it is a list', async () => {
    const { status, text } = await ask(it.port, '/api/v1/things?limit=1&limit=2')
    assert.equal(status, 400)
    assert.match(text, /limit: given 2 times/)
  })

  test('path and body are merged, with the status of the binding', async () => {
    const { status } = await put('/api/v1/things/a%2Fb/parts/2', '{"text":"x","id":"a/b"}')
    assert.equal(status, 201)
    assert.deepEqual(lastInput(), { id: 'a/b', part: 2, text: 'x' })
    assert.equal(calls.at(-1)?.actor, 'token')
  })

  test('a body that contradicts the path is refused', async () => {
    const before = calls.length
    assert.equal((await put('/api/v1/things/a/parts/2', '{"text":"x","id":"b"}')).status, 400)
    assert.equal((await put('/api/v1/things/a/parts/2?text=y', '{"text":"x"}')).status, 400)
    assert.equal(calls.length, before)
  })

  test('literal paths win over placeholders', async () => {
    await ask(it.port, '/api/v1/things/stats')
    assert.equal(calls.at(-1)?.name, 'thing_stats')
  })

  test('a post without a body is an empty input', async () => {
    assert.equal((await ask(it.port, '/api/v1/things/a/stop', { method: 'POST' })).status, 200)
    assert.deepEqual(lastInput(), { id: 'a' })
  })

  test('broken, deep, polluting and oversized bodies never reach a tool', async () => {
    const before = calls.length
    const deep = (levels: number) => `{"data":${'['.repeat(levels)}${']'.repeat(levels)}}`
    const bodies: [string, number][] = [
      ['{', 400],
      ['[]', 400],
      ['null', 400],
      ['"x"', 400],
      ['{"__proto__":{"polluted":1}}', 400],
      ['{"data":{"a":[{"__proto__":{"polluted":1}}]}}', 400],
      [deep(100), 400],
      ['['.repeat(1_000_000), 400],
      [`{"text":"${'x'.repeat(2 * 1024 * 1024)}"}`, 413],
    ]
    for (const [body, status] of bodies) {
      const result = await put('/api/v1/things/a/parts/1', body)
      assert.equal(result.status, status, body.slice(0, 60))
      assert.ok(['invalid_input', 'limit_exceeded'].includes(Problem.parse(result.json()).code))
      const chunked = await put('/api/v1/things/a/parts/1', body, { 'transfer-encoding': 'chunked' }).catch(
        (error: unknown) => error,
      )
      // A client still sending when it is refused may see the connection end before the answer.
      if (!(chunked instanceof Error)) assert.equal((chunked as Answer).status, status)
    }
    assert.equal((await ask(it.port, '/api/v1/things?__proto__=1')).status, 400)
    assert.equal(calls.length, before)
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
    assert.equal((await put('/api/v1/things/a/parts/1', deep(60))).status, 201)
  })

  test('errors become problems; foreign ones show nothing of the inside', async () => {
    answer = () => {
      throw new MaestroError('conflict', 'version 3 is not the newest', {
        hint: 'load it again',
        details: { version: 4 },
      })
    }
    const known = await ask(it.port, '/api/v1/things')
    assert.equal(known.status, 409)
    assert.equal(known.headers['content-type'], 'application/problem+json')
    assert.partialDeepStrictEqual(Problem.parse(known.json()), {
      code: 'conflict',
      hint: 'load it again',
      details: { version: 4 },
    })
    answer = () => {
      throw new Error('ENOENT: /home/someone/secret.db')
    }
    const foreign = await ask(it.port, '/api/v1/things')
    assert.equal(foreign.status, 500)
    assert.ok(!/home|secret|ENOENT|at .*:\d+/.test(foreign.text), foreign.text)
    assert.equal(Problem.parse(foreign.json()).requestId, foreign.headers['x-request-id'])
    answer = () => {
      throw Object.assign(new Error("ENOSPC: no space left, write '/home/x'"), { code: 'ENOSPC' })
    }
    const full = await ask(it.port, '/api/v1/things')
    assert.equal(full.status, 507)
    assert.ok(!full.text.includes('/home'))
    answer = () => ({ ok: true })
  })

  test('the document names every mounted route, and only those', async () => {
    const document = (await ask(it.port, '/api/v1/openapi.json')).json() as Document
    assert.equal(document.openapi, '3.1.0')
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    assert.deepEqual(documented.sort(), it.http.routes.map(({ method, path }) => `${method} ${path}`).sort())
    for (const tool of tools) {
      const has = documented.some(
        (name) => tool.http !== undefined && name === `${tool.http.method} /api/v1${tool.http.path}`,
      )
      assert.equal(has, tool.http !== undefined, tool.name)
    }
    const open = Object.entries(document.paths).filter(([, methods]) =>
      Object.values(methods).some(({ security }) => security.length === 0),
    )
    assert.deepEqual(open.map(([path]) => path).sort(), ['/api/health', '/api/v1/health', '/api/v1/ready'])
  })

  test('the document says what a route takes and gives', async () => {
    const document = (await ask(it.port, '/api/v1/openapi.json')).json() as Document
    assert.partialDeepStrictEqual(document.paths['/api/v1/things/{id}/parts/{part}']?.['put'], {
      operationId: 'thing_edit',
      parameters: [
        { in: 'path', name: 'id', required: true },
        { in: 'path', name: 'part' },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { required: ['text'] }, examples: { Rename: { value: { text: 'b' } } } },
        },
      },
      responses: { 201: {}, default: {} },
    })
    assert.equal(document.paths['/api/v1/things/{id}/stop']?.['post']?.requestBody, undefined)
  })

  test('every example is valid by its own schemas', () => {
    for (const tool of tools) {
      for (const example of tool.examples ?? []) {
        ;(tool.input as z.ZodType).parse(example.input)
        if (example.output !== undefined) (tool.output as z.ZodType).parse(example.output)
      }
    }
  })

  test('the readable listing names every route and runs nothing', async () => {
    const { status, text } = await ask(it.port, '/api-docs')
    assert.equal(status, 200)
    for (const { path } of it.http.routes) assert.ok(text.includes(path), path)
    assert.ok(!/<script|style=|https?:\/\//.test(text))
  })

  test('an unknown path of the API is a problem, not the page', async () => {
    const answer = await postJson(it.port, '/api/v1/nothing', {})
    assert.equal(answer.status, 404)
    assert.equal(Problem.parse(answer.json()).code, 'not_found')
  })
})

const parts = { calls: { call: () => Promise.resolve() } } as unknown as Parameters<typeof createHttp>[0]
const withTools =
  (...list: AnyTool[]) =>
  () =>
    createHttp({
      ...parts,
      tools: list,
      config: { host: '127.0.0.1', port: 0, authMode: 'on' },
      heartbeatMs: 1_000_000,
    })

test('two tools on one route, and a placeholder without an input, do not start', () => {
  assert.throws(
    withTools(get, {
      ...get,
      name: 'other',
      input: z.object({ name: z.string() }),
      http: { method: 'get', path: '/things/{name}' },
    }),
    /two routes/,
  )
  assert.throws(withTools({ ...get, http: { method: 'get', path: '/things/{other}' } }), /names other/)
})

test('every error code has a status of its own kind', () => {
  const status = (code: ErrorCode) => toProblem(new MaestroError(code, 'x'), 'req_1').status
  for (const code of errorCodes) assert.ok(status(code) >= 400 && status(code) < 600, code)
  assert.equal(
    problemHeaders(toProblem(new MaestroError('unauthenticated', 'x'), 'r'))['www-authenticate'],
    'Bearer realm="maestro"',
  )
  const limited = new MaestroError('limit_exceeded', 'x', { details: { retryAfterSec: 7 } })
  assert.equal(problemHeaders(toProblem(limited, 'r'))['retry-after'], '7')
})

test('words of foreign errors stay in the log, also when somebody below has made them ours', () => {
  const foreign = new RangeError('/home/me/secret.json: Maximum call stack size exceeded')
  for (const thrown of [foreign, toMaestroError(foreign)]) {
    assert.equal(toProblem(thrown, 'req_1').detail, 'something failed inside Maestro')
  }
  assert.equal(
    toProblem(new MaestroError('internal', 'the answer of x is not valid'), 'r').detail,
    'the answer of x is not valid',
  )
})
