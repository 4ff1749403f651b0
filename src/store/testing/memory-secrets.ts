// Secrets in memory, for tests that need no database.

import type { Secrets } from '../index.ts'

/** Behaves as the store's, without the encryption. */
export function memorySecrets(stored: Map<string, string> = new Map()): Secrets {
  return {
    set: async (name, value) => void stored.set(name, value),
    reveal: async (name) => stored.get(name),
    list: async () =>
      [...stored].map(([name, value]) => ({ name, hint: value.length >= 12 ? value.slice(-4) : null, updatedAt: 0 })),
    delete: async (name) => stored.delete(name),
    values: () => [...stored.values()],
    seal: (plain) => plain,
    open: (sealed) => sealed,
    derive: () => new Uint8Array(32),
  }
}
