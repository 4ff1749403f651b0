// Rounds of eight real processes that want the same folder at the same moment, in which the owner of the
// round before is killed with -9.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('./owner-child.ts', import.meta.url))
const starters = 8

export interface OwnerRounds {
  readonly rounds: number
  /** Rounds with exactly one owner and seven that were told of a conflict. */
  readonly exact: number
  readonly wrong: readonly (readonly string[])[]
  /** Rounds with more than one owner. */
  readonly double: number
}

export async function runOwnerRounds(rounds: number): Promise<OwnerRounds> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-owner-'))
  const wrong: string[][] = []
  let group: Starter[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const fresh = Array.from({ length: starters - group.length }, () => start(folder))
      for (const starter of fresh) await starter.line()
      group = [...group, ...fresh]
      const said = await Promise.all(group.map((starter) => starter.attempt()))
      const owners = group.filter((_, index) => said[index] === 'owner')
      if (owners.length !== 1 || said.filter((line) => line === 'conflict').length !== starters - 1) wrong.push(said)
      // The kernel may need a moment to drop the lock; the next round starts all the same.
      for (const owner of owners) void owner.kill()
      group = group.filter((starter) => !owners.includes(starter))
    }
  } finally {
    await Promise.all(group.map((starter) => starter.kill()))
    await rm(folder, { recursive: true, force: true })
  }
  const double = wrong.filter((said) => said.filter((line) => line === 'owner').length > 1).length
  return { rounds, exact: rounds - wrong.length, wrong, double }
}

interface Starter {
  line(): Promise<string>
  attempt(): Promise<string>
  kill(): Promise<void>
}

function start(folder: string): Starter {
  const own = spawn(process.execPath, [child, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(own, 'exit')
  const lines = createInterface({ input: own.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const next = await lines.next()
    return next.done === true ? 'ended' : next.value
  }
  return {
    line,
    attempt() {
      own.stdin.write('try\n')
      return line()
    },
    async kill() {
      own.kill('SIGKILL')
      await exited
    },
  }
}
