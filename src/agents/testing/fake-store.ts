// The few queries of checkpoints.ts against a map, and sealing that only reverses bytes.

import type { Kysely } from 'kysely'
import type { Store } from '#src/store/index.ts'
import type { Checkpoint } from '../adapter.ts'

export interface FakeStore extends Pick<Store, 'db' | 'secrets'> {
  put(turnId: string, checkpoint: Checkpoint): void
}

export function createFakeStore(): FakeStore {
  const rows = new Map<string, Uint8Array>()
  const seal = (bytes: Uint8Array): Uint8Array => bytes.toReversed()
  const database = {
    insertInto: () => ({
      values: (row: { turn_id: string; sealed: Uint8Array }) => ({
        onConflict: () => ({
          execute: async () => {
            if (!rows.has(row.turn_id)) rows.set(row.turn_id, row.sealed)
          },
        }),
      }),
    }),
    selectFrom: () => ({
      select: () => ({
        where: (_column: string, _is: string, turnId: string) => ({
          executeTakeFirst: async () => (rows.has(turnId) ? { sealed: rows.get(turnId) } : undefined),
        }),
      }),
    }),
  }
  return {
    put: (turnId, checkpoint) => void rows.set(turnId, seal(new TextEncoder().encode(JSON.stringify(checkpoint)))),
    db: <T>() => database as unknown as Kysely<T>,
    secrets: {
      set: async () => undefined,
      reveal: async () => undefined,
      list: async () => [],
      delete: async () => false,
      values: () => [],
      seal,
      open: seal,
      derive: () => new Uint8Array(32),
    },
  }
}
