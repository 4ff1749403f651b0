// A process that, for each line it reads, tries to own the folder of its argument and answers with one line.

import { createInterface } from 'node:readline'
import { MaestroError } from '#src/core/index.ts'
import { acquireOwnerLock } from '../owner-lock.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: owner-child.ts <folder>')

process.stdout.write('ready\n')
// Ends with its parent: stdin closes.
for await (const _ of createInterface({ input: process.stdin })) {
  try {
    await acquireOwnerLock(folder)
    process.stdout.write('owner\n')
  } catch (error) {
    process.stdout.write(`${error instanceof MaestroError ? error.code : String(error)}\n`)
  }
}
