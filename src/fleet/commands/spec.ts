// What is stored of a command: with its task before anything starts, and with its end. Neither has its environment or
// its input, and its text is masked: nothing is ever run from here.

import { z } from 'zod'

/** Of the text of a command or script, for people who look at it later. */
export const maxStoredText = 16 * 1024

export const CommandSpec = z.object({
  /** The tool that started it: it also knows how to show the answer. */
  tool: z.string(),
  host: z.string(),
  command: z.string(),
  interpreter: z.string().nullable(),
  cwd: z.string(),
  timeoutS: z.number(),
  idleTimeoutS: z.number().nullable(),
  outputLimitMb: z.number(),
  maxOutputBytes: z.number(),
})
export type CommandSpec = z.infer<typeof CommandSpec>

const Bytes = z.object({ stdout: z.number(), stderr: z.number() })

export const StoredResult = z.object({
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  printed: Bytes,
  kept: Bytes,
  durationMs: z.number(),
})
export type StoredResult = z.infer<typeof StoredResult>
