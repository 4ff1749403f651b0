// A caller's regular expression over lines. JavaScript's engine goes back and forth, so a short pattern can take for
// ever on a short line: all but plain words are tried in a thread that is ended when its time is over.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { MaestroError } from '#src/core/index.ts'

/** For one batch of lines; honest patterns take milliseconds. */
const defaultBatchMs = 2_000

export interface LinePattern extends AsyncDisposable {
  /** Indexes of the lines that fit. @throws `limit_exceeded` when the pattern takes too long */
  match(lines: readonly string[], signal: AbortSignal): Promise<readonly number[]>
}

/** @throws `invalid_input` for what is no regular expression */
export function createLinePattern(text: string, options: { batchMs?: number } = {}): LinePattern {
  if (!/[\\^$.*+?()[\]{}|]/.test(text)) {
    return {
      match: async (lines) => lines.flatMap((line, index) => (line.includes(text) ? [index] : [])),
      [Symbol.asyncDispose]: async () => undefined,
    }
  }
  const { source, flags } = parse(text)
  return inThread(source, flags, options.batchMs ?? defaultBatchMs)
}

function inThread(source: string, flags: string, batchMs: number): LinePattern {
  let worker: Worker | undefined
  const end = async () => {
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }
  return {
    async match(lines, signal) {
      worker ??= new Worker(new URL('./line-pattern-worker.ts', import.meta.url), { workerData: { source, flags } })
      const timeout = AbortSignal.timeout(batchMs)
      const isOver = AbortSignal.any([signal, timeout])
      try {
        const answer = once(worker, 'message', { signal: isOver }) as Promise<[readonly number[]]>
        worker.postMessage(lines, [])
        return (await answer)[0]
      } catch (error) {
        await end()
        signal.throwIfAborted()
        if (!timeout.aborted) throw error
        throw new MaestroError(
          'limit_exceeded',
          `the pattern ${JSON.stringify(source)} took longer than ${batchMs} ms`,
          {
            hint: 'repetitions within repetitions, such as (a+)+, take for ever; write it without them',
            details: { reason: 'slow_pattern', executed: 'no' },
            cause: error,
          },
        )
      }
    },
    [Symbol.asyncDispose]: end,
  }
}

/** `(?i)` at the beginning, as other engines have it, is our flag i. */
function parse(text: string): { source: string; flags: string } {
  const isCaseless = text.startsWith('(?i)')
  const source = isCaseless ? text.slice(4) : text
  const caseless = isCaseless ? 'i' : ''
  let problem: unknown
  // Unicode mode first; it refuses escapes that mean nothing, which many patterns have.
  for (const flags of ['u', '']) {
    try {
      return { source, flags: new RegExp(source, caseless + flags).flags }
    } catch (error) {
      problem = error
    }
  }
  throw new MaestroError('invalid_input', `the pattern is no regular expression: ${(problem as Error).message}`, {
    hint: 'write \\ before . * + ? ( ) [ ] { } | ^ $ that are meant as they are',
    details: { reason: 'bad_pattern', executed: 'no' },
  })
}
