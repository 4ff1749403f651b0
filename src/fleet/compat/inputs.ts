// What the older names take: their documented parameters and defaults. Clients of that time send null for what they
// leave out.

import { z } from 'zod'
import type { Ctx } from '#src/core/index.ts'

export const HostName = z.string().min(1).max(100).nullish().describe('Host; without it, this machine')
export const Path = z.string().min(1).max(4_095)
export const optionalSeconds = z
  .number()
  .positive()
  .max(7 * 24 * 3_600)
  .nullish()

/** Without what was left out, as the tools of today want it. */
export function given(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined))
}

/** The one way to a tool of today: policy and audit see it as if it had been called by its own name. */
export type CallTool = (ctx: Ctx, tool: string, input: unknown) => Promise<unknown>
