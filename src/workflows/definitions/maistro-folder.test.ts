import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Workflow } from '../contract.ts'
import { createFolder } from './testing/folder.ts'

const schedule = { enabled: true, frequency: 'monthly', time: '09:00', days: [], dayOfMonth: '31' }
const trigger = { enabled: true, configId: 'config-2', preserveSession: true }
const asMaistroWroteIt = [
  { id: 'config-1741300000001', name: 'Old strings', path: '', prompts: ['first', 'second'], schedule, trigger },
  {
    id: 'config-2',
    name: 'Objects',
    path: 'reports/daily',
    prompts: [
      { text: 'hello', mcpServerIds: ['mcp-server-1'], model: 'openai/o3-mini-high' },
      { text: 'bye', mcpServerIds: [], model: null },
    ],
    trigger: { enabled: false },
    colour: 'green',
  },
]

describe('a data folder of Maistro', () => {
  test('opens unchanged: names, folders, prompts, servers and models', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', asMaistroWroteIt)
    const before = folder.read('configs.json')
    const [strings, objects] = await folder.open().list()
    assert.equal(strings?.id, 'config-1741300000001')
    assert.deepEqual(
      strings.steps.map((step) => step.text),
      ['first', 'second'],
    )
    assert.equal(objects?.path, 'reports/daily')
    assert.deepEqual(objects.steps[0]?.mcpServerIds, ['mcp-server-1'])
    assert.deepEqual(
      objects.steps.map((step) => step.model),
      ['openai/o3-mini-high', null],
    )
    assert.equal(folder.read('configs.json'), before)
    assert.deepEqual(await folder.open().list(), [strings, objects])
  })

  test('is backed up before the first write, once, and keeps every field', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', asMaistroWroteIt)
    const before = folder.read('configs.json')
    const definitions = folder.open()
    const objects = await definitions.get('config-2')
    await definitions.update('config-2', { ...objects, name: 'Renamed' }, objects.version)
    await definitions.update('config-2', { ...objects, name: 'Renamed twice' })
    const backups = readdirSync(folder.dataDir).filter((name) => name.startsWith('configs.json.v0-'))
    assert.equal(backups.length, 1)
    assert.equal(folder.read(backups[0] ?? ''), before)

    const { schemaVersion, items } = folder.stored()
    assert.equal(schemaVersion, 1)
    assert.equal(items[1]?.['colour'], 'green')
    assert.deepEqual(items[0]?.['schedule'], schedule)
    assert.deepEqual(items[0]['trigger'], trigger)
    assert.equal(folder.read('prompts/config-1741300000001_prompt_1.md'), 'second')
  })

  test('fields of other programs are shown, kept when they are left out, and replaced when they are given', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', asMaistroWroteIt)
    const definitions = folder.open()
    const { otherFields, id, version: _version, updatedAt: _updatedAt, ...input } = await definitions.get('config-2')
    assert.deepEqual(otherFields, { colour: 'green' })
    assert.deepEqual((await definitions.update(id, input)).otherFields, { colour: 'green' })
    const mixed = { shade: 1, id: 'not ours', prompts: [], schedule: 'x' }
    assert.deepEqual((await definitions.update(id, { ...input, otherFields: mixed })).otherFields, { shade: 1 })
    assert.deepEqual([folder.stored().items[1]?.['colour'], folder.stored().items[1]?.['id']], [undefined, 'config-2'])
  })

  test('prompt files that Maistro derived do not win over its configs.json', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', asMaistroWroteIt)
    folder.write('prompts/config-2_prompt_0.md', 'stale')
    assert.equal((await folder.open().get('config-2')).steps[0]?.text, 'hello')
  })

  test('unknown fields of a prompt stay with it when prompts are reordered', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [
      {
        id: 'c',
        name: 'C',
        prompts: [
          { text: 'a', tint: 1 },
          { text: 'b', tint: 2 },
        ],
      },
    ])
    const definitions = folder.open()
    const found = await definitions.get('c')
    await definitions.update('c', { ...found, steps: found.steps.toReversed() })
    const prompts = folder.stored().items[0]?.['prompts'] as { text: string; tint: number }[]
    assert.deepEqual(
      prompts.map(({ text, tint }) => [text, tint]),
      [
        ['b', 2],
        ['a', 1],
      ],
    )
  })

  test('whatever it let people save can be listed', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [
      {},
      { id: 7, name: 5, prompts: [] },
      { id: 'x', name: '  ', prompts: [{ text: null, model: '' }], path: null },
    ])
    const all = await folder.open().list()
    assert.equal(all.length, 3)
    for (const workflow of all) assert.doesNotThrow(() => Workflow.parse(workflow))
    assert.equal(new Set(all.map((workflow) => workflow.id)).size, 3)
  })
})

describe('ids that are not safe as names', () => {
  const odd = ['../../../X', '/etc/passwd', 'a\0b', 'N'.repeat(10_000), 'Same', 'same', 'same', '日本', '']

  test('get a safe alias that stays, the original is kept, and nothing is written outside', async (t) => {
    const folder = createFolder(t)
    folder.write(
      'configs.json',
      odd.map((id) => ({ id, name: id, prompts: ['text'] })),
    )
    const first = await folder.open().list()
    assert.equal(new Set(first.map((workflow) => workflow.id)).size, odd.length)
    for (const { id } of first) assert.match(id, /^[a-z0-9][a-z0-9_-]{0,63}$/)
    assert.equal((await folder.open().find('../../../X'))?.id, first[0]?.id)

    const { id, ...workflow } = first[0] ?? assert.fail()
    await folder.open().update(id, { ...workflow, name: 'Safe now' })
    const everything = readdirSync(folder.base, { recursive: true, encoding: 'utf8' })
    assert.deepEqual(everything.filter((path) => !path.startsWith(join('a', 'b', 'data'))).sort(), [
      'a',
      join('a', 'b'),
    ])
    assert.equal(existsSync(join(folder.dataDir, `prompts/${id}_prompt_0.md`)), true)

    assert.deepEqual(
      folder.stored().items.map((item) => item['id']),
      odd,
    )
    const second = await folder.open().list()
    assert.deepEqual(
      second.map((item) => item.id),
      first.map((item) => item.id),
    )
    await folder.open().delete(first[5]?.id ?? '')
    const rest = await folder.open().list()
    assert.deepEqual(
      rest.map((item) => item.id),
      first.filter((_, at) => at !== 5).map((item) => item.id),
    )
  })
})
