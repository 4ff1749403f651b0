// What surfaces show about the installation itself. Browser-safe.

import { z } from 'zod'

/** One thing a run needs, and how it is. */
export const DoctorCheck = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** `warn`: something cannot be used; `error`: work fails. */
  level: z.enum(['ok', 'warn', 'error']),
  detail: z.string().nullable(),
  /** What to do about it. */
  hint: z.string().nullable(),
})
export type DoctorCheck = z.infer<typeof DoctorCheck>

export const DoctorReport = z.object({ checks: z.array(DoctorCheck) })
export type DoctorReport = z.infer<typeof DoctorReport>
