import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { beginning, inputSchema, outputSchema } from './json-schema.ts'

test('an answer that has an error of its own keeps its shape, beside that of a refusal', () => {
  const schema = outputSchema(z.object({ status: z.string(), error: z.string().nullable() }))
  assert.deepEqual(schema?.['properties'], {
    status: { type: 'string' },
    error: { anyOf: [{ type: ['string', 'null'] }, { type: 'object' }] },
  })
  assert.deepEqual(outputSchema(z.object({ status: z.string() }))?.['properties'], {
    status: { type: 'string' },
    error: { type: 'object' },
  })
})

test('a dialect is named where the schema names one, and only there', () => {
  const dialect = 'https://json-schema.org/draft/2020-12/schema'
  assert.equal(inputSchema(z.object({}).meta({ $schema: dialect }))['$schema'], dialect)
  assert.ok(!('$schema' in inputSchema(z.object({}))))
})

test('what lies deep in an answer is any value, and what names itself is cut the same way', () => {
  const node: z.ZodType = z.lazy(() => z.object({ children: z.array(node) }))
  const schema = outputSchema(z.object({ a: z.object({ b: z.object({ c: z.string() }) }), tree: node }))
  assert.deepEqual(schema?.['properties'], {
    a: { type: 'object', properties: { b: { type: 'object' } }, required: ['b'] },
    tree: {},
    error: { type: 'object' },
  })
})

test('a lean description keeps whole clauses', () => {
  assert.equal(beginning('One thing; another. A third', 12), 'One thing')
  assert.equal(beginning('One thing; another. A third', 20), 'One thing; another')
  assert.equal(beginning('short', 20), 'short')
})
