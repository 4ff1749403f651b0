// Keys as tools. They go in and never come out.

import { type AnyTool, defineTool } from '#src/core/index.ts'
import { z } from 'zod'
import { SecretInfo, SecretName } from './contract.ts'
import type { Models } from './models.ts'

export function secretTools(models: Models): AnyTool[] {
  return [
    defineTool({
      name: 'secrets_set',
      title: 'Store a secret',
      description:
        'Stores a key, encrypted. It cannot be read back: the answer has its last four characters and who uses it.',
      effect: 'write',
      scope: 'secrets:write',
      input: z.object({ name: SecretName, value: z.string() }),
      output: SecretInfo,
      http: { method: 'put', path: '/secrets/{name}' },
      subject: ({ name }) => [`secret:${name}`],
      run: (_ctx, { name, value }) => models.setSecret(name, value),
    }),
    defineTool({
      name: 'secrets_delete',
      title: 'Delete a secret',
      description: 'Forgets a stored key. A key of the same name in the environment counts again from now on.',
      effect: 'destructive',
      scope: 'secrets:write',
      input: z.object({ name: SecretName }),
      output: SecretInfo,
      http: { method: 'delete', path: '/secrets/{name}' },
      subject: ({ name }) => [`secret:${name}`],
      run: (_ctx, { name }) => models.deleteSecret(name),
    }),
  ]
}
