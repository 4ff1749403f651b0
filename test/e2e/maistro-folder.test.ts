// A data folder of Maistro: opened by a real server, and imported into another.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { DoctorReport } from '#src/app/contract.ts'
import { envOf, maestro } from '#test/harness/command.ts'
import {
  canaries,
  maistroConfigs,
  maistroModels,
  maistroServers,
  writeMaistroFolder,
} from '#test/harness/maistro-folder.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'

interface Row {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly prompts: { readonly text: string; readonly mcpServerIds: string[]; readonly model: string | null }[]
  readonly schedule?: unknown
  readonly trigger?: unknown
}

describe('a data folder of Maistro', () => {
  let home: string
  let server: TestServer
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'maestro-maistro-'))
    writeMaistroFolder(join(home, 'data'), { goosePath: process.execPath })
    server = await startServer({ dataDir: join(home, 'data') })
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await rm(home, { recursive: true, force: true })
  })

  const get = async <T>(path: string): Promise<T> => (await server.raw('GET', path)).json() as Promise<T>

  test('shows the same names, folders, prompts, models and schedules', async () => {
    const rows = await get<Row[]>('/api/configs')
    assert.deepEqual(
      rows.map(({ name, path, schedule }) => ({ name, path, schedule })),
      maistroConfigs.map((config) => ({ name: config.name, path: config.path ?? '', schedule: config.schedule })),
    )
    for (const [index, config] of maistroConfigs.entries()) {
      const wanted = config.prompts.map((one) =>
        typeof one === 'string' ? { text: one, mcpServerIds: [], model: null } : one,
      )
      assert.deepEqual(
        rows[index]?.prompts,
        wanted.length === 0 ? [{ text: '', mcpServerIds: [], model: null }] : wanted,
      )
      if (config.id.startsWith('config-')) assert.equal(rows[index].id, config.id)
      else assert.match(rows[index].id, /^[a-z0-9][a-z0-9_-]{0,63}$/)
    }
    assert.deepEqual(rows[1]?.trigger, { enabled: true, configId: 'config-1741300000003', preserveSession: true })
    const folders = await get<{ path: string }[]>('/api/folders')
    assert.deepEqual(folders.map(({ path }) => path).toSorted(), [
      'archive',
      'archive/2024',
      'archive/2024/old',
      'reports',
      'reports/weekly',
    ])
  })

  test('shows the same models and MCP servers, with their secrets masked', async () => {
    assert.deepEqual(await get('/api/models'), {
      defaultModel: maistroModels.defaultModel,
      availableModels: maistroModels.availableModels,
      apiKey: '********',
    })
    const rows = await get<{ id: string; env: Record<string, string>; args: string }[]>('/api/mcp-servers')
    assert.deepEqual(
      rows.map(({ args: _args, ...row }) => row),
      maistroServers.map(({ args: _args, env, ...row }) => ({
        ...row,
        env: Object.fromEntries(Object.keys(env).map((name) => [name, '********'])),
      })),
    )
    assert.equal(rows[0]?.args, "'/srv/with space/search.js' --fast")
  })

  test('says in its log and in the doctor what it found; goose-path.txt is where Goose is looked for', async () => {
    assert.match(server.log(), /opened a data folder of Maistro/)
    const { checks } = await server.api<DoctorReport>('GET', '/doctor')
    const detail = checks.find(({ name }) => name === 'Maistro')?.detail ?? ''
    assert.match(detail, /7 configurations, 2 MCP servers, 4 models; 3 secrets moved .*backups\/maistro-/)
    const goose = checks.find(({ name }) => name === 'agent goose')
    assert.match(goose?.detail ?? '', /node/, 'the program that the file names, though it is no Goose')
  })

  test('no secret is in clear anywhere in the folder, and a second start changes nothing', async () => {
    await server.stop()
    await assertNoCanary(server.dataDir)
    const before = await contents(server.dataDir)
    const configs = await readFile(join(server.dataDir, 'configs.json'), 'utf8')
    assert.equal(configs, JSON.stringify(maistroConfigs, null, 2), 'nobody has saved')
    const copies = Object.keys(before).filter((name) => /\.\d{8}T.*\.bak$/.test(name))
    assert.deepEqual(copies, [], 'one copy of all is enough')
    await server.restart()
    await get('/api/configs')
    await get('/api/mcp-servers')
    await get('/api/models')
    await server.stop()
    assert.deepEqual(await contents(server.dataDir), before)
    assert.equal(
      (await readdir(join(server.dataDir, 'backups'))).filter((name) => name.startsWith('maistro-')).length,
      1,
    )
    await server.restart()
  })
})

