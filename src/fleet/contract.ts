// What surfaces show of hosts, commands and files. Browser-safe. Names are those of the MCP tools, since a model
// and a person read the same answer.

import { z } from 'zod'
import { Timestamp } from '../core/contract.ts'
import { Executed, TaskError, TaskStatus } from '../tasks/contract.ts'

/** Bytes of output in an answer, unless the caller says otherwise: 40 % head, 60 % tail. */
export const defaultMaxOutputBytes = 16 * 1024

/** One command or script, ended or still going on. Text that was cut says so in itself and in `truncated`. */
export const CommandResult = z.object({
  /** `running` (or `queued`): go on with the tool `task` and `task_id`. */
  status: TaskStatus,
  task_id: z.string(),
  host: z.string(),
  exit_code: z.int().nullable(),
  /** Name of the signal that ended it, as `SIGTERM`. */
  signal: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
  /** What was printed in all. */
  bytes: z.object({ stdout: z.int().nonnegative(), stderr: z.int().nonnegative() }),
  duration_ms: z.number().nonnegative(),
  executed: Executed,
  error: TaskError.nullable(),
  /** `maestro://tasks/<id>/output`: all of it. Absent when the answer has everything. */
  output_uri: z.string().optional(),
})
export type CommandResult = z.infer<typeof CommandResult>

/** A slice of what a task has printed. */
export const OutputSlice = z.object({
  task_id: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  /** Bytes from the beginning of the stream. */
  offset: z.int().nonnegative(),
  next_offset: z.int().nonnegative(),
  total_bytes: z.int().nonnegative(),
  encoding: z.enum(['text', 'base64']),
  text: z.string(),
  /** Nothing follows: the task has ended and all was read. */
  eof: z.boolean(),
})
export type OutputSlice = z.infer<typeof OutputSlice>

/** What a task of kind `command` was asked to do and how it ended, without its output: for people who look at it. */
export const CommandRecord = z.object({
  task_id: z.string(),
  /** The tool that started it: `maestro_exec` or `maestro_script`. */
  tool: z.string(),
  host: z.string(),
  /** As it was run, or the text of the script; secrets masked. */
  command: z.string(),
  /** Of a script. */
  interpreter: z.string().nullable(),
  cwd: z.string().nullable(),
  /** Null: it may run as long as it takes. */
  timeout_s: z.number().nonnegative().nullable(),
  exit_code: z.int().nullable(),
  signal: z.string().nullable(),
  /** What was printed in all, so far. */
  bytes: z.object({ stdout: z.int().nonnegative(), stderr: z.int().nonnegative() }),
  /** What of it is kept and can be read: less than `bytes` when it printed more than the limit. */
  kept_bytes: z.object({ stdout: z.int().nonnegative(), stderr: z.int().nonnegative() }),
})
export type CommandRecord = z.infer<typeof CommandRecord>

export const HostInfo = z.object({
  name: z.string(),
  description: z.string().nullable(),
  tags: z.array(z.string()),
  os: z.string().nullable(),
  shell: z.string(),
  is_local: z.boolean(),
  status: z.enum(['connected', 'reconnected', 'offline', 'unknown']),
  rtt_ms: z.number().nonnegative().nullable(),
  last_error: z.string().nullable(),
  checked_at: Timestamp.nullable(),
  default_cwd: z.string().nullable(),
  /** Where file tools may read and write; null: wherever the user may. */
  roots: z.object({ read: z.array(z.string()).nullable(), write: z.array(z.string()).nullable() }),
})
export type HostInfo = z.infer<typeof HostInfo>
