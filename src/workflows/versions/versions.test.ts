// Saved states on real files and a real table: who saved what, hand edits, restoring, and what is kept.

import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { type Actor, DAY, MaestroError, randomIds, systemClock } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createFolder, realFiles } from '../definitions/testing/folder.ts'
import { workflowsMigrations } from '../migrations.ts'
import { createHistory, keepNewest } from './history.ts'
import { createVersions } from './versions.ts'
import { createVersionsRepo } from './versions-repo.ts'

const ann: Actor = { kind: 'token', tokenId: 'tok_1', name: 'ann' }
const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected
const input = (name: string, text: string) => ({ name, steps: [{ id: 's1', text }] })

describe('versions', () => {
  let store: Store
  let nodes = 0
  before(async () => {
    store = await openTestStore([workflowsMigrations])
  })
  after(() => store[Symbol.asyncDispose]())

  /** A data folder with a history of its own; `open` is a start of Maestro. */
  function createSetup(t: TestContext, now = () => systemClock.now()) {
    const folder = createFolder(t)
    const repo = createVersionsRepo(store, `node-${(nodes += 1)}`)
    const clock = { ...systemClock, now }
    const open = () => {
      const history = createHistory({ store, repo, clock, ids: randomIds })
      const definitions = folder.open(realFiles, history)
      return { definitions, versions: createVersions({ definitions, repo }) }
    }
    return { folder, repo, open, ...open() }
  }

  test('every save is one, newest first, with who made it and what changed', async (t) => {
    const { definitions, versions } = createSetup(t)
    const made = await definitions.create(input('Daily', 'one'), ann)
    const changed = await definitions.update(made.id, input('Daily', 'two'), made.version, ann)
    await definitions.get(made.id)
    const list = await versions.list(made.id)
    assert.deepEqual(
      list.map(({ version, savedBy, summary, isCurrent }) => ({ version, savedBy, summary, isCurrent })),
      [
        { version: changed.version, savedBy: ann, summary: 'Prompt 1: text', isCurrent: true },
        { version: made.version, savedBy: ann, summary: 'Created', isCurrent: false },
      ],
    )
    assert.equal((await versions.get(made.id, made.version)).steps[0]?.text, 'one')
    const diff = await versions.diff(made.id, made.version)
    assert.deepEqual([diff.from, diff.to, diff.changes.length], [made.version, changed.version, 1])
    await assert.rejects(versions.get(made.id, 'nope'), code('not_found'))
    await assert.rejects(versions.list('nope'), code('not_found'))
  })

  test('a hand edit is one that nobody saved, found when it is looked at; a restart finds nothing new', async (t) => {
    const { folder, definitions, open } = createSetup(t)
    const made = await definitions.create(input('Hand', 'one'), ann)
    folder.write(`prompts/${made.id}_prompt_0.md`, 'by hand')
    const list = await open().versions.list(made.id)
    assert.deepEqual(
      list.map(({ savedBy, summary }) => [savedBy, summary]),
      [
        [null, 'Prompt 1: text'],
        [ann, 'Created'],
      ],
    )
    assert.deepEqual(await open().versions.list(made.id), list)
    assert.equal((await open().versions.list('sample'))[0]?.summary, 'Found in the data folder')
  })

  test('restoring one is a save: what was there stays, and a stale one is refused', async (t) => {
    const { definitions, versions } = createSetup(t)
    const made = await definitions.create({ ...input('R', 'one'), schedule: { time: '09:00' }, tags: ['a'] }, ann)
    const changed = await definitions.update(made.id, { ...input('R', 'two'), schedule: null }, undefined, ann)
    await assert.rejects(versions.restore(made.id, made.version, made.version, ann), code('conflict'))
    const restored = await versions.restore(made.id, made.version, changed.version, ann)
    assert.equal(restored.version, made.version)
    assert.deepEqual(restored.tags, ['a'])
    assert.deepEqual(restored.schedule, { time: '09:00' })
    const list = await versions.list(made.id)
    assert.deepEqual(
      list.map(({ version, isCurrent }) => [version, isCurrent]),
      [
        [made.version, true],
        [changed.version, false],
        [made.version, false],
      ],
    )
  })

  test('a deleted workflow keeps its states and comes back; another of its id has none of them', async (t) => {
    const { definitions, versions } = createSetup(t)
    const made = await definitions.create(input('Old', 'secret plans'), ann, 'same-id')
    await definitions.delete(made.id, ann)
    assert.equal((await versions.list(made.id))[0]?.isCurrent, false)
    const back = await versions.restore(made.id, made.version, undefined, ann)
    assert.deepEqual([back.id, back.version], [made.id, made.version])
    await definitions.delete(made.id, ann)
    const other = await definitions.create(input('Other', 'x'), ann, 'same-id')
    assert.deepEqual(
      (await versions.list(other.id)).map(({ name }) => name),
      ['Other'],
    )
    await assert.rejects(versions.get(other.id, made.version), code('not_found'))
  })

  test('a folder that moves is one state of every workflow in it', async (t) => {
    const { definitions, versions } = createSetup(t)
    const made = await definitions.create({ ...input('In', 'x'), path: 'a' }, ann)
    await definitions.moveFolder('a', 'b', ann)
    assert.deepEqual(
      (await versions.list(made.id)).map(({ summary, savedBy }) => [summary, savedBy]),
      [
        ['Folder', ann],
        ['Created', ann],
      ],
    )
  })

  test('the newest fifty stay however old, all of the last thirty days stay, the rest goes', async (t) => {
    let now = 1_800_000_000_000
    const { definitions, versions } = createSetup(t, () => now)
    const made = await definitions.create(input('Kept', 'v0'), ann)
    for (let n = 1; n <= keepNewest + 9; n++) await definitions.update(made.id, input('Kept', `v${n}`), undefined, ann)
    assert.equal((await versions.list(made.id)).length, keepNewest + 10, 'younger than thirty days')
    now += 31 * DAY
    await definitions.update(made.id, input('Kept', 'newest'), undefined, ann)
    const list = await versions.list(made.id)
    assert.equal(list.length, keepNewest)
    assert.equal(list[0]?.isCurrent, true)
    await definitions.delete(made.id, ann)
    now += 31 * DAY
    await definitions.create(input('Another', 'x'), ann)
    await assert.rejects(versions.list(made.id), code('not_found'))
  })

  test('two data folders on one database do not see each other’s', async (t) => {
    const [one, two] = [createSetup(t), createSetup(t)]
    const made = await one.definitions.create(input('Mine', 'x'), ann, 'shared-id')
    await two.definitions.create(input('Yours', 'y'), ann, 'shared-id')
    assert.deepEqual(
      (await two.versions.list('shared-id')).map(({ name }) => name),
      ['Yours'],
    )
    await one.definitions.delete(made.id, ann)
    assert.equal((await two.versions.list('shared-id'))[0]?.isCurrent, true)
  })

  test('a table that cannot be written holds up no save, and the state is written down later', async (t) => {
    const { folder, repo } = createSetup(t)
    let isDown = true
    const failing = {
      ...repo,
      insert: async (rows: Parameters<typeof repo.insert>[0]) => {
        if (isDown) throw new Error('no database')
        return repo.insert(rows)
      },
    }
    const history = createHistory({ store, repo: failing, clock: systemClock, ids: randomIds })
    const definitions = folder.open(realFiles, history)
    const made = await definitions.create(input('Saved', 'x'), ann)
    isDown = false
    const versions = createVersions({ definitions, repo })
    assert.equal((await versions.list(made.id)).length, 1)
  })
})
