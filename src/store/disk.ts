// Room on the disk of the data folder. A reserve stays free, so that what was acknowledged can be finished
// and the database can still write its log when new work is already refused.

import { statfs } from 'node:fs/promises'
import { MaestroError } from '#src/core/index.ts'

export interface Disk {
  readonly reserveBytes: number
  freeBytes(): Promise<number>
  /** @throws `storage_full` */
  assertSpace(): Promise<void>
}

export function createDisk(
  folder: string,
  reserveMb: number,
  measure: (folder: string) => Promise<number> = freeBytesOf,
): Disk {
  const reserveBytes = reserveMb * 2 ** 20
  const freeBytes = () => measure(folder)
  return {
    reserveBytes,
    freeBytes,
    async assertSpace() {
      const free = await freeBytes()
      if (free >= reserveBytes) return
      throw new MaestroError(
        'storage_full',
        `only ${Math.floor(free / 2 ** 20)} MB are free on the disk of ${folder}; the reserve is ${reserveMb} MB`,
        {
          hint: 'free some space; new work is accepted again by itself',
          details: { freeBytes: free, reserveBytes },
        },
      )
    },
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
