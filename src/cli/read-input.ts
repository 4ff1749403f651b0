// What a person types or pipes in: a secret without showing it, a line, all of stdin.

import { MaestroError } from '#src/core/index.ts'
import type { Io } from './io.ts'

const maxSecretBytes = 64 * 1024

/** All of stdin as text. @throws `invalid_input` past `maxBytes` */
export async function readStdin(io: Io, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk as Buffer)
    size += bytes.length
    if (size > maxBytes) throw new MaestroError('invalid_input', `stdin holds more than ${maxBytes / 1_024} KiB`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Everything on stdin, without one line break at its end. @throws `invalid_input` past 64 KiB. */
export async function readAll(io: Io): Promise<string> {
  return (await readStdin(io, maxSecretBytes)).replace(/\r?\n$/, '')
}

/** A secret's value: typed without echo at a terminal, else all of stdin. */
export function readSecret(io: Io, prompt: string): Promise<string> {
  return io.stdin.isTTY === true ? askHidden(io, prompt) : readAll(io)
}

/** One line that the person types and sees. Empty when they close the input. */
export function askLine(io: Io, prompt: string): Promise<string> {
  const { stdin } = io
  io.err(prompt)
  stdin.resume()
  return new Promise<string>((resolve) => {
    let line = ''
    const finish = () => {
      stdin.off('data', onData).off('end', finish)
      stdin.pause()
      resolve(line.trim())
    }
    const onData = (chunk: Buffer) => {
      line += chunk.toString('utf8')
      if (line.includes('\n')) finish()
    }
    stdin.on('data', onData).on('end', finish)
  })
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
