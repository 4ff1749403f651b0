// From `serve` to the first page, cold (a new data folder) and warm, and what an idle server costs.

import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { startServer } from '#test/harness/server.ts'
import { percentile } from './engine.ts'

const warmStarts = 5
const idleSec = 20

export async function run(): Promise<Record<string, number>> {
  const coldAt = performance.now()
  await using server = await startServer()
  await page(server.url)
  const coldMs = performance.now() - coldAt
  const warm: number[] = []
  for (let i = 0; i < warmStarts; i++) {
    await server.stop()
    const at = performance.now()
    await server.restart()
    await page(server.url)
    warm.push(performance.now() - at)
  }
  // What start-up left to collect, and the sample's run, should not count as idle.
  await delay(5_000)
  const before = cpuMs(server.pid)
  await delay(idleSec * 1_000)
  const idleCpuMs = cpuMs(server.pid) - before
  return {
    coldStartToPageMs: Math.round(coldMs),
    warmStartToPageP50Ms: percentile(warm, 0.5),
    idleRssMb: rssMb(server.pid),
    idleCpuPercent: Math.round((idleCpuMs / (idleSec * 1_000)) * 1_000) / 10,
  }
}

async function page(url: string): Promise<void> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`the page answered ${response.status}`)
  await response.text()
}

/** User and system time of a process, in ms, at 100 ticks a second (proc(5), fields 14 and 15). */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function rssMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kb) / 1_024)
}
