// Files of hosts as tools.

import { type AnyTool, type Ctx, defineTool } from '#src/core/index.ts'
import { copyEnds, copyFiles, copySubject } from './copy-files.ts'
import { editFile } from './edit-file.ts'
import type { FileDeps } from './files.ts'
import { findFiles } from './find-files.ts'
import { locate, type Named, subjectOf } from './locate.ts'
import { readFile } from './read-file.ts'
import {
  CopyInput,
  CopyResult,
  EditInput,
  EditResult,
  FindInput,
  FindResult,
  ReadInput,
  ReadResult,
  UploadInput,
  WriteInput,
  WriteResult,
} from './shapes.ts'
import { writeFile } from './write-file.ts'
import { within } from './within.ts'

const examplePath = '/etc/hostname'
const helloSha = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

export function fileTools(deps: FileDeps): AnyTool[] {
  const subject = async (named: Named, ctx: Ctx) => [subjectOf(await locate(deps.hosts, ctx, named))]
  return [
    defineTool({
      name: 'maestro_read',
      title: 'Read a file',
      description:
        'Part of a text file on a host, or of any file as base64, with the SHA-256 of the whole. Choose head, tail, offset_line with limit, or byte_range; match shows only lines that fit. At most max_output_bytes; next_line or next_byte say where to go on. Stored secrets are shown as [redacted].',
      effect: 'read',
      scope: 'files:read',
      input: ReadInput,
      output: ReadResult,
      examples: [
        {
          title: 'The first ten lines',
          input: { path: examplePath, head: 10 },
          output: {
            host: 'local',
            path: examplePath,
            text: 'machine\n',
            encoding: 'text',
            sha256: helloSha,
            size: 8,
            mtime: 1_764_000_000_000,
            eof: true,
            truncated: false,
            first_line: 1,
            last_line: 1,
          },
        },
      ],
      mcp: {
        profiles: ['default', 'core', 'compat'],
        compatKeys: ['timeout'],
        coreKeys: ['host', 'path', 'offset_line', 'limit', 'tail', 'byte_range', 'match', 'encoding'],
        brief: briefOfRead,
      },
      subject,
      run: async (ctx, input) => within(ctx, input, (limited) => readFile(deps, limited, input)),
    }),
    defineTool({
      name: 'maestro_write',
      title: 'Write a file',
      description:
        'Makes or replaces a file in one step: whoever reads sees the old content or the new one, also after a crash. Mode and owner of the old file stay. With expected_sha256 only if the file still has that sum, else CONFLICT and no change.',
      effect: 'destructive',
      scope: 'files:write',
      input: WriteInput,
      output: WriteResult,
      examples: [
        {
          title: 'A small file',
          input: { path: '/srv/app/greeting.txt', content: 'hello' },
          output: {
            host: 'local',
            path: '/srv/app/greeting.txt',
            bytes: 5,
            sha256: helloSha,
            previous_sha256: null,
            created: true,
          },
        },
      ],
      mcp: {
        profiles: ['default', 'core', 'compat'],
        compatKeys: ['timeout'],
        coreKeys: ['host', 'path', 'content', 'encoding', 'append', 'expected_sha256'],
        brief: ({ bytes, path, sha256, created }) =>
          `${created ? 'Made' : 'Wrote'} ${path}: ${bytes} bytes, sha256 ${sha256}`,
      },
      subject,
      run: async (ctx, input) => within(ctx, input, (limited) => writeFile(deps, limited, input)),
    }),
    defineTool({
      name: 'maestro_edit',
      title: 'Edit a text file',
      description:
        'Replaces exact texts in a file, all edits or none, and shows the unified diff. Each old text must be there exactly once, unless all; else CONFLICT names the lines. dry_run shows the diff only.',
      effect: 'destructive',
      scope: 'files:write',
      input: EditInput,
      output: EditResult,
      examples: [
        {
          title: 'Another port',
          input: { path: '/srv/app/app.conf', edits: [{ old: 'port = 80', new: 'port = 8080' }] },
          output: {
            host: 'local',
            path: '/srv/app/app.conf',
            diff: '--- a/srv/app/app.conf\n+++ b/srv/app/app.conf\n@@ -1,1 +1,1 @@\n-port = 80\n+port = 8080\n',
            diff_truncated: false,
            replacements: 1,
            sha256: helloSha,
            previous_sha256: helloSha,
            written: true,
          },
        },
      ],
      mcp: {
        profiles: ['core'],
        compatKeys: ['timeout'],
        coreKeys: ['host', 'path', 'edits', 'expected_sha256', 'dry_run'],
        brief: ({ path, diff, replacements, written, sha256 }) =>
          `${written ? 'Edited' : 'Would edit'} ${path}: ${replacements} replaced, sha256 ${sha256}\n${diff}`,
      },
      subject,
      run: async (ctx, input) => within(ctx, input, (limited) => editFile(deps, limited, input)),
    }),
    defineTool({
      name: 'maestro_find',
      title: 'Find files',
      description:
        'What is in a folder and below it, by name (glob), type and content (regular expression over lines of text files). Answers with what it found within max and the time; says what it could not read. Links are not followed.',
      effect: 'read',
      scope: 'files:read',
      input: FindInput,
      output: FindResult,
      examples: [
        {
          title: 'Where a port is set',
          input: { path: '/srv/app', name: '*.conf', content: 'port\\s*=' },
          output: {
            host: 'local',
            path: '/srv/app',
            matches: [{ path: 'app.conf', line: 1, text: 'port = 80' }],
            looked_at: 12,
            truncated: false,
          },
        },
      ],
      mcp: {
        profiles: ['core'],
        compatKeys: ['timeout'],
        coreKeys: ['host', 'path', 'name', 'content', 'type', 'max'],
        brief: briefOfFind,
      },
      subject,
      run: async (ctx, input) => findFiles(deps, ctx, input),
    }),
    defineTool({
      name: 'maestro_copy',
      title: 'Copy files',
      description:
        'Copies a file, or with recursive a folder, within a host or from one to another. Each file is whole or not there. Into a folder that exists it goes under its own name. Links that stay within the tree are made anew, others are skipped and counted.',
      effect: 'destructive',
      scope: 'files:write',
      input: CopyInput,
      output: CopyResult,
      examples: [
        {
          title: 'A folder beside itself',
          input: { from: { path: '/srv/app' }, to: { path: '/srv/app.bak' }, recursive: true },
          output: { files: 12, bytes: 34_567, mb_per_s: 80.5 },
        },
      ],
      mcp: {
        profiles: ['core'],
        compatKeys: ['timeout'],
        coreKeys: ['from', 'to', 'recursive', 'overwrite'],
        brief: briefOfCopy,
      },
      subject: async (input, ctx) => copySubject(await copyEnds(deps, ctx, input)),
      run: async (ctx, input) => within(ctx, input, (limited) => copyFiles(deps, limited, input)),
    }),
    ...(['upload', 'download'] as const).map((direction) => {
      const copyInput = (input: UploadInput): CopyInput => {
        const [here, there] = [{ path: input.local_path }, { host: input.host, path: input.remote_path }]
        const [from, to] = direction === 'upload' ? [here, there] : [there, here]
        return { ...input, from, to }
      }
      return defineTool({
        name: `maestro_${direction}`,
        title: direction === 'upload' ? 'Upload a file' : 'Download a file',
        description:
          direction === 'upload'
            ? 'Copies a file or folder of the machine that Maestro runs on to a host, as maestro_copy does.'
            : 'Copies a file or folder of a host to the machine that Maestro runs on, as maestro_copy does.',
        effect: 'destructive',
        scope: 'files:write',
        input: UploadInput,
        output: CopyResult,
        examples: [
          {
            title: 'One file',
            input: { local_path: '~/build/app.tar', remote_path: '/srv/app.tar' },
            output: { files: 1, bytes: 5, sha256: helloSha, mb_per_s: 12.5 },
          },
        ],
        mcp: { profiles: ['default', 'compat'], compatKeys: ['timeout'], brief: briefOfCopy },
        subject: async (input, ctx) => copySubject(await copyEnds(deps, ctx, copyInput(input))),
        run: async (ctx, input) => within(ctx, input, (limited) => copyFiles(deps, limited, copyInput(input))),
      })
    }),
  ]
}

