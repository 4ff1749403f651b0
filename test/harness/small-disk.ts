// A disk of a few ten megabytes that tests can fill: a tmpfs, which only root may mount.

import { spawnSync } from 'node:child_process'
import { openSync, closeSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk extends AsyncDisposable {
  readonly folder: string
  /** Fills it until about `leftBytes` are free. */
  fill(leftBytes: number): void
  /** Takes away what `fill` wrote. */
  clear(): void
  /** From now on nothing can be written, not even by root. */
  makeReadOnly(): void
}

/** For a test's `skip`: the reason, or false. Tries it out, because root in a container may not mount either. */
export function needsSmallDisk(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux, to mount a small disk'
  const place = spawnSync('mktemp', ['-d'], { encoding: 'utf8' }).stdout.trim()
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]).status !== 0) return 'mount is not allowed'
    spawnSync('umount', [place])
    return false
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-disk-'))
  const { status, stderr } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`mount failed: ${stderr}`)
  const ballast = join(folder, 'ballast')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    folder,
    fill(leftBytes) {
      const file = openSync(ballast, 'a')
      try {
        for (let toWrite = freeBytes() - leftBytes; toWrite > 0; toWrite = freeBytes() - leftBytes) {
          writeSync(file, Buffer.alloc(Math.min(toWrite, 4 * 2 ** 20)))
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        closeSync(file)
      }
    },
    clear: () => rmSync(ballast, { force: true }),
    makeReadOnly() {
      const remounted = spawnSync('mount', ['-o', 'remount,ro', folder], { encoding: 'utf8' })
      if (remounted.status !== 0) throw new Error(`remount failed: ${remounted.stderr}`)
    },
    async [Symbol.asyncDispose]() {
      spawnSync('umount', ['-l', folder])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
