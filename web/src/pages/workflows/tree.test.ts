import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Folder, WorkflowSummary } from '#src/workflows/contract.ts'
import { crumbs, nameProblem, shownIn, sortedFolders, tagsOf, treeRows, whyNot } from './tree.ts'

const folder = (path: string): Folder => ({
  path,
  name: path.split('/').at(-1) ?? '',
  parentPath: path.split('/').slice(0, -1).join('/'),
  workflowCount: 0,
  totalCount: 0,
})
const workflow = (id: string, path: string, tags: string[] = []): WorkflowSummary => ({
  id,
  name: id,
  path,
  tags,
  stepCount: 1,
  agents: [],
  models: [],
  mcpServerIds: [],
  onSuccess: null,
  schedule: null,
  version: '1',
  updatedAt: 0,
  lastRuns: [],
})

test('a path is told as the folders on the way to it', () => {
  assert.deepEqual(
    crumbs('a/b').map(({ path, name }) => `${path}=${name}`),
    ['=All workflows', 'a=a', 'a/b=b'],
  )
})

test('parents come before children, siblings by name, numbers as numbers, and counts include what is below', () => {
  const workflows = [workflow('x', 'b/c'), workflow('y', 'b'), workflow('z', 'only/here')]
  assert.deepEqual(
    sortedFolders([folder('b'), folder('part 10'), folder('part 2'), folder('b-2'), folder('b/c')], workflows).map(
      (each) => `${each.path} ${each.workflowCount} ${each.totalCount}`,
    ),
    ['b 1 2', 'b/c 1 1', 'b-2 0 0', 'only 0 1', 'only/here 1 1', 'part 2 0 0', 'part 10 0 0'],
  )
})

test('the tree shows what is below open folders only', () => {
  const folders = sortedFolders([folder('a'), folder('a/b'), folder('a/b/c'), folder('d')], [])
  const rows = (...open: string[]) => treeRows(folders, 0, new Set(open)).map((row) => `${row.level}${row.path}`)
  assert.deepEqual(rows(), ['1'])
  assert.deepEqual(rows('', 'a/b'), ['1', '2a', '2d'])
  assert.deepEqual(rows('', 'a', 'a/b'), ['1', '2a', '3a/b', '4a/b/c', '2d'])
})

test('a folder shows what is in it; a search or a tag shows what matches below it too', () => {
  const folders = sortedFolders([folder('a'), folder('a/b')], [])
  const workflows = [workflow('one', 'a', ['daily']), workflow('two', 'a/b', ['daily']), workflow('three', '')]
  const look = (at: string, tag?: string, found?: string[]) => {
    const shown = shownIn(folders, workflows, { folder: at, tag, found: found && new Set(found) })
    return [...shown.folders.map(({ path }) => path), ...shown.workflows.map(({ id }) => id)]
  }
  assert.deepEqual(look(''), ['a', 'three'])
  assert.deepEqual(look('a'), ['a/b', 'one'])
  assert.deepEqual(look('', 'daily'), ['one', 'two'])
  assert.deepEqual(look('a/b', 'daily'), ['two'])
  assert.deepEqual(look('', undefined, ['three']), ['three'])
  assert.deepEqual(look('', 'daily', ['three']), [])
})

test('a folder goes anywhere but into itself, and nothing goes where it is', () => {
  const it = { kind: 'folder', path: 'a/b' } as const
  assert.match(whyNot(it, 'a', 'a/b/c') ?? '', /into itself/)
  assert.match(whyNot(it, 'a', 'a/b') ?? '', /into itself/)
  assert.match(whyNot(it, 'a', 'a') ?? '', /already/)
  assert.equal(whyNot(it, 'a', ''), undefined)
  assert.equal(whyNot(it, 'a', 'a/bc'), undefined)
  assert.match(whyNot({ kind: 'workflow', id: 'w' }, '', '') ?? '', /All workflows/)
})

test('tags are listed by how often they are used', () => {
  assert.deepEqual(tagsOf([workflow('1', '', ['b', 'a']), workflow('2', '', ['b']), workflow('3', '', ['c'])]), [
    'b',
    'a',
    'c',
  ])
})

test('a folder name says what is wrong with it', () => {
  const folders = [folder('team/a')]
  assert.equal(nameProblem('b', 'team', folders), undefined)
  assert.equal(nameProblem('b/c', '', folders), undefined)
  assert.match(nameProblem(' ', '', folders) ?? '', /name/)
  assert.match(nameProblem('a', 'team', folders) ?? '', /there already/)
  assert.match(nameProblem('a//b', '', folders) ?? '', /empty part/)
  assert.match(nameProblem('../x', '', folders) ?? '', /\.\./)
})
