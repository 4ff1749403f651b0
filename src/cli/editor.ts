// A text in the person's editor: written to a private file, handed over, read back.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { MaestroError, splitArguments } from '#src/core/index.ts'
import type { Io } from './io.ts'

export interface EditedFile {
  readonly path: string
  /** Opens the editor; what the file holds afterwards. @throws `cancelled` when the editor fails, `not_ready` without one */
  edit(): Promise<string>
  write(text: string): Promise<void>
  remove(): Promise<void>
}

/** In a folder of its own that nobody else may enter. */
export async function createEditedFile(io: Io, name: string, text: string): Promise<EditedFile> {
  const folder = await mkdtemp(join(io.env['TMPDIR'] ?? tmpdir(), 'maestro-'))
  const path = join(folder, name)
  const write = (content: string) => writeFile(path, content, { mode: 0o600 })
  await write(text)
  return {
    path,
    write,
    async edit() {
      const [program = 'vi', ...args] = splitArguments(io.env['VISUAL'] ?? io.env['EDITOR'] ?? 'vi')
      const code = await io.attach(program, [...args, path])
      if (code === null) {
        throw new MaestroError('not_ready', `the editor "${program}" could not be started`, {
          hint: `set EDITOR to one that is there; the text is in ${path}`,
        })
      }
      if (code !== 0) {
        throw new MaestroError('cancelled', `the editor "${program}" ended with exit code ${code}: nothing was saved`, {
          hint: `the text is in ${path}`,
        })
      }
      return readFile(path, 'utf8')
    },
    remove: () => rm(dirname(path), { recursive: true, force: true }),
  }
}
