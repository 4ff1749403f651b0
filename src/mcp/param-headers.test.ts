import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defineTool } from '#src/core/index.ts'
import { createParamHeaderCheck } from './param-headers.ts'

const tool = defineTool({
  name: 'place',
  title: 'Place',
  description: 'Says where.',
  effect: 'read',
  scope: 'places:read',
  input: z.object({
    region: z.string().optional().meta({ 'x-mcp-header': 'Region' }),
    at: z.object({ floor: z.int().meta({ 'x-mcp-header': 'Floor' }) }).optional(),
    plain: z.string().optional(),
  }),
  output: z.string(),
  subject: () => [],
  run: () => Promise.resolve(''),
})
const check = createParamHeaderCheck({ find: (name) => (name === 'place' ? tool : undefined) })
const call = (input: unknown, headers: Record<string, string> = {}, name = 'place') =>
  check({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name, arguments: input } }, new Headers(headers))
const wrapped = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`

test('a header that says what the argument says is let through, as it is, wrapped or as a number', () => {
  for (const [input, headers] of [
    [{ region: 'eu west' }, { 'mcp-param-region': 'eu west' }],
    [{ region: 'Zürich\n' }, { 'Mcp-Param-Region': wrapped('Zürich\n') }],
    [{ region: '=?base64?x' }, { 'Mcp-Param-Region': '=?base64?x' }],
    [{ at: { floor: 3 } }, { 'Mcp-Param-Floor': '3.0' }],
    [{ plain: 'x' }, {}],
    [{}, { 'Mcp-Param-Region': 'not in the body' }],
    [{ region: null, at: 'no object' }, {}],
  ] as const) {
    assert.equal(call(input, headers), undefined, JSON.stringify(input))
  }
})

test('one that is missing, different or broken is answered with HeaderMismatch and the id of the call', async () => {
  for (const [input, headers, what] of [
    [{ region: 'eu' }, {}, /no header Mcp-Param-Region/],
    [{ region: 'eu' }, { 'Mcp-Param-Region': 'us' }, /does not say what region/],
    [{ region: 'eu' }, { 'Mcp-Param-Region': '=?base64?ZXU?=' }, /Base64/],
    [{ region: 'eu' }, { 'Mcp-Param-Region': '=?base64?/w==?=' }, /Base64/],
    [{ at: { floor: 3 } }, { 'Mcp-Param-Floor': '' }, /at\.floor/],
  ] as const) {
    const refusal = call(input, headers)
    assert.equal(refusal?.status, 400)
    const { id, error } = (await refusal.json()) as { id: unknown; error: { code: number; message: string } }
    assert.deepEqual([id, error.code], [7, -32_020])
    assert.match(error.message, what)
  }
})

test('everything that is not a call of such a tool is left alone', () => {
  assert.equal(call({ region: 'eu' }, {}, 'other'), undefined)
  for (const body of [undefined, null, [], 'x', { method: 'tools/list' }, { method: 'tools/call', params: null }]) {
    assert.equal(check(body, new Headers()), undefined)
  }
})
