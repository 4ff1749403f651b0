import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { inputSchema, outputSchema } from './json-schema.ts'

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
