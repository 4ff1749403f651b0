// Commands on the local host as people and programs use them: over REST and by the command line, on a server that is
// killed under them.

import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandRecord, CommandResult, OutputSlice } from '#src/fleet/contract.ts'
import type { Task } from '#src/tasks/contract.ts'
import { envOf, maestro } from '#test/harness/command.ts'
import { filesWith, modesIn } from '#test/harness/data-folder.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'

const exec = (server: TestServer, input: object): Promise<CommandResult> =>
  server.api<CommandResult>('POST', '/tools/maestro_exec', input)

async function ended(server: TestServer, taskId: string, timeoutMs = 60_000): Promise<CommandResult> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const { result } = await server.api<{ result: CommandResult }>('POST', '/tools/task', {
      action: 'wait',
      task_id: taskId,
      wait_s: 5,
    })
    if (result.status !== 'running') return result
    assert.ok(Date.now() < until, `${taskId} still runs`)
  }
}

/** Processes that carry the marker of a task. */
async function processesOf(taskId: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    if (environment.includes(`MAESTRO_RUN_ID=${taskId}`)) found.push(pid)
  }
  return found
}

async function commandsRunning(server: TestServer, count: number): Promise<Task[]> {
  for (;;) {
    const { items } = await server.api<{ items: Task[] }>('GET', '/tasks?kind=command&status=running&limit=100')
    const begun = await Promise.all(items.map(async ({ id }) => (await processesOf(id)).length > 0))
    if (items.length === count && begun.every(Boolean)) return items
    await delay(50)
  }
}

describe('commands on a server that is killed', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(() => server[Symbol.asyncDispose]())

  test('those that were let go get their true result, those that were waited for leave nothing behind', async () => {
    const count = 6
    const counter = join(server.home, 'counter')
    const promoted = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        exec(server, {
          command: `echo ${i} >>'${counter}'; echo begun ${i}; sleep 4; echo done ${i}; exit ${i}`,
          wait_s: 0,
        }),
      ),
    )
    const attached = Array.from({ length: count }, () =>
      exec(server, { command: 'echo half; setsid sleep 313 & sleep 313' }).catch((error: unknown) => error),
    )
    const ids = (await commandsRunning(server, 2 * count)).map(({ id }) => id)
    const left = ids.filter((id) => !promoted.some(({ task_id }) => task_id === id))
    await server.kill()
    await Promise.all(attached)
    const until = Date.now() + 30_000
    for (const id of left) {
      while ((await processesOf(id)).length > 0) {
        assert.ok(Date.now() < until, `${id} outlives the server it was attached to`)
        await delay(100)
      }
    }
    await server.restart()

    for (const [i, { task_id }] of promoted.entries()) {
      const result = await ended(server, task_id)
      assert.deepEqual(
        [result.status, result.exit_code, result.stdout, result.executed],
        [i === 0 ? 'succeeded' : 'failed', i, `begun ${i}\ndone ${i}\n`, 'yes'],
      )
    }
    for (const id of left) {
      const result = await ended(server, id)
      assert.deepEqual([result.status, result.executed, result.stdout], ['interrupted', 'yes', 'half\n'])
    }
    const lines = (await readFile(counter, 'utf8')).trim().split('\n')
    assert.deepEqual(
      lines.toSorted(),
      lines.map((_, i) => String(i)),
      'each ran exactly once',
    )
    while ((await readdir(join(server.dataDir, 'spool'))).length > 0) await delay(50)
  })
})