test('a data folder of Maistro is imported into another Maestro, looked at before it is trusted', async () => {
  await using server = await startServer()
  const folder = join(server.home, 'from')
  writeMaistroFolder(folder)
  const env = envOf(server)
  const refused = await maestro(['import', folder], { env })
  assert.equal(refused.code, 2)
  assert.match(refused.err, /npx -y @example\/files \/srv[^]*nobody can be asked here/)
  const count = async () => (await server.api<{ items: unknown[] }>('GET', '/workflows')).items.length
  const dry = await maestro(['import', folder, '--dry-run', '--json'], { env })
  assert.equal(dry.code, 0, dry.err)
  assert.equal(await count(), 1, 'the sample alone')

  const ran = await maestro(['import', folder, '--yes', '--folder', 'old'], { env })
  assert.equal(ran.code, 0, ran.err)
  const { items } = await server.api<{ items: { name: string; path: string; schedule: unknown }[] }>(
    'GET',
    '/workflows',
  )
  const taken = items.filter(({ path }) => path.startsWith('old'))
  assert.deepEqual(
    taken.map(({ name, path }) => [name, path]),
    maistroConfigs
      .filter(({ prompts }) => prompts.length > 0)
      .map(({ name, path }) => [name, path === undefined || path === '' ? 'old' : `old/${path}`]),
  )
  assert.match(ran.out, /Not as it was[^]*No prompts/)
  const servers = await server.api<{ items: { id: string; env: { isSet: boolean }[] }[] }>('GET', '/mcp-servers')
  assert.deepEqual(
    servers.items.map(({ id }) => id),
    maistroServers.map(({ id }) => id),
  )
  assert.deepEqual(
    servers.items[0]?.env.map(({ isSet }) => isSet),
    [true, true],
  )
  const models = (await (await server.raw('GET', '/api/models')).json()) as {
    apiKey: string
    availableModels: string[]
  }
  assert.equal(models.apiKey, '********')
  assert.ok(models.availableModels.includes('someone/own-model'))

  await rm(folder, { recursive: true })
  assert.doesNotMatch(ran.out + ran.err + refused.err, /canary/)
  await server.stop()
  await assertNoCanary(server.dataDir)
})

async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, encoding: 'utf8' })
  const found: string[] = []
  for (const name of names.toSorted())
    if ((await stat(join(folder, name)).catch(() => undefined))?.isFile()) found.push(name)
  return found
}

async function assertNoCanary(dataDir: string): Promise<void> {
  for (const name of await files(dataDir)) {
    const bytes = await readFile(join(dataDir, name))
    for (const canary of Object.values(canaries))
      for (const form of [canary, JSON.stringify(canary).slice(1, -1), Buffer.from(canary).toString('base64')])
        assert.ok(!bytes.includes(form), `${name} holds a secret in clear`)
  }
}

/** Everything but what a running server keeps for itself. */
async function contents(dataDir: string): Promise<Record<string, string>> {
  const own = /^(pg\/|owner\.|spool\/|roots\/|logs\/)/
  const names = (await files(dataDir)).filter((name) => !own.test(name))
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dataDir, name), 'latin1')] as const)),
  )
}
