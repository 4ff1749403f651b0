// Renders a score to a WAV file in a thread of its own, because the server's event loop also carries the
// database. Cores do not share the work: one song, one thread.

import { rm } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { MaestroError } from '#src/core/index.ts'
import type { BitDepth } from './core/synth/wav.ts'
import type { Score } from './core/synth/score.ts'
import type { FromRenderWorker, RenderWorkerInput } from './render-wav-worker.ts'

export interface RenderWavInput {
  readonly score: Score
  /** The file; an older one is replaced when the new one is whole. Its folder must exist. */
  readonly path: string
  /** Hz; 44,100 by default. */
  readonly sampleRate?: number
  /** 16 by default. */
  readonly bits?: BitDepth
  /** Seconds for sounds to ring out after the end; 3 by default. */
  readonly tailSec?: number
}

export interface RenderWavOptions {
  readonly signal?: AbortSignal
  /** Called about once a second of music with the share that is done, 0-1. */
  readonly onProgress?: (share: number) => void
}

export interface RenderedWav {
  readonly path: string
  readonly bytes: number
  readonly durationSec: number
}

/**
 * Until the promise settles only `<path>.part` exists, and nothing of it is left when rendering fails.
 * @throws `cancelled` when the signal aborts; `invalid_input` for a folder that is not there or a program, sample rate
 * or length that cannot be rendered; `forbidden` and `storage_full` as the file system says.
 */
export async function renderWav(input: RenderWavInput, options: RenderWavOptions = {}): Promise<RenderedWav> {
  const { signal, onProgress } = options
  const part = `${input.path}.part`
  const { score, sampleRate = 44_100, bits = 16, tailSec = 3 } = input
  const workerData: RenderWorkerInput = { score, part, path: input.path, sampleRate, bits, tailSec }
  if (signal?.aborted === true) throw cancelled(input.path)
  const worker = new Worker(new URL('./render-wav-worker.ts', import.meta.url), { workerData })
  const stopped = Promise.withResolvers<never>()
  const stop = (): void => stopped.reject(cancelled(input.path))
  signal?.addEventListener('abort', stop)
  try {
    return await Promise.race([outcomeOf(worker, input.path, onProgress), stopped.promise])
  } catch (thrown) {
    await worker.terminate()
    await rm(part, { force: true })
    throw thrown
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

const cancelled = (path: string): MaestroError => new MaestroError('cancelled', `rendering of "${path}" was cancelled`)

function outcomeOf(
  worker: Worker,
  path: string,
  onProgress: ((share: number) => void) | undefined,
): Promise<RenderedWav> {
  const outcome = Promise.withResolvers<RenderedWav>()
  worker.on('message', (message: FromRenderWorker) => {
    switch (message.kind) {
      case 'progress':
        onProgress?.(message.share)
        break
      case 'done':
        outcome.resolve({ path, bytes: message.bytes, durationSec: message.durationSec })
        break
      case 'failed':
        outcome.reject(errorOf(message, path))
    }
  })
  worker.on('error', (thrown) => outcome.reject(thrown))
  worker.on('exit', (code) =>
    outcome.reject(new MaestroError('internal', `the thread that rendered "${path}" ended early, with code ${code}`)),
  )
  return outcome.promise
}

/** Errors lose their class between threads. */
function errorOf(failed: Extract<FromRenderWorker, { kind: 'failed' }>, path: string): unknown {
  if (failed.name === 'RangeError')
    return new MaestroError('invalid_input', `cannot render "${path}": ${failed.message}`)
  const cause = new Error(failed.message)
  switch (failed.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
      return new MaestroError('invalid_input', `"${path}" cannot be written: its folder does not exist, or it is one`, {
        cause,
      })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new MaestroError('forbidden', `this user may not write "${path}"`, { cause })
    case 'ENOSPC':
    case 'EDQUOT':
      return new MaestroError('storage_full', `there is no room left for "${path}"`, { hint: 'free some space', cause })
    default:
      return cause
  }
}