describe('commands over REST', () => {
  let server: TestServer
  const secret = 'dpl-CANARY-0a1b2c3d'
  before(async () => {
    server = await startServer({ auth: true, env: { MAESTRO_LOG_LEVEL: 'debug' } })
    await server.api('PUT', '/secrets/DEPLOY_TOKEN', { value: secret })
  })
  after(() => server[Symbol.asyncDispose]())

  test('random bytes come back as they were printed, on both streams', async () => {
    for (let round = 0; round < 25; round++) {
      const bytes = [randomBytes(randomInt(20_000)), randomBytes(randomInt(2_000))]
      for (const [i, one] of bytes.entries()) await writeFile(join(server.home, `bytes${i}`), one)
      const { task_id } = await exec(server, { command: 'cat bytes0; cat bytes1 >&2', cwd: server.home })
      for (const [i, stream] of ['stdout', 'stderr'].entries()) {
        const query = `stream=${stream}&limit=1000000&encoding=base64`
        const slice = await server.api<OutputSlice>('GET', `/tasks/${task_id}/output?${query}`)
        assert.ok(slice.eof && Buffer.from(slice.text, 'base64').equals(bytes[i] ?? Buffer.alloc(1)), `round ${round}`)
      }
    }
  })

  test('a secret is in no answer, event, log and file, also when it is printed in pieces', async () => {
    const { task_id, stdout } = await exec(server, {
      command: `printf 'dpl-CANARY'; sleep 0.5; printf -- '-0a1b2c3d end'; : '${secret}'`,
      env: { TOKEN: secret },
      stdin: secret,
    })
    assert.equal(stdout, '[redacted] end')
    const record = await server.api<CommandRecord>('GET', `/tasks/${task_id}/command`)
    assert.ok(record.command.endsWith("'[redacted]'"), record.command)
    const everything = await Promise.all(
      ['', '/events?limit=100', '/command', '/output'].map(async (path) =>
        (await server.raw('GET', `/api/v1/tasks/${task_id}${path}`, undefined, { accept: 'application/json' })).text(),
      ),
    )
    assert.ok(![...everything, server.log()].join('\n').includes(secret))
    while ((await readdir(join(server.dataDir, 'spool'))).length > 0) await delay(50)
    assert.deepEqual(await filesWith(server.dataDir, secret), [])
    const open = (await modesIn(join(server.dataDir, 'outputs'))).filter(([, mode]) => (mode & 0o077) !== 0)
    assert.deepEqual(open, [])
  })

  test('a limited token does not see what others run, by any of the ways there are', async () => {
    const { token } = await server.api<{ token: string }>('POST', '/tokens', { name: 'lab', readOnly: true })
    const as = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const { task_id } = await exec(server, { command: 'echo not for you' })
    for (const path of ['', '/output', '/command', '/events']) {
      const answer = await server.raw('GET', `/api/v1/tasks/${task_id}${path}`, undefined, as)
      assert.equal(answer.status, 404, path)
      assert.ok(!(await answer.text()).includes('not for you'))
    }
    const asked = await server.raw('POST', '/api/v1/tools/task', { action: 'get', task_id }, as)
    assert.equal(asked.status, 404)
    assert.notEqual((await server.raw('POST', `/api/v1/tasks/${task_id}/cancel`, {}, as)).status, 200)
    const list = await server.raw('GET', '/api/v1/tasks?kind=command', undefined, as)
    assert.deepEqual(((await list.json()) as { items: Task[] }).items, [])
    assert.equal((await server.raw('POST', '/api/v1/tools/maestro_exec', { command: 'true' }, as)).status, 403)
  })
})

describe('commands by the command line', () => {
  let server: TestServer
  let env: Record<string, string>
  before(async () => {
    server = await startServer()
    env = envOf(server)
  })
  after(() => server[Symbol.asyncDispose]())

  test('output, exit code and words arrive as they are', async () => {
    const ran = await maestro(['exec', '--', 'echo out; echo err >&2; sleep 1; echo later; exit 7'], { env })
    assert.deepEqual(ran, { code: 7, out: 'out\nlater\n', err: 'err\n' })
    const words = ["it's", '$(touch canary)', '`touch canary`', '', 'a  b', '*', '--json', '-n', '世界']
    const echoed = await maestro(['exec', '--cwd', server.home, '--', 'printf', '%s|', ...words], { env })
    assert.equal(echoed.out, words.map((word) => `${word}|`).join(''))
    assert.ok(!(await readdir(server.home)).includes('canary'))
    assert.equal((await maestro(['exec', '--stdin', '--', 'cat'], { env, stdin: 'in' })).out, 'in')
    const unknown = await maestro(['exec', 'gpu', '--', 'true'], { env })
    assert.deepEqual([unknown.code, unknown.err.split('\n')[0]], [1, 'error: there is no host "gpu"; known: local'])
  })

  test('Ctrl-C ends the command, not only the watching', async () => {
    const ran = maestro(['exec', '--', 'echo begun; setsid sleep 314 & sleep 314'], {
      env,
      onStart: (child) => {
        void commandsRunning(server, 1).then(() => child.kill('SIGINT'))
      },
    })
    const { code, out } = await ran
    // The signal comes when the task is recorded: the command may end before its first word, and before this side
    // has heard of it.
    assert.ok(out === 'begun\n' || out === '', out)
    assert.equal(code, 130)
    const { items } = await server.api<{ items: Task[] }>('GET', '/tasks?kind=command&limit=1')
    assert.equal(items[0]?.status, 'cancelled')
    assert.deepEqual(await processesOf(items[0].id), [])
  })

  test('one that was sent off is listed, shown, followed and cancelled by a short id', async () => {
    const { out } = await maestro(['exec', '--detach', '--', 'echo one; sleep 1; echo two; exit 3'], { env })
    const id = out.trim()
    const short = id.slice(0, 'command_'.length + 8)
    const followed = await maestro(['tasks', 'output', '-f', short], { env })
    assert.deepEqual([followed.code, followed.out], [3, 'one\ntwo\n'])
    assert.match((await maestro(['tasks'], { env })).out, new RegExp(`${short} +failed +local +echo one`))
    assert.match((await maestro(['tasks', 'show', short], { env })).out, /failed {2}exit code 3\nhost +local:/)
    assert.equal((await maestro(['tasks', 'cancel', short], { env })).code, 5)
  })
})
