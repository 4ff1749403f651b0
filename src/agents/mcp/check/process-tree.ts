// Ends a process that was started in a group of its own, with everything that came from it: the group, then
// whatever carries its marker in the environment (a child may have begun a session of its own).

import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/** Kills until nothing is left that carries the marker `<name>=<value...>`. Where there is no /proc, a no-op. */
export async function sweep(marker: string): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const found = await marked(marker)
    if (found.length === 0) return
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has gone by itself.
      }
    }
    await delay(10)
  }
}

async function marked(marker: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => [])
  const found: number[] = []
  for (const name of names) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '')
    if (`\0${environment}`.includes(`\0${marker}`)) found.push(Number(name))
  }
  return found
}
