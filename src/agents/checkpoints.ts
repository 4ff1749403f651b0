// Checkpoints by turn: written in the transaction that records the turn, sealed, so that another node
// can go on with the conversation and nobody reads it in the database file.

import { z } from 'zod'
import { Usage } from '#src/core/contract.ts'
import { MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Checkpoint } from './adapter.ts'

interface AgentTables {
  agent_checkpoints: { turn_id: string; sealed: Uint8Array; created_at: number }
}

const StoredCheckpoint = z.object({
  adapter: z.string(),
  sessionId: z.string(),
  cumulative: Usage,
  data: z.string(),
})

export interface Checkpoints {
  /** Joins the caller's transaction. A second save of the same turn changes nothing. */
  save(turnId: string, checkpoint: Checkpoint, now: number): Promise<void>
  /** @throws `corrupt_data` when it cannot be opened. */
  find(turnId: string): Promise<Checkpoint | undefined>
  /** For retention: conversations whose runs are gone. */
  remove(turnIds: readonly string[]): Promise<void>
}

export function createCheckpoints(store: Pick<Store, 'db' | 'secrets'>): Checkpoints {
  return {
    save: async (turnId, checkpoint, now) => {
      const sealed = store.secrets.seal(new TextEncoder().encode(JSON.stringify(checkpoint)))
      await store
        .db<AgentTables>()
        .insertInto('agent_checkpoints')
        .values({ turn_id: turnId, sealed, created_at: now })
        .onConflict((conflict) => conflict.column('turn_id').doNothing())
        .execute()
    },
    find: async (turnId) => {
      const row = await store
        .db<AgentTables>()
        .selectFrom('agent_checkpoints')
        .select('sealed')
        .where('turn_id', '=', turnId)
        .executeTakeFirst()
      return row === undefined ? undefined : open(store, turnId, row.sealed)
    },
    remove: async (turnIds) => {
      if (turnIds.length === 0) return
      await store
        .db<AgentTables>()
        .deleteFrom('agent_checkpoints')
        .where('turn_id', 'in', [...turnIds])
        .execute()
    },
  }
}

function open(store: Pick<Store, 'secrets'>, turnId: string, sealed: Uint8Array): Checkpoint {
  try {
    return StoredCheckpoint.parse(JSON.parse(new TextDecoder().decode(store.secrets.open(sealed))))
  } catch (cause) {
    throw new MaestroError('corrupt_data', `the conversation saved by turn ${turnId} cannot be opened`, {
      hint: 'was the data folder’s key replaced? Run the workflow again from its first step',
      cause,
    })
  }
}
