// What Maistro could have written, and what its trigger and schedule mean.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFolder } from './testing/folder.ts'
import { readMaistroFields } from './maistro-fields.ts'

const triggers: [name: string, trigger: unknown, expected: unknown][] = [
  ['as it is documented', { enabled: true, configId: 'b', preserveSession: true }, { enabled: true, preserve: true }],
  ['switched off', { enabled: false, configId: 'b', preserveSession: true }, { enabled: false, preserve: true }],
  [
    'from its dialog, which drops `enabled`',
    { configId: 'b', preserveSession: false },
    { enabled: true, preserve: false },
  ],
  [
    'with texts for truths',
    { enabled: 'false', configId: 'b', preserveSession: 'true' },
    { enabled: false, preserve: true },
  ],
  ['with nobody to start', { enabled: true }, undefined],
  ['with an empty target', { enabled: true, configId: '' }, undefined],
  ['with a number as its target', { enabled: true, configId: 7 }, undefined],
  ['that is no object', 'b', undefined],
  ['that is null', null, undefined],
]

describe('a trigger of Maistro', () => {
  for (const [name, trigger, expected] of triggers) {
    test(name, () => {
      const { onSuccess } = readMaistroFields({ trigger }, (id) => id)
      const seen = onSuccess && { enabled: onSuccess.enabled, preserve: onSuccess.preserveSession }
      assert.deepEqual(seen, expected)
    })
  }

  test('starts the workflow whose id is not safe as a name, and is stored with that id', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [
      { id: 'a', name: 'A', prompts: ['x'], trigger: { configId: '../Odd Id', enabled: true } },
      { id: '../Odd Id', name: 'Odd', prompts: ['y'] },
    ])
    const definitions = folder.open()
    const [a = assert.fail(), odd] = await definitions.list()
    const onSuccess = a.onSuccess ?? assert.fail()
    assert.equal(onSuccess.workflowId, odd?.id)
    await definitions.update('a', { ...a, onSuccess: { ...onSuccess, enabled: false } })
    assert.deepEqual(folder.stored().items[0]?.['trigger'], {
      configId: '../Odd Id',
      enabled: false,
      preserveSession: false,
    })
  })

  test('that is taken off stays off for Maistro too', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [{ id: 'a', name: 'A', prompts: ['x'], trigger: { configId: 'b', enabled: true } }])
    const definitions = folder.open()
    await definitions.update('a', { ...(await definitions.get('a')), onSuccess: null })
    assert.deepEqual(folder.stored().items[0]?.['trigger'], { enabled: false })
    assert.equal((await folder.open().get('a')).onSuccess, undefined)
  })
})

test('odd values that Maistro took are read, and stay in the file until they are changed', async (t) => {
  const folder = createFolder(t)
  const odd = [
    { id: 'a', name: 'A', prompts: ['x'], schedule: 'daily', trigger: 'none' },
    { id: 'b', name: 'B', prompts: [{ text: 'x', model: 5, mcpServerIds: 'all' }], schedule: null, trigger: [] },
    { id: 'c', name: 'C', prompts: 'no list', schedule: { enabled: 'true', dayOfMonth: '31' }, path: '//up/../x/ ' },
    { id: 'd', name: 'D', prompts: [{ text: 'x', mcpServerIds: ['m', 'm', 7, null] }], schedule: { enabled: 1 } },
  ]
  folder.write('configs.json', odd)
  const definitions = folder.open()
  const all = await definitions.list()
  assert.deepEqual(
    all.map((workflow) => workflow.schedule),
    [undefined, undefined, { enabled: true, dayOfMonth: '31' }, { enabled: false }],
  )
  assert.equal(all[2]?.path, 'up/x')
  assert.deepEqual(all[1]?.steps[0], { id: 'step-1', text: 'x', model: '5' })
  assert.deepEqual(all[3]?.steps[0]?.mcpServerIds, ['m', '7'])
  for (const { id, ...workflow } of all.filter((one) => one.id !== 'c')) {
    await definitions.update(id, { ...workflow, name: 'New' })
  }
  const stored = folder.stored().items
  for (const [at, { schedule, trigger }] of odd.entries()) {
    assert.deepEqual(stored[at]?.['schedule'], schedule)
    assert.deepEqual(stored[at]['trigger'], trigger)
  }
})
