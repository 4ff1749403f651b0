// A disk that runs full under a real server: new work is refused by name, work under way waits for room
// and ends truly, and nothing that was acknowledged is lost.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { envOf, maestro } from '#test/harness/command.ts'
import { spokenText, startServer, steps } from '#test/harness/server.ts'
import { mountSmallDisk, needsSmallDisk } from '#test/harness/small-disk.ts'

const base = { agent: 'fake', model: 'sample/violin' }
const skip = needsSmallDisk()

interface ProblemBody {
  code: string
  detail: string
  hint: string
}

test('a disk that runs full: new runs are refused, the one at work waits for room and succeeds', { skip }, async () => {
  await using disk = await mountSmallDisk(64)
  const dataDir = join(disk.folder, 'data')
  await using server = await startServer({ dataDir, env: { MAESTRO_DISK_RESERVE_MB: '4' } })
  const workflow = await server.createWorkflow({ ...base, name: 'Filling', steps: steps('[[stream 120 25]]', 'two') })
  const { id } = await server.startRun(workflow.id)
  await server.until(id, (run) => run.lastSeq > 8)

  disk.fill(2 * 2 ** 20)
  const refused = await server.raw('POST', `/api/v1/workflows/${workflow.id}/runs`, {})
  assert.equal(refused.status, 507)
  const problem = (await refused.json()) as ProblemBody
  assert.equal(problem.code, 'storage_full')
  assert.ok(problem.detail.includes(dataDir), problem.detail)
  assert.match(problem.detail, /\d MB are free .* reserve is 4 MB/)
  const ready = await server.raw('GET', '/api/v1/ready')
  assert.equal(ready.status, 503)
  const { checks } = (await ready.json()) as { checks: { name: string; ok: boolean }[] }
  assert.deepEqual(
    checks.filter((check) => !check.ok).map((check) => check.name),
    ['disk'],
  )
  const env = envOf(server)
  const said = await maestro(['run', workflow.id], { env })
  assert.equal(said.code, 1)
  assert.ok(said.err.includes(dataDir) && said.err.includes('hint: free some space'), said.err)
  const doctor = await maestro(['doctor'], { env })
  assert.equal(doctor.code, 1)
  assert.match(doctor.out, /MB free, less than the reserve of 4 MB/)

  // Nothing at all is left: the agent's output cannot be kept, and the database cannot grow.
  disk.fill(0)
  const cutOff = await server.until(id, (run) => run.steps[0]?.attempts[0]?.status !== 'running' || run.lastSeq > 45)
  assert.equal(cutOff.status, 'running', JSON.stringify(cutOff.error))
  disk.clear()
  const run = await server.ended(id, 40_000)
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
  for (const attempt of run.steps[0]?.attempts.slice(0, -1) ?? []) {
    assert.equal(attempt.status, 'interrupted')
    assert.match(attempt.error?.message ?? '', /disk is full/)
  }
  const events = await server.events(id)
  for (const step of run.steps) {
    const turnId = step.attempts.at(-1)?.turnId
    assert.equal(spokenText(events.filter((event) => event.taskId === turnId)), step.output)
  }
  assert.equal(await server.stop(), 0, 'nothing holds up the end')
  await server.restart()
  assert.deepEqual((await server.api<{ steps: unknown }>('GET', `/runs/${id}`)).steps, run.steps)
})

test(
  'when the log of the database cannot grow, the server ends with the reason, and all is there after',
  { skip },
  async () => {
    await using disk = await mountSmallDisk(96)
    await using server = await startServer({ dataDir: join(disk.folder, 'data') })
    const prompt = `[[say fine]] ${randomBytes(450_000).toString('hex')}`
    const workflow = await server.createWorkflow({ ...base, name: 'Long', steps: steps(prompt) })
    // A segment of the log has 16 MB, more than is ever free here: one of these needs the next one.
    const acknowledged: string[] = []
    for (let asked = 0; asked < 40 && server.isRunning(); asked++) {
      disk.clear()
      disk.fill(14e6)
      const answer = await server.startRun(workflow.id).catch(() => undefined)
      if (answer !== undefined) acknowledged.push(answer.id)
    }
    assert.ok(acknowledged.length > 0)
    assert.equal(await server.exited(), 1, server.log())
    assert.match(server.log(), /the log of the database in .* cannot be written/)
    disk.clear()
    await server.restart()
    for (const id of acknowledged) assert.equal((await server.ended(id)).status, 'succeeded')
  },
)