export function briefOfCopy({ files, bytes, sha256, mb_per_s, skipped }: CopyResult): string {
  const what = files === 1 && sha256 !== undefined ? `sha256 ${sha256}` : `${files} files`
  return `[OK] ${bytes} bytes, ${what}, ${mb_per_s} MB/s${skipped === undefined ? '' : `, ${skipped} skipped`}`
}

/** As grep and ls would have it: one a line. */
function briefOfFind(found: FindResult): string {
  const lines = [
    ...(found.entries ?? []).map(
      ({ path, type, size }) => `${path}${type === 'folder' ? '/' : type === 'file' ? ` (${size})` : ` (${type})`}`,
    ),
    ...(found.matches ?? []).map(({ path, line, text }) => `${path}:${line}: ${text}`),
  ]
  const notes = [
    `${found.entries?.length ?? found.matches?.length ?? 0} found in ${found.path}`,
    ...(found.stopped === undefined ? [] : [`stopped by ${found.stopped}: there may be more`]),
    ...(found.skipped_count === undefined ? [] : [`${found.skipped_count} not readable`]),
  ]
  return [...lines, `[${notes.join('; ')}]`].join('\n')
}

/** The text as it is, then one line of what a reader must know: where it stands in the file, how to go on. */
export function briefOfRead(read: ReadResult): string {
  const notes = [
    `${read.size} bytes`,
    ...(read.first_line === undefined ? [] : [`lines ${read.first_line}-${read.last_line ?? read.first_line}`]),
    ...(read.matches === undefined ? [] : [`${read.matches} lines fit`]),
    read.eof ? 'to the end' : 'more follows',
    ...(read.truncated ? ['cut at max_output_bytes'] : []),
    ...(read.next_line === undefined
      ? []
      : [`go on with offset_line ${read.next_line} or byte_range.start ${read.next_byte}`]),
    ...(read.next_line === undefined && read.next_byte !== undefined
      ? [`go on with byte_range.start ${read.next_byte}`]
      : []),
    ...(read.masked === true ? ['stored secrets shown as [redacted]'] : []),
    ...(read.invalid_utf8 === true ? ['bytes that are not UTF-8 shown as U+FFFD'] : []),
    ...(read.sha256 === null ? [] : [`sha256 ${read.sha256}`]),
  ]
  const gap = read.text === '' || read.text.endsWith('\n') ? '' : '\n'
  return `${read.text}${gap}[${notes.join('; ')}]`
}
