// The output of a command, byte for byte and as it comes, until its task ends. Leaves out how it was started and what
// its end means to a shell.

import { OutputSlice } from '#src/fleet/contract.ts'
import type { Api } from './api.ts'
import type { Cli } from './cli.ts'
import { followRun } from './follow.ts'
import { safe } from './style.ts'

const sliceBytes = 256 * 1024

export interface OutputPrinter {
  /** Prints what has come since the last time. */
  print(): Promise<void>
}

/** @param isTrusted whoever looks started it: on a terminal, too, it may do what programs do there */
export function createOutputPrinter(cli: Cli, api: Api, taskId: string, isTrusted: boolean): OutputPrinter {
  const { io } = cli
  const streams = [
    { name: 'stdout', offset: 0, write: writer(io.outIsTty && !isTrusted, io.outBytes) },
    { name: 'stderr', offset: 0, write: writer(io.errIsTty && !isTrusted, io.errBytes) },
  ]
  return {
    async print() {
      for (const stream of streams) {
        for (;;) {
          const query = `stream=${stream.name}&offset=${stream.offset}&limit=${sliceBytes}&encoding=base64`
          const slice = await api.call('GET', `/tasks/${taskId}/output?${query}`, OutputSlice)
          if (slice.text !== '') stream.write(Buffer.from(slice.text, 'base64'))
          stream.offset = slice.next_offset
          if (slice.next_offset >= slice.total_bytes) break
        }
      }
    },
  }
}

/** Prints until the task has ended. 'stopped' when `signal` was aborted first. */
export async function followOutput(
  cli: Cli,
  api: Api,
  options: { readonly taskId: string; readonly signal: AbortSignal; readonly isTrusted: boolean },
): Promise<'ended' | 'stopped'> {
  const { io } = cli
  const printer = createOutputPrinter(cli, api, options.taskId, options.isTrusted)
  // One at a time; an event that comes meanwhile is another round.
  let printing: Promise<void> = Promise.resolve()
  const end = await followRun(api, {
    runId: options.taskId,
    log: 'tasks',
    signal: options.signal,
    sleep: io.sleep,
    onEvent: ({ body }) => {
      if (body.type !== 'output.grown') return
      printing = printing.then(() => printer.print()).catch(() => undefined)
    },
    onLost: () => io.err('the connection was lost; waiting for Maestro to come back\n'),
  })
  await printing
  if (end === 'stopped') return end
  // What failed in between is tried once more, and then said.
  await printer.print()
  return end
}

function writer(isCleaned: boolean, write: (bytes: Uint8Array) => void): (bytes: Buffer) => void {
  if (!isCleaned) return write
  // Characters may be split between two slices.
  const decoder = new TextDecoder()
  return (bytes) => write(Buffer.from(safe(decoder.decode(bytes, { stream: true }))))
}
