// Tries a pattern on lines, away from the event loop: whoever asks ends this thread when it takes too long.

import { parentPort, workerData } from 'node:worker_threads'

const { source, flags } = workerData as { source: string; flags: string }
const pattern = new RegExp(source, flags)

parentPort?.on('message', (lines: readonly string[]) => {
  const hits = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  parentPort?.postMessage(hits, [])
})
