// What commands printed, kept in full on disk: one private folder a task with a file a stream, secrets already masked.
// Read by offset while it grows and afterwards, removed by age and total size. Leaves out what of it is shown.

import { constants } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, DAY, HOUR, isNodeError, type Log } from '#src/core/index.ts'

export type Stream = 'stdout' | 'stderr'
const streams: readonly Stream[] = ['stdout', 'stderr']

export interface OutputStore {
  /** For the one who follows the command. What was kept before is written over by the same bytes. */
  write(taskId: string): OutputWriter
  /** Bytes kept so far; 0 for what was never printed or is no longer kept. */
  size(taskId: string, stream: Stream): Promise<number>
  /** At most `length` bytes from `offset`; fewer at the end. */
  read(taskId: string, stream: Stream, offset: number, length: number): Promise<Buffer>
  /** Removes what is too old, then the oldest until the rest fits. Returns how many tasks' output went. */
  sweep(): Promise<number>
  /** Sweeps now and every hour until `signal` is aborted. Never rejects. */
  keepSwept(signal: AbortSignal): Promise<void>
}

export interface OutputWriter {
  /** Returns when it may go on: memory stays flat however much comes. A disk that takes no more is remembered, not thrown. */
  append(stream: Stream, bytes: Buffer): Promise<void>
  /** What was appended is readable. */
  flush(): Promise<void>
  /** Bytes kept of each stream. */
  sizes(): Readonly<Record<Stream, number>>
  /** Flushes and closes; nothing follows. */
  end(): Promise<void>
  /** The disk took no more: the rest was dropped. */
  readonly isBroken: boolean
}

export interface OutputStoreDeps {
  /** Absolute; made when needed (0700). */
  readonly dir: string
  readonly clock: Clock
  readonly log: Log
  /** Default 7 days. */
  readonly maxAgeMs?: number
  /** Of all that is kept; default 1 GiB. */
  readonly maxBytes?: number
}

/** Small outputs reach the disk in one go, at the end. */
const bufferBytes = 256 * 1024

export function createOutputStore(deps: OutputStoreDeps): OutputStore {
  const { dir, clock, log, maxAgeMs = 7 * DAY, maxBytes = 1024 * 1024 * 1024 } = deps
  const writing = new Set<string>()
  const folderOf = (taskId: string) => join(dir, taskId)

  const store: OutputStore = {
    write(taskId) {
      writing.add(taskId)
      return createWriter(folderOf(taskId), log, () => writing.delete(taskId))
    },

    async size(taskId, stream) {
      try {
        return (await stat(join(folderOf(taskId), stream))).size
      } catch (thrown) {
        if (isNodeError(thrown) && thrown.code === 'ENOENT') return 0
        throw thrown
      }
    },

    async read(taskId, stream, offset, length) {
      if (length <= 0) return Buffer.alloc(0)
      let handle: FileHandle
      try {
        handle = await open(join(folderOf(taskId), stream), 'r')
      } catch (thrown) {
        if (isNodeError(thrown) && thrown.code === 'ENOENT') return Buffer.alloc(0)
        throw thrown
      }
      try {
        const buffer = Buffer.allocUnsafe(length)
        let filled = 0
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
          if (bytesRead === 0) break
          filled += bytesRead
        }
        return buffer.subarray(0, filled)
      } finally {
        await handle.close()
      }
    },

    async sweep() {
      const kept: { taskId: string; at: number; bytes: number }[] = []
      for (const taskId of await namesIn(dir)) {
        if (writing.has(taskId)) continue
        const facts = await Promise.all(
          streams.map((name) => stat(join(folderOf(taskId), name)).catch(() => undefined)),
        )
        const folder = await stat(folderOf(taskId)).catch(() => undefined)
        if (folder === undefined) continue
        kept.push({
          taskId,
          at: Math.max(folder.mtimeMs, ...facts.map((one) => one?.mtimeMs ?? 0)),
          bytes: facts.reduce((sum, one) => sum + (one?.size ?? 0), 0),
        })
      }
      let total = kept.reduce((sum, { bytes }) => sum + bytes, 0)
      let removed = 0
      for (const { taskId, at, bytes } of kept.toSorted((a, b) => a.at - b.at)) {
        if (clock.now() - at <= maxAgeMs && total <= maxBytes) continue
        await rm(folderOf(taskId), { recursive: true, force: true })
        total -= bytes
        removed++
      }
      if (removed > 0) log.info({ removed }, 'removed kept output of commands')
      return removed
    },

    async keepSwept(signal) {
      while (!signal.aborted) {
        await store.sweep().catch((error: unknown) => log.warn({ error }, 'could not remove old output of commands'))
        await clock.sleep(HOUR, signal).catch(() => undefined)
      }
    },
  }
  return store
}

interface OpenStream {
  handle: FileHandle | undefined
  /** Bytes that are on disk. */
  written: number
  waiting: Buffer[]
  waitingBytes: number
  /** Appended in all. */
  taken: number
}

function createWriter(folder: string, log: Log, onEnd: () => void): OutputWriter {
  const files: Record<Stream, OpenStream> = { stdout: fresh(), stderr: fresh() }
  let isBroken = false
  // One write at a time: the ticker flushes while the follower appends.
  let queue: Promise<void> = Promise.resolve()

  async function drain(name: Stream): Promise<void> {
    const file = files[name]
    if (file.waitingBytes === 0) return
    const bytes = Buffer.concat(file.waiting)
    file.waiting = []
    file.waitingBytes = 0
    if (isBroken) return
    try {
      if (file.handle === undefined) {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        // Not emptied: after a restart the same bytes are written again, under the eyes of whoever reads them.
        file.handle = await open(join(folder, name), constants.O_CREAT | constants.O_WRONLY, 0o600)
      }
      await writeAll(file.handle, bytes, file.written)
      file.written += bytes.length
    } catch (error) {
      isBroken = true
      log.warn({ error, folder }, 'the output of a command can no longer be kept')
    }
  }

  function flush(): Promise<void> {
    queue = queue.then(async () => {
      for (const name of streams) await drain(name)
    })
    return queue
  }

  return {
    get isBroken() {
      return isBroken
    },
    async append(name, bytes) {
      if (bytes.length === 0) return
      const file = files[name]
      file.waiting.push(bytes)
      file.waitingBytes += bytes.length
      file.taken += bytes.length
      if (file.waitingBytes >= bufferBytes) await flush()
    },
    flush,
    sizes: () => ({
      stdout: isBroken ? files.stdout.written : files.stdout.taken,
      stderr: isBroken ? files.stderr.written : files.stderr.taken,
    }),
    async end() {
      await flush()
      for (const name of streams) {
        const { handle, written } = files[name]
        if (handle === undefined) continue
        try {
          // What is masked may have changed since a first reading: nothing of that stays behind the end.
          await handle.truncate(written)
        } finally {
          await handle.close()
        }
        files[name].handle = undefined
      }
      onEnd()
    },
  }
}

const fresh = (): OpenStream => ({ handle: undefined, written: 0, waiting: [], waitingBytes: 0, taken: 0 })

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (isNodeError(thrown) && thrown.code === 'ENOENT') return []
    throw thrown
  }
}
