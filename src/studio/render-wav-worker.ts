// The thread of `render-wav.ts`: renders, encodes and writes block by block, so memory does not grow with the
// song. Tells its parent how far it is and how it ended.

import { open, rename } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { createRenderer } from './core/synth/renderer.ts'
import type { Score } from './core/synth/score.ts'
import { type BitDepth, wavBytes, WavEncoder, wavHeader } from './core/synth/wav.ts'

export interface RenderWorkerInput {
  readonly score: Score
  readonly part: string
  readonly path: string
  readonly sampleRate: number
  readonly bits: BitDepth
  readonly tailSec: number
}

export type FromRenderWorker =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly bytes: number; readonly durationSec: number }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly code: string | undefined }

const parent = parentPort
const tell = (message: FromRenderWorker): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is a window's; threads have none
  parent?.postMessage(message)
}

async function render({ score, part, path, sampleRate, bits, tailSec }: RenderWorkerInput): Promise<void> {
  // A second of music a block: a write and a message each.
  const renderer = createRenderer(score, { sampleRate, blockSize: sampleRate, tailSec })
  const header = wavHeader(renderer.totalFrames, sampleRate, bits)
  const encoder = new WavEncoder(bits)
  {
    await using file = await open(part, 'w', 0o644)
    await file.writeFile(header)
    for (let block = renderer.next(); block !== undefined; block = renderer.next()) {
      await file.writeFile(encoder.encode(block.left, block.right))
      tell({ kind: 'progress', share: renderer.framesDone / renderer.totalFrames })
    }
    await file.datasync()
  }
  await rename(part, path)
  const bytes = wavBytes(renderer.totalFrames, bits)
  tell({ kind: 'done', bytes, durationSec: renderer.totalFrames / sampleRate })
}

try {
  await render(workerData as RenderWorkerInput)
} catch (thrown) {
  const { name, message, code } = thrown as NodeJS.ErrnoException
  tell({ kind: 'failed', name, message, code })
}
