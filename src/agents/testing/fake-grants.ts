// Grants without a gateway: every turn may call every model, and nobody counts.

import { unusedGrant } from '../grant-use.ts'
import type { Grants } from '../types.ts'

export function createFakeGrants(changes: Partial<Grants> = {}): Grants {
  return {
    open: async ({ provider, model }) => ({ provider, api: 'openai', model, baseUrl: null, apiKey: null }),
    close: async () => unusedGrant,
    ...changes,
  }
}
