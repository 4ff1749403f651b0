// All that is kept of one stream as a file, byte for byte: read slice by slice, so that the size does not matter.

import { useState } from 'react'
import { readOutput, type Stream } from '../../api/tasks.ts'
import { bytes } from '../../lib/format.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useToasts } from '../../ui/toast.tsx'

const sliceBytes = 256 * 1024

export function useDownload(taskId: string, stream: Stream) {
  const toasts = useToasts()
  /** In words, while it goes on. */
  const [progress, setProgress] = useState<string>()

  async function save(name: string) {
    const parts: Uint8Array<ArrayBuffer>[] = []
    let offset = 0
    let total = 0
    setProgress('Downloading')
    try {
      do {
        const slice = await readOutput(taskId, { stream, offset, limit: sliceBytes, encoding: 'base64' })
        if (slice.next_offset <= offset) break
        parts.push(Uint8Array.from(atob(slice.text), (letter) => letter.charCodeAt(0)))
        offset = slice.next_offset
        // Where it ended when this began: what a running command goes on to print is not waited for.
        total = total === 0 ? slice.total_bytes : total
        setProgress(`Downloading: ${bytes(offset)} of ${bytes(total)}`)
      } while (offset < total)
      saveFile(name, new Blob(parts), 'text/plain')
    } catch (thrown) {
      toasts.fail(thrown)
    } finally {
      setProgress(undefined)
    }
  }

  return { save, progress }
}
