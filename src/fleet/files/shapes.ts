// Inputs and answers of the file tools, in the names of the MCP tools.

import { Timestamp } from '#src/core/index.ts'
import { z } from 'zod'
import { defaultMaxOutputBytes } from '../contract.ts'

const HostName = z.string().min(1).max(100).optional().describe('Host; default: this machine. maestro_hosts lists them')
const Path = (what: string) =>
  z.string().min(1).max(4_095).describe(`${what}: absolute, ~/..., or relative to the caller's folder`)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 as 64 lower-case hex digits')
const Seconds = z.number().positive().max(3_600)
const Limits = {
  timeout_s: Seconds.optional().describe('Give up after so many seconds'),
  timeout: Seconds.optional().describe('The same as timeout_s'),
}
const Encoding = z.enum(['text', 'base64'])
const Lines = z.int().min(1).max(10_000_000)
export const maxReadBytes = 1024 * 1024

export const ReadInput = z.object({
  host: HostName,
  path: Path('File'),
  head: Lines.optional().describe('The first so many lines'),
  tail: Lines.optional().describe('The last so many lines'),
  offset_line: Lines.optional().describe('Begin at this line; the first is 1'),
  limit: Lines.optional().describe('At most so many lines, with offset_line'),
  byte_range: z
    .object({ start: z.int().nonnegative(), end: z.int().nonnegative().optional().describe('Exclusive') })
    .optional()
    .describe('These bytes of the file'),
  match: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Only lines that fit this regular expression, with their numbers'),
  encoding: Encoding.default('text'),
  max_output_bytes: z.int().min(16).max(maxReadBytes).default(defaultMaxOutputBytes),
  ...Limits,
})
export type ReadInput = z.output<typeof ReadInput>

export const ReadResult = z.object({
  host: z.string(),
  /** The real path: links followed. */
  path: z.string(),
  text: z.string(),
  encoding: Encoding,
  /** Of the whole file, as it is on the disk; null when it is larger than 256 MiB or being written. */
  sha256: z.string().nullable(),
  size: z.int().nonnegative(),
  mtime: Timestamp,
  /** What is shown reaches the end of the file. */
  eof: z.boolean(),
  /** `max_output_bytes` left something out. */
  truncated: z.boolean(),
  first_line: z.int().optional(),
  last_line: z.int().optional(),
  /** For `offset_line` of the next call. */
  next_line: z.int().optional(),
  /** For `byte_range.start` of the next call. */
  next_byte: z.int().optional(),
  /** Lines that fit `match`, as far as was looked. */
  matches: z.int().nonnegative().optional(),
  /** Stored secrets are shown as [redacted]. */
  masked: z.literal(true).optional(),
  /** Bytes that are not UTF-8 are shown as U+FFFD. */
  invalid_utf8: z.literal(true).optional(),
})
export type ReadResult = z.infer<typeof ReadResult>

export const WriteInput = z.object({
  host: HostName,
  path: Path('File'),
  content: z.string().max(16 * 1024 * 1024),
  encoding: Encoding.default('text'),
  append: z.boolean().default(false).describe('Add to the end instead of replacing'),
  mode: z
    .union([z.string().regex(/^0?[0-7]{3}$/, 'octal permissions such as 644 or 0755'), z.int().min(0).max(0o777)])
    .optional()
    .describe('Permissions, octal text such as "0644"; default: those of the file it replaces'),
  expected_sha256: Sha256.optional().describe('Only if the file has this sum now'),
  create_dirs: z.boolean().default(true).describe('Make missing folders'),
  sudo: z.boolean().default(false).describe('Write as root, by sudo without a password'),
  ...Limits,
})
export type WriteInput = z.output<typeof WriteInput>

export const WriteResult = z.object({
  host: z.string(),
  path: z.string(),
  /** Of `content`. */
  bytes: z.int().nonnegative(),
  /** Of the file as it is now. */
  sha256: z.string(),
  /** Of the file as it was; null when there was none, or it was larger than 256 MiB. */
  previous_sha256: z.string().nullable(),
  created: z.boolean(),
})
export type WriteResult = z.infer<typeof WriteResult>

