// Files and host states under the names of Maestro MCP's earlier generations.

import { z } from 'zod'
import type { AnyTool } from '#src/core/index.ts'
import { CopyResult, maxReadBytes, ReadResult, WriteResult } from '../files/shapes.ts'
import { HostName, olderName, optionalSeconds, Path } from './inputs.ts'

const Lines = z.int().min(1).max(10_000_000).nullish()

/** @param today the tools whose names they are: the answer of `status` is described there */
export function compatFileTools(today: readonly AnyTool[]): AnyTool[] {
  return [
    olderName({
      name: 'read',
      title: 'Read a file (older name)',
      description:
        'Older name of maestro_read: text of a file, its first or last lines; at most 1 MiB. head wins over tail.',
      effect: 'read',
      scope: 'files:read',
      input: z.object({ host: HostName, path: Path, head: Lines, tail: Lines, timeout: optionalSeconds }),
      output: ReadResult,
      brief: ({ text, truncated, next_line: line }) => {
        const goOn = line === undefined ? '' : `; go on with maestro_read and offset_line ${line}`
        return `${text === '' ? '[empty file]' : text}${truncated ? `\n[cut at 1 MiB${goOn}]` : ''}`
      },
      standsFor: ({ tail, ...input }) => ({
        tool: 'maestro_read',
        input: { ...input, ...(typeof input.head === 'number' ? {} : { tail }), max_output_bytes: maxReadBytes },
      }),
    }),
    olderName({
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
      brief: ({ bytes, path }) => `[OK] wrote ${bytes} bytes to ${path}`,
      standsFor: (input) => ({ tool: 'maestro_write', input }),
    }),
    olderName({
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
      brief: (_result, { host, direction, local_path: here, remote_path: there }) => {
        const remote = `${host ?? 'local'}:${there}`
        return direction === 'upload' ? `[OK] upload ${here} -> ${remote}` : `[OK] download ${remote} -> ${here}`
      },
      standsFor: ({ direction, ...input }) => ({ tool: `maestro_${direction}`, input }),
    }),
    ...today
      .filter(({ name }) => name === 'maestro_status')
      .map((tool) =>
        olderName({
          name: 'status',
          title: 'State of the hosts (older name)',
          description: 'Older name of maestro_status.',
          effect: 'read',
          scope: tool.scope,
          input: z.object({}),
          output: tool.output as z.ZodType,
          brief: (states) => JSON.stringify(states),
          standsFor: (input) => ({ tool: 'maestro_status', input }),
        }),
      ),
  ]
}
