// Reads a secret value: all of a piped stdin, or one line from a terminal without showing it.

import { MaestroError } from '#src/core/index.ts'
import type { Io } from './io.ts'

const maxBytes = 64 * 1024

/** Everything on stdin, without one line break at its end. @throws `invalid_input` past 64 KiB. */
export async function readAll(io: Io): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk as Buffer)
    size += bytes.length
    if (size > maxBytes) throw new MaestroError('invalid_input', 'stdin holds more than 64 KiB, which is no secret')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** One line typed at the terminal. @throws `cancelled` on Ctrl-C or Ctrl-D. */
export async function askHidden(io: Io, prompt: string): Promise<string> {
  const { stdin } = io
  io.err(prompt)
  stdin.setRawMode?.(true)
  stdin.resume()
  try {
    return await new Promise<string>((resolve, reject) => {
      let value = ''
      const giveUp = () => finish(() => reject(new MaestroError('cancelled', 'nothing was stored')))
      const onData = (chunk: Buffer) => {
        // By code points, so that one backspace takes away one letter.
        for (const letter of chunk.toString('utf8')) {
          if (letter === '\r' || letter === '\n') return finish(() => resolve(value))
          if (letter === '\x03' || letter === '\x04') return giveUp()
          if (letter === '\x7f' || letter === '\b') value = [...value].slice(0, -1).join('')
          else if (letter >= ' ') value += letter
        }
      }
      const finish = (settle: () => void) => {
        stdin.off('data', onData).off('end', giveUp)
        settle()
      }
      stdin.on('data', onData).on('end', giveUp)
    })
  } finally {
    stdin.setRawMode?.(false)
    stdin.pause()
    io.err('\n')
  }
}
