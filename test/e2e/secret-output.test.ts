// A stored secret that an agent prints, by its model or by a command, in pieces that nobody sees whole: what is
// kept, shown and sent has the mask in its place.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { filesWith, modesIn } from '#test/harness/data-folder.ts'
import { viewExecution } from '#test/harness/execution-viewer.ts'
import { gooseEnv, spokenText, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel } from '#test/stub-model/index.ts'

const mask = '[redacted]'
/** In three parts, since a prompt is kept as it was typed. */
const deployParts = ['dpl-CANARY-0a1b', '2c3d4e5f', '60718293'] as const
const serverParts = ['mcp CANARY $4 "q', 'uoted" and', ' ünïcode'] as const
const [deploy, ofServer] = [deployParts.join(''), serverParts.join('')]

describe('a secret that an agent prints', { skip: without('goose') }, () => {
  let stub: StubModel
  let server: TestServer
  let workingDir: string
  const open = new AsyncDisposableStack()
  before(async () => {
    stub = open.adopt(await startStubModel(), (one) => one.close())
    server = open.use(await startServer({ env: { ...gooseEnv(stub.url), MAESTRO_LOG_LEVEL: 'debug' } }))
    workingDir = open.adopt(await mkdtemp(join(tmpdir(), 'maestro-secret-')), (dir) => rm(dir, { recursive: true }))
    await server.api('PUT', '/secrets/DEPLOY_TOKEN', { value: deploy })
    await server.api('POST', '/mcp-servers', {
      name: 'Kept',
      command: process.execPath,
      env: [{ name: 'SERVER_KEY', value: ofServer }],
    })
  })
  after(() => open.disposeAsync())

  test('is masked in answers, events, streams, logs and files, however it was cut', async () => {
    const command = `printf '%s' '${deployParts[0]}'; sleep 0.2; printf '%s' '${deployParts[1]}${deployParts[2]}'`
    const workflow = await server.createWorkflow({
      name: 'Tells',
      agent: 'goose',
      provider: 'openrouter',
      workingDir,
      steps: steps(
        `[[pieces it is |${deployParts.join('|')}| and |${serverParts.join('|')}|.]]`,
        `[[tool shell ${JSON.stringify({ command })}]] [[say done]]`,
      ),
    })
    using viewer = await viewExecution(server.url, `/ws/execution/${workflow.id}`)
    const run = await server.ended((await server.startRun(workflow.id)).id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.steps[0]?.output, `it is ${mask} and ${mask}.`)

    const events = await server.events(run.id)
    assert.ok(spokenText(events).startsWith(`it is ${mask} and ${mask}.`), spokenText(events))
    const returned = events.find(({ body }) => body.type === 'tool.returned')?.body
    assert.ok(returned?.type === 'tool.returned' && returned.output.includes(mask), JSON.stringify(returned))
    await viewer.until(({ type }) => type === 'end')
    assert.ok(viewer.text().includes(`it is ${mask} and ${mask}.`), viewer.text())

    const seen = [JSON.stringify(run), JSON.stringify(events), JSON.stringify(viewer.messages), server.log()].join('\n')
    const asJson = JSON.stringify(ofServer).slice(1, -1)
    for (const secret of [deploy, ofServer, asJson]) assert.ok(!seen.includes(secret), `"${secret}" was told`)
    assert.equal(await server.stop(), 0)
    for (const secret of [deploy, ofServer, asJson]) assert.deepEqual(await filesWith(server.dataDir, secret), [])
    for (const [path, mode] of await modesIn(server.dataDir)) {
      assert.equal(mode & 0o077, 0, `${path} has mode ${mode.toString(8)}`)
    }
  })
})
