// Folders: the rules as tables, the moves as properties over random trees, the verbs on real files.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { createDice } from '#src/core/testing/random.ts'
import { FolderPath } from '../contract.ts'
import { folderTree, isWithin, movedPath, normalPath, parentOf, pathProblem, tidyKept } from './folders.ts'
import { createFolder } from './testing/folder.ts'

const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected
const deep = (levels: number) => Array.from({ length: levels }, (_, n) => `d${n}`).join('/')

describe('a path', () => {
  for (const path of ['a', 'a/b c', '日本/Ünder', '', deep(20), 'a.b/..c']) {
    test(`"${path.slice(0, 20)}" is one`, () => assert.equal(pathProblem(path), undefined))
  }
  for (const path of ['/a', 'a/', 'a//b', '.', 'a/../b', 'a/ /b', 'a\nb', 'a\0', ' a', deep(21), 'x'.repeat(501)]) {
    test(`${JSON.stringify(path.slice(0, 20))} is none`, () => assert.notEqual(pathProblem(path), undefined))
  }
  test('of any stored value is one', () => {
    for (const stored of [null, 7, '/a', 'a//b/', '../..', 'a\nb', deep(30), 'x'.repeat(600), ' a / b ']) {
      assert.equal(pathProblem(normalPath(stored)), undefined, JSON.stringify(stored))
    }
  })
})

test('letters that look the same are the same folder, however they were typed or stored', () => {
  const [composed, apart] = ['Caf\u00e9/x', 'Cafe\u0301/x']
  assert.deepEqual([FolderPath.parse(apart), normalPath(apart)], [composed, composed])
})

test('moving a folder takes exactly what is in it, keeps every workflow, and can be undone', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const pick = createDice(seed)
    const names = ['a', 'ab', 'b', 'a b']
    const randomPath = () => Array.from({ length: pick(4) }, () => names[pick(names.length)]).join('/')
    const paths = Array.from({ length: 12 }, randomPath)
    const from = paths.find((path) => path !== '') ?? 'a'
    const to = `target-${seed}`
    const moved = paths.map((path) => movedPath(path, from, to))
    for (const [at, path] of paths.entries()) {
      const isIn = path === from || path.startsWith(`${from}/`)
      assert.equal(moved[at], isIn ? to + path.slice(from.length) : path, `seed ${seed}: ${path} by ${from}`)
    }
    assert.deepEqual(
      moved.map((path) => movedPath(path, to, from)),
      paths,
      `seed ${seed}`,
    )
    const up = paths.map((path) => movedPath(path, from, parentOf(from)))
    const tree = folderTree(up, [])
    assert.equal(
      tree.filter(({ parentPath }) => parentPath === '').reduce((sum, one) => sum + one.totalCount, 0),
      up.filter((path) => path !== '').length,
      `seed ${seed}: counts`,
    )
    for (const { path, totalCount, workflowCount, parentPath } of tree) {
      assert.equal(totalCount, up.filter((one) => isWithin(one, path)).length)
      assert.equal(workflowCount, up.filter((one) => one === path).length)
      if (parentPath !== '') {
        const parentAt = tree.findIndex((one) => one.path === parentPath)
        assert.ok(parentAt !== -1 && parentAt < tree.findIndex((one) => one.path === path), 'parents come first')
      }
    }
  }
})

test('kept folders are stored once, and not those that a deeper one implies', () => {
  assert.deepEqual(tidyKept(['a', 'a/b', 'ab', '', 'a/b', '/c/']), ['a/b', 'ab', 'c'])
})

describe('folders on the disk', () => {
  const input = (name: string, path: string) => ({ name, path, steps: [{ id: 's1', text: 'x' }] })
  const paths = (all: { path: string }[]) => all.map(({ path }) => path)

  test('an empty one is kept across a restart, with its parents', async (t) => {
    const folder = createFolder(t)
    const made = await folder.open().createFolder('reports/daily')
    assert.deepEqual(made, {
      path: 'reports/daily',
      name: 'daily',
      parentPath: 'reports',
      workflowCount: 0,
      totalCount: 0,
    })
    assert.deepEqual(paths(await folder.open().folders()), ['reports', 'reports/daily'])
    assert.deepEqual(folder.stored()['folders'], ['reports/daily'])
    assert.deepEqual(await folder.open().createFolder('reports'), (await folder.open().folders())[0])
  })

  test('a rename takes workflows, folders below and kept ones along, in one save, and leaves `ab` where it is', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const a = await definitions.create(input('A', 'a'))
    const below = await definitions.create(input('Below', 'a/x/y'))
    const other = await definitions.create(input('Other', 'ab'))
    await definitions.createFolder('a/empty')
    const before = folder.read('configs.json')
    const renamed = await definitions.moveFolder('a', 'z')
    assert.equal(renamed.totalCount, 2)
    assert.equal((await definitions.get(a.id)).path, 'z')
    assert.equal((await definitions.get(below.id)).path, 'z/x/y')
    assert.equal((await definitions.get(other.id)).path, 'ab')
    assert.deepEqual(paths(await folder.open().folders()), ['ab', 'z', 'z/empty', 'z/x', 'z/x/y'])
    assert.notEqual(folder.read('configs.json'), before)
  })

  test('a folder does not go into itself, onto another, or too deep', async (t) => {
    const definitions = createFolder(t).open()
    await definitions.createFolder('a/b')
    await definitions.createFolder('c')
    await assert.rejects(definitions.moveFolder('a', 'a/b/a'), code('invalid_input'))
    await assert.rejects(definitions.moveFolder('a', 'c'), code('conflict'))
    await assert.rejects(definitions.moveFolder('a', `${deep(19)}/a`), code('invalid_input'))
    await assert.rejects(definitions.moveFolder('nowhere', 'x'), code('not_found'))
    await assert.rejects(definitions.moveFolder('', 'x'), code('invalid_input'))
    await assert.rejects(definitions.createFolder('../x'), code('invalid_input'))
    assert.equal((await definitions.moveFolder('a', 'ab')).path, 'ab')
  })

  test('deleting one moves its content up, and folders of one name become one', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const here = await definitions.create(input('Here', 'top/gone'))
    const below = await definitions.create(input('Below', 'top/gone/sub'))
    const same = await definitions.create(input('Same', 'top/sub'))
    await definitions.createFolder('top/gone/empty')
    assert.deepEqual(await definitions.deleteFolder('top/gone'), { moved: 2 })
    assert.equal((await definitions.get(here.id)).path, 'top')
    assert.equal((await definitions.get(below.id)).path, 'top/sub')
    assert.equal((await definitions.get(same.id)).path, 'top/sub')
    assert.deepEqual(paths(await definitions.folders()), ['top', 'top/empty', 'top/sub'])
    await assert.rejects(definitions.deleteFolder('top/gone'), code('not_found'))
  })

  test('one stays when its last workflow leaves', async (t) => {
    const definitions = createFolder(t).open()
    const made = await definitions.create(input('Only', 'a/b'))
    assert.equal((await definitions.move(made.id, '')).path, '')
    assert.deepEqual(paths(await definitions.folders()), ['a', 'a/b'])
  })

  test('a record of Maistro without a path, which broke its folders, breaks nothing', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [
      { id: 'a', name: 'A', prompts: ['x'] },
      { id: 'b', name: 'B', prompts: ['x'], path: 'f' },
    ])
    const definitions = folder.open()
    await definitions.moveFolder('f', 'g')
    assert.deepEqual(await definitions.deleteFolder('g'), { moved: 1 })
    assert.equal((await definitions.get('b')).path, '')
  })
})
