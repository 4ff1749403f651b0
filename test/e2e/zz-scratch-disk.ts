import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync, rmSync, appendFileSync, statfsSync } from 'node:fs'
import { startServer, steps } from '#test/harness/server.ts'
const m = '/tmp/scratch/disk'
mkdirSync(m, { recursive: true })
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=0700', 'tmpfs', m])
const free = () => { const s = statfsSync(m); return s.bavail * s.bsize }
try {
  await using server = await startServer({ dataDir: m + '/data', env: { MAESTRO_DISK_RESERVE_MB: '4' } })
  console.log('free after start', free() / 1e6)
  const wf = await server.createWorkflow({ name: 'D', agent: 'fake', model: 'sample/violin', steps: steps('[[stream 200 40]]', 'two') })
  const run = await server.startRun(wf.id)
  await server.until(run.id, (r) => r.steps[0]?.status === 'running' && r.lastSeq > 8)
  // fill to reserve
  const fill = (left: number) => { const n = free() - left; if (n > 0) { try { appendFileSync(m + '/ballast', Buffer.alloc(n)) } catch (e) { console.log('fill', (e as Error).message) } } }
  fill(2e6)
  console.log('free', free())
  const r = await server.raw('POST', `/api/v1/workflows/${wf.id}/runs`, {})
  console.log(r.status, await r.json())
  console.log(await (await server.raw('GET', '/api/v1/ready')).json())
  console.log(JSON.stringify(await server.api('GET', '/doctor')).slice(0, 600))
  fill(0)
  console.log('free now', free())
  const t = Date.now()
  for (;;) {
    const a = await server.raw('GET', `/api/v1/runs/${run.id}`).catch((e) => e)
    const j = a.json ? await a.json() : a
    console.log(Date.now() - t, a.status, j.status, j.lastSeq, j.code, j.detail, j.error?.message, free())
    if (Date.now() - t > 14000) break
    await new Promise((r) => setTimeout(r, 1000))
  }
  console.log('LOG', server.log().slice(-5000))
  const w = await server.raw('POST', `/api/v1/workflows`, { name: 'New', steps: steps('x') }).catch((e) => e)
  console.log('create wf', w.status, w.json ? await w.json() : w)
  rmSync(m + '/ballast')
  console.log('freed', free())
  for (let i = 0; i < 10; i++) {
    const a = await server.raw('GET', `/api/v1/runs/${run.id}`).catch((e) => e)
    const j = a.json ? await a.json() : a
    console.log(Date.now() - t, a.status, j.status, j.lastSeq, j.code, j.detail, j.error?.message)
    await new Promise((r) => setTimeout(r, 1500))
    if (j.status === 'succeeded' || j.status === 'failed') break
  }
  console.log('LOG', server.log().slice(-5000))
  console.log('exit', await server.stop())
  await server.restart()
  const e = await server.ended(run.id)
  console.log(e.status, e.error, e.steps.map((s) => [s.status, s.attempts.length, s.output?.length]))
} finally {
  execFileSync('umount', ['-l', m])
}
