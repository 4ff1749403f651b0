// The OpenAPI 3.1 document, made from the same route list that is mounted. Pure.

import { OpenAPIHono, type RouteConfig, z as documented } from '@hono/zod-openapi'
import type { z } from 'zod'
import { Problem } from '#src/core/index.ts'
import type { Route } from './route.ts'

/** The library that documents schemas adds a method to zod: this keeps the two instances provably the same. */
const anything: z.ZodType = documented.unknown()

type Responses = RouteConfig['responses']

export function openApiDocument(routes: readonly Route[], version: string): object {
  const app = new OpenAPIHono()
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: '`maestro token create`',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: 'maestro_session',
  })
  const problem = {
    description: 'What failed, what would be right, what to do next',
    content: { 'application/problem+json': { schema: Problem } },
  }
  for (const route of routes) {
    const { success, failure, examples = [] } = route
    const pathNames = Object.keys(route.params?.shape ?? {})
    const bodyExamples = named(examples.map((example) => [example.title, without(example.input, pathNames)]))
    const outputExamples = named(
      examples.flatMap((example) => (example.output === undefined ? [] : [[example.title, example.output] as const])),
    )
    const responses: Responses = {
      [success.status]: {
        description: success.description,
        content: { [success.type]: { schema: success.schema ?? anything, ...outputExamples } },
      },
      default:
        failure === undefined
          ? problem
          : { description: failure.description, content: { [failure.type]: { schema: failure.schema } } },
    }
    app.openAPIRegistry.registerPath({
      method: route.method,
      path: route.path,
      operationId: route.id,
      summary: route.summary,
      description: route.description,
      tags: [route.group],
      security: route.isOpen === true ? [] : [{ bearer: [] }, { cookie: [] }],
      request: {
        ...(route.params === undefined ? {} : { params: route.params }),
        ...(route.query === undefined ? {} : { query: route.query }),
        ...(route.body === undefined
          ? {}
          : {
              body: {
                required: route.body.isRequired,
                content: { 'application/json': { schema: route.body.schema, ...bodyExamples } },
              },
            }),
      },
      responses,
    })
  }
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Maestro',
      version,
      description: 'Maestro conducts AI agents: workflows, fleet and studio in one server.',
    },
  })
}

function named(
  list: readonly (readonly [string, unknown])[],
): { examples: Record<string, { value: unknown }> } | undefined {
  return list.length === 0
    ? undefined
    : { examples: Object.fromEntries(list.map(([title, value]) => [title, { value }])) }
}

function without(input: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)))
}
