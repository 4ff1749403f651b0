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

/** One batch after the other: the thread answers in order. Its own start does not count against a pattern. */
function inThread(source: string, flags: string, batchMs: number): LinePattern {
  let thread: Promise<Worker> | undefined
  let slow: MaestroError | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const end = async () => {
    const ending = await thread?.catch(() => undefined)
    thread = undefined
    await ending?.terminate()
  }

  async function tryBatch(lines: readonly string[], signal: AbortSignal): Promise<readonly number[]> {
    signal.throwIfAborted()
    if (slow !== undefined) throw slow
    thread ??= startThread(source, flags)
    const worker = await thread
    const timeout = AbortSignal.timeout(batchMs)
    try {
      const answer = once(worker, 'message', { signal: AbortSignal.any([signal, timeout]) }) as Promise<
        [readonly number[]]
      >
      worker.postMessage(lines, [])
      return (await answer)[0]
    } catch (error) {
      await end()
      signal.throwIfAborted()
      if (!timeout.aborted) throw error
      slow = new MaestroError(
        'limit_exceeded',
        `the pattern ${JSON.stringify(source)} took longer than ${batchMs} ms`,
        {
          hint: 'repetitions within repetitions, such as (a+)+, take for ever; write it without them',
          details: { reason: 'slow_pattern', executed: 'no' },
          cause: error,
        },
      )
      throw slow
    }
  }

  return {
    match(lines, signal) {
      const mine = turn.then(() => tryBatch(lines, signal))
      turn = mine.catch(() => undefined)
      return mine
    },
    async [Symbol.asyncDispose]() {
      await turn
      await end()
    },
  }
}

async function startThread(source: string, flags: string): Promise<Worker> {
  const worker = new Worker(new URL('./line-pattern-worker.ts', import.meta.url), { workerData: { source, flags } })
  await once(worker, 'online')
  return worker
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
