// What happens once, in a new data folder.

import type { Ctx, Log } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Definitions, Runs } from '#src/workflows/index.ts'

/** So that the first page shows something: the sample, played once by the rehearsal agent, offline. */
export async function playSampleOnce(store: Store, definitions: Definitions, runs: Runs, log: Log): Promise<void> {
  try {
    const sample = await definitions.find('sample')
    if (sample === undefined || (await runs.list({ limit: 1 })).items.length > 0) return
    const ctx: Ctx = { actor: { kind: 'system' }, signal: new AbortController().signal, traceId: 'first-start', log }
    await runs.start(ctx, sample, { trigger: 'sample', idempotencyKey: `first-start:${store.dataDir}` })
  } catch (error) {
    log.warn({ error }, 'could not play the sample')
  }
}
