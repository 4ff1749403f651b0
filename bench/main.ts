// `npm run bench [name ...] [-- --rounds N --calls N]`: each bench prints one JSON line with its figures, its floor or
// target beside them, and what machine it ran on. Figures are for comparing, never for a test to assert.

import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'

const benches = {
  start: () => import('./start.ts'),
  engine: () => import('./engine.ts'),
  sse: () => import('./sse.ts'),
  lists: () => import('./lists.ts'),
  exec: () => import('./exec.ts'),
  runner: () => import('./runner.ts'),
  audit: () => import('./audit.ts'),
  'owner-lock': () => import('./owner-lock.ts'),
  'store-crash': () => import('./store-crash.ts'),
  crash: () => import('./crash.ts'),
  failover: () => import('./failover.ts'),
  mcp: () => import('./mcp.ts'),
  'mcp-kill': () => import('./mcp-kill.ts'),
  gateway: () => import('./gateway.ts'),
  music: () => import('./music.ts'),
  render: () => import('./render.ts'),
} as const satisfies Record<string, () => Promise<{ run(options: never): Promise<object> }>>

type Name = keyof typeof benches
const names = Object.keys(benches) as Name[]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, calls: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const unknown = positionals.filter((name) => !names.includes(name as Name))
if (values.help === true || unknown.length > 0) {
  if (unknown.length > 0) console.error(`there is no bench "${unknown.join('", "')}"`)
  console.error(`usage: npm run bench [-- ${names.join(' | ')}] [--rounds N] [--calls N]`)
  process.exit(unknown.length > 0 ? 2 : 0)
}

for (const name of positionals.length === 0 ? names : (positionals as Name[])) {
  const { run } = (await benches[name]()) as { run(options: { rounds?: number; calls?: number }): Promise<object> }
  const options = {
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
    ...(values.calls === undefined ? {} : { calls: Number(values.calls) }),
  }
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
  const figures = await run(options)
  console.log(
    JSON.stringify({ bench: name, ...figures, cores: cpus().length, loadBefore: load, node: process.version }),
  )
}
process.exit(0)