export const EditInput = z.object({
  host: HostName,
  path: Path('File'),
  edits: z
    .array(
      z.object({
        old: z.string().min(1).describe('Text as it stands in the file; must be there exactly once, unless all'),
        new: z.string().describe('What takes its place'),
        all: z.boolean().default(false).describe('Every place'),
      }),
    )
    .min(1)
    .max(500)
    .describe('Done one after the other, all or none'),
  expected_sha256: Sha256.optional().describe('Only if the file has this sum now'),
  dry_run: z.boolean().default(false).describe('Only show the diff'),
  ...Limits,
})
export type EditInput = z.output<typeof EditInput>

export const EditResult = z.object({
  host: z.string(),
  path: z.string(),
  /** Unified; cut at 16 KiB. */
  diff: z.string(),
  diff_truncated: z.boolean(),
  replacements: z.int().nonnegative(),
  /** Of the file as it is, or would be, after the edits. */
  sha256: z.string(),
  previous_sha256: z.string(),
  written: z.boolean(),
})
export type EditResult = z.infer<typeof EditResult>

const FoundType = z.enum(['file', 'folder', 'link', 'other'])

export const FindInput = z.object({
  host: HostName,
  path: Path('Folder to search; also below it').default('.'),
  name: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('Glob: *.ts for names anywhere, src/**/*.ts for paths below the folder; [a-z], {a,b}'),
  content: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Regular expression: shows the lines of text files that fit'),
  type: z.enum([...FoundType.options, 'any']).default('any'),
  max: z.int().min(1).max(1_000).default(100).describe('At most so many entries or matches'),
  timeout_s: Seconds.optional().describe('Answer with what was found after so many seconds; default 20'),
  timeout: Seconds.optional().describe('The same as timeout_s'),
})
export type FindInput = z.output<typeof FindInput>

const Skipped = z.object({ path: z.string(), reason: z.string() })

export const FindResult = z.object({
  host: z.string(),
  /** The real path of the folder; everything below is relative to it. */
  path: z.string(),
  /** Without `content`. */
  entries: z
    .array(z.object({ path: z.string(), type: FoundType, size: z.int().nonnegative(), mtime: Timestamp }))
    .optional(),
  /** With `content`. Lines are cut at 300 characters; stored secrets are masked. */
  matches: z.array(z.object({ path: z.string(), line: z.int().positive(), text: z.string() })).optional(),
  looked_at: z.int().nonnegative(),
  /** There may be more. */
  truncated: z.boolean(),
  /** What ended it early. */
  stopped: z.enum(['max', 'time', 'looked_at']).optional(),
  /** What could not be read, the first 20. */
  skipped: z.array(Skipped).optional(),
  skipped_count: z.int().positive().optional(),
})
export type FindResult = z.infer<typeof FindResult>

const Ends = z.object({ host: HostName, path: Path('File or folder') })

const CopyOptions = {
  recursive: z.boolean().default(false).describe('Folders too, with all that is in them'),
  overwrite: z.boolean().default(true).describe('Replace files that exist'),
  verify: z.boolean().default(false).describe('Read the copies again and compare'),
  ...Limits,
}

export const CopyInput = z.object({ from: Ends, to: Ends, ...CopyOptions })
export type CopyInput = z.output<typeof CopyInput>

export const UploadInput = z.object({
  host: HostName,
  local_path: Path('On the machine that Maestro runs on'),
  remote_path: Path('On the host'),
  ...CopyOptions,
})
export type UploadInput = z.output<typeof UploadInput>

/** Short: what it is about is in the input. */
export const CopyResult = z.object({
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of a single file. */
  sha256: z.string().optional(),
  mb_per_s: z.number().nonnegative(),
  /** Links out of the tree, pipes, devices, what could not be named or is closed. */
  skipped: z.int().positive().optional(),
})
export type CopyResult = z.infer<typeof CopyResult>
