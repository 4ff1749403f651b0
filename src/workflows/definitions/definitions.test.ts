import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import type { WorkflowDiff, WorkflowInput } from '../contract.ts'
import { createFolder } from './testing/folder.ts'

const input = (name: string, ...texts: string[]): WorkflowInput => ({
  name,
  steps: texts.map((text, index) => ({ id: `s${index + 1}`, text })),
})

const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected

describe('the sample', () => {
  test('is there in an empty data folder, offline and with its models shown', async (t) => {
    const [sample, ...others] = await createFolder(t).open().list()
    assert.equal(sample?.id, 'sample')
    assert.equal(sample.name, 'First light')
    assert.equal(sample.agent, 'fake')
    assert.deepEqual(
      sample.steps.map((step) => step.model),
      ['sample/violin', 'sample/cello'],
    )
    assert.deepEqual(others, [])
  })
  test('does not come back after it was deleted', async (t) => {
    const folder = createFolder(t)
    await folder.open().delete('sample')
    assert.deepEqual(await folder.open().list(), [])
    assert.equal(folder.stored()['sampleCreated'], true)
  })
  test('is not added to a folder that has workflows', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [])
    assert.deepEqual(await folder.open().list(), [])
  })
})

describe('create, change, copy, delete', () => {
  test('an id is the name as a slug with a suffix, and unique', async (t) => {
    const definitions = createFolder(t).open()
    const first = await definitions.create(input('Ünder the “Sea”!', 'x'))
    const second = await definitions.create(input('Ünder the “Sea”!', 'x'))
    assert.match(first.id, /^under-the-sea-[a-z0-9]{5}$/)
    assert.notEqual(first.id, second.id)
    assert.match((await definitions.create(input('日本語', 'x'))).id, /^workflow-/)
    assert.ok((await definitions.create(input('n'.repeat(500), 'x'))).id.length <= 64)
  })
  test('an id that a client chose is kept, and a taken one refused', async (t) => {
    const definitions = createFolder(t).open()
    assert.equal(
      (await definitions.create(input('Chosen', 'x'), undefined, 'config-1700000000000')).id,
      'config-1700000000000',
    )
    await assert.rejects(definitions.create(input('Again', 'x'), undefined, 'config-1700000000000'), {
      code: 'conflict',
    })
  })
  test('every prompt also stands in a file, byte for byte', async (t) => {
    const folder = createFolder(t)
    const text = 'a "quote" $(x) `y` {{z}} \r\n\t😀  '
    const { id } = await folder.open().create(input('Bytes', text, 'second'))
    assert.equal(folder.read(`prompts/${id}_prompt_0.md`), text)
    assert.equal(folder.read(`prompts/${id}_prompt_1.md`), 'second')
    assert.equal((await folder.open().get(id)).steps[0]?.text, text)
  })
  test('everything a person can set survives a restart', async (t) => {
    const folder = createFolder(t)
    const full: WorkflowInput = {
      name: 'Full',
      description: 'all of it',
      path: 'a/b',
      tags: ['daily', 'money'],
      session: 'shared',
      fallbackModels: [{ provider: 'ollama', model: 'm/2' }],
      timeoutSec: 9,
      idleTimeoutSec: 8,
      maxTurns: 7,
      maxCostUsd: 1.5,
      maxTokens: 1000,
      onSuccess: { workflowId: 'sample', preserveSession: true, enabled: true },
      schedule: { enabled: false, time: '09:00' },
      workingDir: '/tmp',
      agent: 'goose',
      model: 'm/1',
      provider: 'ollama',
      runTimeoutSec: 60,
      steps: [
        {
          id: 'one',
          text: 'x',
          name: 'One',
          agent: 'claude',
          model: null,
          provider: null,
          mode: 'edit',
          mcpServerIds: ['mcp-1'],
          session: 'fresh',
          fallbackModels: [{ model: 'm/3' }],
          timeoutSec: 5,
          idleTimeoutSec: 4,
          maxTurns: 3,
          maxRetries: 0,
          onInterrupted: 'ask',
        },
      ],
    }
    const { id, version, updatedAt } = await folder.open().create(full)
    assert.deepEqual(await folder.open().get(id), { ...full, id, version, updatedAt })
  })
  test('a change moves version and time, and removes the files of prompts that went', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const before = await definitions.create(input('Two', 'a', 'b'))
    const after = await definitions.update(before.id, input('Two', 'b'), before.version)
    assert.notEqual(after.version, before.version)
    assert.ok(after.updatedAt > before.updatedAt)
    assert.equal(folder.read(`prompts/${before.id}_prompt_0.md`), 'b')
    assert.equal(existsSync(join(folder.dataDir, `prompts/${before.id}_prompt_1.md`)), false)
  })
  test('a change leaves out what the new form leaves out', async (t) => {
    const definitions = createFolder(t).open()
    const { id } = await definitions.create({ ...input('Model', 'a'), model: 'm/1', description: 'd' })
    const after = await definitions.update(id, input('Model', 'a'))
    assert.equal('model' in after, false)
    assert.equal('description' in after, false)
  })
  test('a stale version is refused with the stored workflow, and nothing is written', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const first = await definitions.create(input('Shared', 'a'))
    const second = await definitions.update(first.id, input('Shared', 'theirs'), first.version)
    const files = folder.read('configs.json')
    await assert.rejects(definitions.update(first.id, input('Shared', 'mine'), first.version), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'conflict')
      assert.deepEqual(error.details?.['current'], second)
      const { from, to, changes } = error.details['diff'] as WorkflowDiff
      assert.deepEqual([from, to], [second.version, 'yours'])
      assert.deepEqual(
        changes.map(({ path, lines }) => [path, lines]),
        [
          [
            'steps.0.text',
            [
              { op: 'removed', text: 'theirs' },
              { op: 'added', text: 'mine' },
            ],
          ],
        ],
      )
      return true
    })
    assert.equal(folder.read('configs.json'), files)
  })
  test('calls made at once do not lose one another', async (t) => {
    const definitions = createFolder(t).open()
    await Promise.all(Array.from({ length: 20 }, (_, n) => definitions.create(input(`W${n}`, `text ${n}`))))
    assert.equal((await definitions.list()).length, 21)
  })
  test('deleting moves the prompts and the stored form to the trash', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const made = await definitions.create(input('Gone', 'a', 'b'))
    assert.deepEqual(await definitions.delete(made.id), made)
    assert.equal(await definitions.find(made.id), undefined)
    const [trash = ''] = readdirSync(join(folder.dataDir, 'prompts/.trash'))
    assert.deepEqual(readdirSync(join(folder.dataDir, 'prompts/.trash', trash)).sort(), [
      `${made.id}.json`,
      `${made.id}_prompt_0.md`,
      `${made.id}_prompt_1.md`,
    ])
    assert.equal(folder.read(`prompts/.trash/${trash}/${made.id}_prompt_1.md`), 'b')
    assert.deepEqual(
      readdirSync(join(folder.dataDir, 'prompts')).filter((name) => name.startsWith(made.id)),
      [],
    )
  })
  test('a copy has its own id and files, and fires nothing by itself', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', [
      {
        id: 'c1',
        name: 'One',
        prompts: ['a'],
        schedule: { enabled: true, time: '09:00' },
        trigger: { configId: 'c2' },
      },
    ])
    const copy = await folder.open().duplicate('c1')
    assert.equal(copy.name, 'One (copy)')
    const stored = folder.stored().items.find((item) => item['id'] === copy.id)
    assert.deepEqual(stored?.['schedule'], { enabled: false, time: '09:00' })
    assert.deepEqual(stored['trigger'], { enabled: false, configId: 'c2', preserveSession: false })
    assert.equal(folder.read(`prompts/${copy.id}_prompt_0.md`), 'a')
  })
  test('an unknown id is not_found, for find undefined', async (t) => {
    const definitions = createFolder(t).open()
    await assert.rejects(definitions.get('nope'), code('not_found'))
    await assert.rejects(definitions.update('nope', input('N', 'a')), code('not_found'))
    await assert.rejects(definitions.delete('nope'), code('not_found'))
    await assert.rejects(definitions.duplicate('nope'), code('not_found'))
    assert.equal(await definitions.find('nope'), undefined)
  })
})

