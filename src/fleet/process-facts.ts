// Facts about processes on this machine that Node can read without starting one.

import type { Claim } from './run-folder.ts'
import { readBootId, readText } from './run-folder.ts'

/**
 * True when the process that made the claim is certainly or possibly gone, so that the runner should look.
 * Start time and boot tell it from a later process with the same number.
 */
export async function isSupervisorGone(claim: Exclude<Claim, string>): Promise<boolean> {
  const ours = await readText('/proc/self/stat')
  if (ours === undefined) return !isAlive(claim.pid)
  if ((await readBootId()) !== claim.bootId) return true
  const stat = await readText(`/proc/${claim.pid}/stat`)
  if (stat === undefined) return true
  // After the name in brackets, which may hold anything: state is field 3, the start time field 22.
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' || fields[19] !== claim.startTime
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
