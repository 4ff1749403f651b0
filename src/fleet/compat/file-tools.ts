// Files and host states under the names of Maestro MCP's earlier generations.

import { z } from 'zod'
import { type AnyTool, type Ctx, defineTool } from '#src/core/index.ts'
import type { FileDeps } from '../files/files.ts'
import { copyEnds, copySubject } from '../files/copy-files.ts'
import { locate, subjectOf } from '../files/locate.ts'
import { type CopyInput, CopyResult, maxReadBytes, ReadResult, WriteResult } from '../files/shapes.ts'
import { type CallTool, given, HostName, optionalSeconds, Path } from './inputs.ts'

const compat = { profiles: ['compat'] as const }
const Lines = z.int().min(1).max(10_000_000).nullish()

export function compatFileTools(deps: { call: CallTool; files: FileDeps }): AnyTool[] {
  const { call, files } = deps
  const subject = async (input: { host?: string | null | undefined; path: string }, ctx: Ctx) => [
    subjectOf(await locate(files.hosts, ctx, { host: input.host ?? undefined, path: input.path })),
  ]
  return [
    defineTool({
      name: 'read',
      title: 'Read a file (older name)',
      description:
        'Older name of maestro_read: text of a file, its first or last lines; at most 1 MiB. head wins over tail.',
      effect: 'read',
      scope: 'files:read',
      input: z.object({ host: HostName, path: Path, head: Lines, tail: Lines, timeout: optionalSeconds }),
      output: ReadResult,
      mcp: {
        ...compat,
        brief: ({ text, truncated, next_line: line }) =>
          `${text === '' ? '[empty file]' : text}${truncated ? `\n[cut at 1 MiB${line === undefined ? '' : `; go on with maestro_read and offset_line ${line}`}]` : ''}`,
      },
      subject,
      run: async (ctx, { tail, ...input }) =>
        ReadResult.parse(
          await call(
            ctx,
            'maestro_read',
            given({ ...input, ...(typeof input.head === 'number' ? {} : { tail }), max_output_bytes: maxReadBytes }),
          ),
        ),
    }),
    defineTool({
      name: 'write',
      title: 'Write a file (older name)',
      description: 'Older name of maestro_write: makes, replaces or appends to a file, with missing folders.',
      effect: 'destructive',
      scope: 'files:write',
      input: z.object({
        host: HostName,
        path: Path,
        content: z.string(),
        append: z.boolean().default(false),
        sudo: z.boolean().default(false),
        timeout: optionalSeconds,
      }),
      output: WriteResult,
      mcp: { ...compat, brief: ({ bytes, path }) => `[OK] wrote ${bytes} bytes to ${path}` },
      subject,
      run: async (ctx, input) => WriteResult.parse(await call(ctx, 'maestro_write', given(input))),
    }),
    defineTool({
      name: 'transfer',
      title: 'Copy a file (older name)',
      description: 'Older form of maestro_upload and maestro_download.',
      effect: 'destructive',
      scope: 'files:write',
      input: z.object({
        host: HostName,
        direction: z.enum(['upload', 'download'], 'upload or download'),
        local_path: Path,
        remote_path: Path,
      }),
      output: CopyResult,
      mcp: {
        ...compat,
        brief: (_result, { host, direction, local_path: here, remote_path: there }) => {
          const remote = `${host ?? 'local'}:${there}`
          return direction === 'upload' ? `[OK] upload ${here} -> ${remote}` : `[OK] download ${remote} -> ${here}`
        },
      },
      subject: async (input, ctx) => {
        const [here, there] = [{ path: input.local_path }, { host: input.host ?? undefined, path: input.remote_path }]
        const [from, to] = input.direction === 'upload' ? [here, there] : [there, here]
        return copySubject(await copyEnds(files, ctx, { from, to } as CopyInput))
      },
      run: async (ctx, { direction, ...input }) =>
        CopyResult.parse(await call(ctx, `maestro_${direction}`, given(input))),
    }),
  ]
}

/** `maestro_status` by its older name; its text is the JSON that it had then. */
export function compatStatus(tools: readonly AnyTool[]): AnyTool[] {
  return tools
    .filter(({ name }) => name === 'maestro_status')
    .map((tool) => ({
      ...tool,
      name: 'status',
      title: 'State of the hosts (older name)',
      mcp: { ...compat, brief: (output: unknown) => JSON.stringify(output) },
    }))
}