describe('edits on disk', () => {
  test('a prompt file edited by hand changes text and version, without a restart', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const before = await definitions.create(input('Hand', 'a', 'b'))
    folder.write(`prompts/${before.id}_prompt_1.md`, 'by hand')
    const after = await definitions.get(before.id)
    assert.deepEqual(
      after.steps.map((step) => step.text),
      ['a', 'by hand'],
    )
    assert.notEqual(after.version, before.version)
    await assert.rejects(definitions.update(before.id, input('Hand', 'x', 'y'), before.version), code('conflict'))
  })
  test('an edited prompt file survives a save of another workflow', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const { id } = await definitions.create(input('Hand', 'a'))
    folder.write(`prompts/${id}_prompt_0.md`, 'by hand')
    await definitions.create(input('Other', 'o'))
    assert.equal(folder.read(`prompts/${id}_prompt_0.md`), 'by hand')
    assert.equal((await folder.open().get(id)).steps[0]?.text, 'by hand')
  })
  test('configs.json edited by hand is read again, also where only the text there was edited', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const { id } = await definitions.create(input('Hand', 'old text'))
    folder.write(
      'configs.json',
      folder.read('configs.json').replace('old text', 'new text, longer').replace('"Hand"', '"Renamed"'),
    )
    const after = await definitions.get(id)
    assert.equal(after.name, 'Renamed')
    assert.equal(after.steps[0]?.text, 'new text, longer')
  })
  test('a lost prompt file is not a lost prompt', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const made = await definitions.create(input('Lost', 'a'))
    rmSync(join(folder.dataDir, 'prompts'), { recursive: true })
    assert.deepEqual(await definitions.get(made.id), made)
    await definitions.update(made.id, input('Lost', 'a'))
    assert.equal(folder.read(`prompts/${made.id}_prompt_0.md`), 'a')
  })
})

