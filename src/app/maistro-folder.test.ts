import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { silentLog } from '#src/core/index.ts'
import { canaries, maistroConfigs, writeMaistroFolder } from '#test/harness/maistro-folder.ts'
import { isGoosePathUsable, lastOpened, openMaistroFolder } from './maistro-folder.ts'

function folder(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'maestro-maistro-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}
const open = (dataDir: string, move: (() => Promise<unknown>)[] = []) =>
  openMaistroFolder({ dataDir, nowMs: Date.UTC(2026, 0, 2, 3, 4, 5), log: silentLog, move })
const all = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile())
    .toSorted()

test('the copy has every file, no value of a secret, and is for its owner alone', async (t) => {
  const dataDir = folder(t)
  writeMaistroFolder(dataDir, { goosePath: '/opt/goose' })
  const before = all(dataDir).map((name) => readFileSync(join(dataDir, name), 'utf8'))
  const moved: string[] = []
  const opened = await open(dataDir, [
    () => Promise.resolve(moved.push('models')),
    () => Promise.resolve(moved.push('servers')),
  ])
  assert.deepEqual(moved, ['models', 'servers'])
  const backup = join(dataDir, 'backups', 'maistro-2026-01-02T03-04-05.000Z')
  assert.deepEqual(opened, {
    openedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    configurations: maistroConfigs.length,
    mcpServers: 2,
    models: 4,
    secrets: 3,
    goosePath: '/opt/goose',
    unreadable: [],
    backup,
  })
  const copied = all(backup)
  assert.deepEqual(
    copied.filter((name) => name !== 'opened.json'),
    all(dataDir).filter((name) => !name.startsWith('backups')),
  )
  for (const name of copied) {
    const text = readFileSync(join(backup, name), 'utf8')
    for (const canary of Object.values(canaries)) assert.ok(!text.includes(JSON.stringify(canary).slice(1, -1)), name)
    if (!name.startsWith('prompts')) assert.equal(statSync(join(backup, name)).mode & 0o077, 0, name)
  }
  assert.equal(readFileSync(join(backup, 'configs.json'), 'utf8'), readFileSync(join(dataDir, 'configs.json'), 'utf8'))
  assert.match(readFileSync(join(backup, 'mcp-servers.json'), 'utf8'), /"SEARCH_KEY": "moved to the encrypted store"/)
  assert.equal(statSync(backup).mode & 0o777, 0o700)
  assert.deepEqual(
    all(dataDir)
      .filter((name) => !name.startsWith('backups'))
      .map((name) => readFileSync(join(dataDir, name), 'utf8')),
    before,
  )
  assert.deepEqual(await lastOpened(dataDir), opened)
})

test('a value that is a number, or only looks like the name of a secret, is not in the copy', async (t) => {
  const dataDir = folder(t)
  const env = { PIN: 4_711_031, ODD: 'secret:hunter2-in-clear', KEPT: 'secret:MCP_A_KEPT', ON: true }
  writeFileSync(join(dataDir, 'mcp-servers.json'), JSON.stringify([{ id: 'a', name: 'A', command: 'x', env }]))
  writeFileSync(join(dataDir, 'models.json'), JSON.stringify({ apiKey: 'secret:sk-in-clear' }))
  const opened = await open(dataDir)
  assert.equal(opened?.secrets, 4)
  const copies = all(opened.backup).map((name) => readFileSync(join(opened.backup, name), 'utf8'))
  assert.doesNotMatch(copies.join(), /4711031|hunter2|sk-in-clear/)
  assert.match(copies.join(), /"KEPT": "secret:MCP_A_KEPT"/)
})

test('it is opened once: a second start only lets the rooms read', async (t) => {
  const dataDir = folder(t)
  writeMaistroFolder(dataDir)
  await open(dataDir)
  const before = all(dataDir)
  let reads = 0
  assert.equal(await open(dataDir, [() => Promise.resolve(reads++)]), undefined)
  assert.deepEqual([all(dataDir), reads], [before, 1])
})

test('a folder of our own, or an empty one, is none of Maistro', async (t) => {
  const dataDir = folder(t)
  assert.equal(await open(dataDir), undefined)
  writeFileSync(join(dataDir, 'configs.json'), '{"schemaVersion":1,"items":[]}')
  writeFileSync(join(dataDir, 'models.json'), '{"apiKey":"written by hand"}')
  assert.equal(await open(dataDir), undefined)
  assert.deepEqual(readdirSync(dataDir).toSorted(), ['configs.json', 'models.json'])
  assert.equal(await lastOpened(dataDir), undefined)
})

test('what is nested without end is named and not copied, and stops nothing', async (t) => {
  const dataDir = folder(t)
  writeMaistroFolder(dataDir)
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  writeFileSync(join(dataDir, 'models.json'), `{"apiKey": "${canaries.key}", "odd": ${deep}}`)
  assert.deepEqual((await open(dataDir))?.unreadable, ['models.json'])
})

test('what cannot be read is named and not copied, and stops nothing', async (t) => {
  const dataDir = folder(t)
  writeMaistroFolder(dataDir)
  writeFileSync(join(dataDir, 'models.json'), `{"apiKey": "${canaries.key}",`)
  const opened = await open(dataDir, [() => Promise.reject(new Error('models.json is damaged'))])
  assert.deepEqual(opened?.unreadable, ['models.json'])
  assert.ok(!all(opened.backup).includes('models.json'))
})

test('goose-path.txt counts when it names a program by its whole path', async (t) => {
  const dataDir = folder(t)
  assert.equal(await isGoosePathUsable(process.execPath), true)
  for (const path of [dataDir, join(dataDir, 'none'), 'node', '']) assert.equal(await isGoosePathUsable(path), false)
})
