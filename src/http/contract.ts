// Answers that belong to the HTTP surface alone. Browser-safe.

import { z } from 'zod'
import { Actor } from '../core/contract.ts'

/** Who asks, and what answers. */
export const Session = z.object({
  actor: Actor,
  version: z.string(),
  nodeName: z.string(),
  dataDir: z.string(),
})
export type Session = z.infer<typeof Session>

/** Data of a `changed` event on the stream for lists: ids of roots. */
export const Changed = z.object({ ids: z.array(z.string()) })
export type Changed = z.infer<typeof Changed>

/** Data of a `policy` event on the same stream: which of `rules`, `brakes` and `approvals` are to be loaded anew. */
export const PolicyChanged = z.object({ parts: z.array(z.string()) })
export type PolicyChanged = z.infer<typeof PolicyChanged>