describe('a file that cannot be read', () => {
  test('is named with line and column, kept, and never written over', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    const { id } = await definitions.create(input('Good', 'a'))
    const good = folder.read('configs.json')
    const bad = good.replace('"name": "Good",', '"name": "Good"')
    folder.write('configs.json', bad)
    const line = bad.split('\n').findIndex((text) => text.includes('"Good"')) + 2
    for (const call of [
      () => definitions.list(),
      () => definitions.get(id),
      () => definitions.create(input('New', 'x')),
      () => definitions.update(id, input('New', 'x')),
      () => definitions.delete(id),
      () => folder.open().duplicate(id),
    ]) {
      await assert.rejects(call(), (error: unknown) => {
        assert.ok(error instanceof MaestroError)
        assert.equal(error.code, 'corrupt_data')
        assert.match(error.message, new RegExp(`configs\\.json is not valid JSON at line ${line}, column \\d+`))
        assert.match(error.hint ?? '', /configs\.json\.bak/)
        return true
      })
    }
    assert.equal(folder.read('configs.json'), bad)
    assert.equal(folder.read('configs.json.bak'), good)
    folder.write('configs.json', folder.read('configs.json.bak'))
    assert.equal((await definitions.get(id)).name, 'Good')
  })
  test('a field of the wrong kind is named with its path', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', {
      schemaVersion: 1,
      items: [{ id: 'a', name: 'A', prompts: [{ text: 'x', timeoutSec: 'soon' }] }],
    })
    await assert.rejects(folder.open().list(), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'corrupt_data')
      assert.deepEqual(
        error.issues?.map((issue) => issue.path),
        ['steps.0.timeoutSec'],
      )
      return true
    })
  })
  test('a file of a newer Maestro is left alone', async (t) => {
    const folder = createFolder(t)
    folder.write('configs.json', { schemaVersion: 2, items: [] })
    await assert.rejects(folder.open().create(input('N', 'x')), code('unsupported'))
    assert.equal(folder.stored().schemaVersion, 2)
  })
  test('a file that vanished is not taken for an empty one', async (t) => {
    const folder = createFolder(t)
    const definitions = folder.open()
    await definitions.list()
    rmSync(join(folder.dataDir, 'configs.json'))
    await assert.rejects(definitions.create(input('N', 'x')), code('corrupt_data'))
    assert.ok(existsSync(join(folder.dataDir, 'configs.json.bak')))
  })
})
