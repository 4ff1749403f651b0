// Follows the two output files of one generation to their end. Pull-based: nothing is read ahead of the
// consumer, so memory does not depend on how much a job writes. Ends nothing and decides nothing.

import { watch } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutputChunk, ProcessEnd } from '#src/tasks/index.ts'
import { readEnd } from './run-folder.ts'
import type { RecordedEnd } from './run-folder.ts'

const chunkBytes = 64 * 1024
/** The file system may not tell of a change (network disks, limits on watches): look this often anyway. */
const pollMs = 1_000
const pollWithoutWatchMs = 50

/**
 * Yields what is beyond `from` in both files, then the end. Order between the two streams is not kept.
 * @param onQuiet called at each slow poll: the place to notice that the supervisor is gone.
 * @throws the reason of `signal` when it is aborted.
 */
export async function* follow(
  folder: string,
  from: { readonly out: number; readonly err: number },
  signal: AbortSignal,
  onQuiet: () => Promise<void>,
): AsyncGenerator<OutputChunk, ProcessEnd | 'lost', void> {
  await using open = new AsyncDisposableStack()
  const changes = open.use(watchFolder(folder, signal))
  const streams = [
    open.use(await openStream(folder, 'out', from.out)),
    open.use(await openStream(folder, 'err', from.err)),
  ]
  let end: RecordedEnd | 'lost' | undefined
  for (;;) {
    signal.throwIfAborted()
    changes.reset()
    let isDry = true
    for (const stream of streams) {
      const chunk = await stream.read()
      if (chunk === undefined) continue
      isDry = false
      yield chunk
      signal.throwIfAborted()
    }
    if (!isDry) continue
    // The end was there before the files were found dry, and nobody writes after it: all was read.
    if (end !== undefined) return conclusion(end, streams)
    end = await readEnd(folder)
    if (end === undefined && (await changes.wait()) === 'quiet') await onQuiet()
  }
}

/** Less on disk than the runner counted: the machine went down before the rest was written. */
function conclusion(end: RecordedEnd | 'lost', streams: readonly Stream[]): ProcessEnd | 'lost' {
  if (end === 'lost') return 'lost'
  const [out, err] = streams
  if ((out?.offset() ?? 0) < end.outBytes || (err?.offset() ?? 0) < end.errBytes) return 'lost'
  return { exitCode: end.exitCode, stoppedBy: end.stoppedBy }
}

interface Stream extends AsyncDisposable {
  /** The next bytes, or undefined when there are none now. */
  read(): Promise<OutputChunk | undefined>
  offset(): number
}

async function openStream(folder: string, name: 'out' | 'err', from: number): Promise<Stream> {
  const handle: FileHandle = await open(join(folder, name), 'r')
  const buffer = Buffer.allocUnsafeSlow(chunkBytes)
  let offset = from
  return {
    async read() {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, offset)
      if (bytesRead === 0) return undefined
      const chunk: OutputChunk = { stream: name, offset, bytes: Uint8Array.prototype.slice.call(buffer, 0, bytesRead) }
      offset += bytesRead
      return chunk
    },
    offset: () => offset,
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

interface Changes extends Disposable {
  /** Forget what was seen so far. Call before reading, so that no change falls between reading and waiting. */
  reset(): void
  /** Resolves at the next change (or the abort), or after a while without one. */
  wait(): Promise<'changed' | 'quiet'>
}

function watchFolder(folder: string, signal: AbortSignal): Changes {
  let isDirty = false
  let isWatching = true
  let wake: (() => void) | undefined
  const onChange = () => {
    isDirty = true
    wake?.()
  }
  const onFailure = () => {
    isWatching = false
    onChange()
  }
  const watcher = tryWatch(folder, onChange, onFailure)
  if (watcher === undefined) isWatching = false
  signal.addEventListener('abort', onChange)
  return {
    reset: () => {
      isDirty = false
    },
    wait: () =>
      new Promise((resolve) => {
        if (isDirty) {
          resolve('changed')
          return
        }
        const done = (what: 'changed' | 'quiet') => {
          clearTimeout(timer)
          wake = undefined
          resolve(what)
        }
        const timer = setTimeout(() => done('quiet'), isWatching ? pollMs : pollWithoutWatchMs)
        wake = () => done('changed')
      }),
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', onChange)
      watcher?.close()
    },
  }
}

function tryWatch(folder: string, onChange: () => void, onFailure: () => void) {
  try {
    return watch(folder, onChange).on('error', onFailure)
  } catch {
    return undefined
  }
}
