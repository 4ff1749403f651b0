// Export and import on real files, with MCP servers and models that remember what they were asked.

import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { MaestroError, systemClock } from '#src/core/index.ts'
import { Bundle, ImportReport, type WorkflowInput } from '../contract.ts'
import { createFolder } from '../definitions/testing/folder.ts'
import type { McpServers } from '../ports.ts'
import { createTransfer } from './transfer.ts'

const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected
const by = { kind: 'system' } as const
const step = (text: string, ...mcpServerIds: string[]) => ({ id: 's1', text, mcpServerIds })

const github = {
  id: 'gh',
  name: 'GitHub',
  transport: 'stdio',
  command: 'npx',
  args: ['-y', 'server with space'],
  env: [
    {
      name: 'GITHUB_TOKEN',
      isSecret: true,
      value: null,
    },
  ],
  headers: [],
}

/** @param servers ids that are here from the beginning */
function createSetup(t: TestContext, servers: Record<string, string> = {}) {
  const folder = createFolder(t)
  const definitions = folder.open()
  const here = new Map(Object.entries(servers))
  const added: string[] = []
  const mcpServers: McpServers = {
    list: async () => [...here].map(([id, name]) => ({ id, name })),
    exportServers: async (ids) => ids.map((id) => ({ ...github, id, name: here.get(id) ?? '' })),
    importServers: async (entries, { dryRun }) =>
      entries.map(({ id: sourceId, name }) => {
        if (here.get(sourceId) === name) return { sourceId, id: sourceId, name, action: 'same' as const }
        const action = here.has(sourceId) ? ('copy' as const) : ('create' as const)
        const id = action === 'copy' ? `${sourceId}-2` : sourceId
        if (!dryRun) here.set(id, name)
        return { sourceId, id, name, action }
      }),
  }
  const models = {
    defaults: async () => ({ provider: 'openrouter', model: 'default' }),
    list: async () => ({
      items: [{ provider: 'openrouter', id: 'm/1', price: null }],
      providers: [{ id: 'openrouter', api: 'openrouter', keyName: 'OPENROUTER_API_KEY', keySet: false }],
    }),
    add: async (provider: string, id: string) => void added.push(`${provider} ${id}`),
  }
  const transfer = createTransfer({ definitions, mcpServers, models, clock: systemClock })
  const take = async (content: unknown, options: Partial<Parameters<typeof transfer.importContent>[1]> = {}) =>
    ImportReport.parse(
      await transfer.importContent(
        typeof content === 'string' ? content : JSON.stringify(content),
        { onConflict: 'copy', dryRun: false, ...options },
        by,
      ),
    )
  const bundleOf = async (...filter: Parameters<typeof transfer.exportBundle>) =>
    Bundle.parse(await transfer.exportBundle(...filter))
  return { folder, definitions, transfer, take, bundleOf, added, here }
}

async function fillFolder(definitions: ReturnType<typeof createSetup>['definitions']) {
  const second = await definitions.create(
    { name: 'Second', path: 'a/b', steps: [step('x', 'gh')], model: 'm/2' },
    by,
    'second',
  )
  const onSuccess = { workflowId: 'second', enabled: true, preserveSession: true }
  const first = await definitions.create(
    { name: 'First', path: 'a', tags: ['t'], schedule: { enabled: true }, onSuccess, steps: [step('y', 'gone')] },
    by,
    'first',
  )
  await definitions.delete('sample')
  return { first, second }
}

describe('a bundle', () => {
  test('holds workflows, servers and models without a secret, and comes back as it went', async (t) => {
    const from = createSetup(t, { gh: 'GitHub' })
    await fillFolder(from.definitions)
    const bundle = await from.bundleOf({})
    assert.deepEqual(
      bundle.workflows.map((workflow) => workflow.id),
      ['second', 'first'],
    )
    assert.deepEqual(
      bundle.mcpServers.map((server) => server.id),
      ['gh'],
      'a server that is gone is not part of it',
    )
    assert.deepEqual(bundle.models, [{ provider: 'openrouter', id: 'm/2' }])
    assert.deepEqual(bundle.requiredSecrets, ['OPENROUTER_API_KEY', 'GITHUB_TOKEN'])

    const to = createSetup(t)
    const report = await to.take(bundle)
    assert.deepEqual(
      report.workflows.map(({ id, action, path }) => [id, action, path]),
      [
        ['second', 'create', 'a/b'],
        ['first', 'create', 'a'],
      ],
    )
    assert.deepEqual(report.commands, ['npx -y "server with space"'])
    assert.deepEqual(report.requiredSecrets, ['OPENROUTER_API_KEY', 'GITHUB_TOKEN'])
    assert.deepEqual(to.added, ['openrouter m/2'])
    const { version: _version, updatedAt: _at, ...first } = await to.definitions.get('first')
    const wanted = bundle.workflows.find((workflow) => workflow.id === 'first')
    assert.deepEqual(first, { ...wanted, schedule: { enabled: false } })
    assert.ok(report.warnings.some((warning) => warning.includes('"gone"')))
    assert.ok(report.warnings.some((warning) => warning.includes('schedule of "First"')))
  })

  test('of a folder or of some names holds those only', async (t) => {
    const { definitions, bundleOf } = createSetup(t)
    await fillFolder(definitions)
    const ids = async (...filter: Parameters<typeof bundleOf>) =>
      (await bundleOf(...filter)).workflows.map((workflow) => workflow.id)
    assert.deepEqual(await ids({ path: 'a/b' }), ['second'])
    assert.deepEqual(await ids({ workflowIds: ['first'] }), ['first'])
    assert.deepEqual(await ids({ workflowIds: ['first'], path: 'a/b' }), ['second', 'first'])
    await assert.rejects(bundleOf({ workflowIds: ['nope'] }), code('not_found'))
  })

  test('dry: tells all of it and writes nothing', async (t) => {
    const from = createSetup(t, { gh: 'GitHub' })
    await fillFolder(from.definitions)
    const bundle = await from.bundleOf({})
    const to = createSetup(t)
    await to.definitions.list()
    const before = to.folder.read('configs.json')
    const dry = await to.take(bundle, { dryRun: true })
    assert.equal(to.folder.read('configs.json'), before)
    assert.deepEqual([to.added, [...to.here]], [[], []])
    const done = await to.take(bundle)
    const without = ({ id: _id, ...rest }: ImportReport['workflows'][number]) => rest
    assert.deepEqual(dry.workflows.map(without), done.workflows.map(without))
    assert.deepEqual(
      dry.workflows.map(({ id }) => id),
      [null, null],
    )
    assert.deepEqual(
      [dry.commands, dry.warnings, dry.models, dry.mcpServers, dry.requiredSecrets],
      [done.commands, done.warnings, done.models, done.mcpServers, done.requiredSecrets],
    )
  })

  test('twice: copies start each other, not the originals; servers that are the same stay', async (t) => {
    const { definitions, take, bundleOf } = createSetup(t, { gh: 'GitHub' })
    await fillFolder(definitions)
    const report = await take(await bundleOf({}))
    const [second, first] = report.workflows
    assert.deepEqual([second?.action, first?.action, second?.name], ['copy', 'copy', 'Second (copy)'])
    assert.equal((await definitions.get(first?.id ?? '')).onSuccess?.workflowId, second?.id)
    assert.deepEqual(report.mcpServers, [{ id: 'gh', name: 'GitHub', action: 'same' }])
    assert.deepEqual(report.requiredSecrets, ['OPENROUTER_API_KEY'])
    assert.equal((await definitions.list()).length, 4)
  })

  test('replaces or skips what is there, into a folder, with servers under their new ids', async (t) => {
    const { definitions, take } = createSetup(t, { gh: 'Another one' })
    await definitions.create({ name: 'Mine', steps: [step('mine')] }, by, 'one')
    const bundle = (text: string) => ({
      maestroBundle: 1,
      exportedAt: 1,
      models: [],
      requiredSecrets: [],
      mcpServers: [github],
      workflows: [
        {
          id: 'one',
          name: 'Theirs',
          path: 'x',
          steps: [step(text, 'gh')],
        },
      ],
    })
    const skipped = await take(bundle('skip'), { onConflict: 'skip' })
    assert.deepEqual(skipped.workflows[0]?.action, 'skip')
    assert.equal((await definitions.get('one')).name, 'Mine')
    const replaced = await take(bundle('replace'), { onConflict: 'replace', path: 'in/here' })
    assert.deepEqual([replaced.workflows[0]?.action, replaced.workflows[0]?.id], ['replace', 'one'])
    const one = await definitions.get('one')
    assert.deepEqual([one.name, one.path, one.steps[0]?.mcpServerIds], ['Theirs', 'in/here/x', ['gh-2']])
  })

  test('that would close a circle has that trigger switched off; one that is not valid is refused whole', async (t) => {
    const { definitions, take } = createSetup(t)
    const to = (workflowId: string) => ({ workflowId, enabled: true, preserveSession: false })
    const head = { maestroBundle: 1, exportedAt: 1, models: [], requiredSecrets: [], mcpServers: [] }
    const report = await take({
      ...head,
      workflows: [
        { id: 'a', name: 'A', steps: [step('x')], onSuccess: to('b') },
        { id: 'b', name: 'B', steps: [step('x')], onSuccess: to('a') },
        { id: 'c', name: 'C', steps: [step('x')], onSuccess: to('nowhere') },
        { id: 'c', name: 'C again', steps: [step('x')] },
        { id: 'e', name: 'Empty', steps: [{ id: 's1', text: ' ' }] },
      ],
    })
    assert.equal((await definitions.get('a')).onSuccess?.enabled, false)
    assert.equal((await definitions.get('b')).onSuccess?.enabled, true)
    for (const told of ['"A" -> "B" -> "A"', '"nowhere"', '"c" is there twice', '"Empty" is left out']) {
      assert.ok(
        report.warnings.some((warning) => warning.includes(told)),
        told,
      )
    }
    const bad = { ...head, workflows: [{ id: 'a', name: '', steps: [] }] }
    await assert.rejects(take(bad), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.deepEqual(
        error.issues?.map(({ path }) => path),
        ['content.workflows.0.name', 'content.workflows.0.steps'],
      )
      return true
    })
    await assert.rejects(take({ ...head, workflows: [] }, { path: '../x' }), code('invalid_input'))
  })
})

test('Maistro’s configurations come in with their ids, folders and triggers', async (t) => {
  const { definitions, take } = createSetup(t)
  const report = await take([
    {
      id: 'config-1',
      name: 'Old',
      path: 'reports/',
      prompts: ['a', { text: 'b', model: 'm/1' }],
      trigger: { configId: '../X' },
    },
    { id: '../X', name: 'Odd', prompts: ['c'], colour: 'green' },
    { id: 'config-3', name: 'Empty', prompts: [] },
  ])
  assert.equal(report.format, 'maistro')
  const [old, odd, empty] = report.workflows
  assert.deepEqual([old?.id, old?.path, old?.stepCount], ['config-1', 'reports', 2])
  assert.equal((await definitions.get('config-1')).onSuccess?.workflowId, odd?.id)
  assert.equal(empty?.action, 'skip')
})

test('a recipe comes in with its server and model', async (t) => {
  const { definitions, take, here, added } = createSetup(t)
  const report = await take(
    'title: R\nprompt: do it\nsettings: {goose_provider: openrouter, goose_model: m/9}\nextensions:\n' +
      '  - {type: stdio, name: Files, cmd: npx, args: [a]}\n',
    { path: 'recipes' },
  )
  assert.equal(report.format, 'goose_recipe')
  assert.deepEqual(report.commands, ['npx a'])
  assert.deepEqual([[...here.keys()], added], [['files'], ['openrouter m/9']])
  const made = await definitions.get(report.workflows[0]?.id ?? '')
  assert.deepEqual([made.path, made.steps[0]?.mcpServerIds], ['recipes', ['files']])
})

test('a megabyte of prompts and a thousand workflows go out and come in', async (t) => {
  const { definitions, take, bundleOf } = createSetup(t)
  const workflows: (WorkflowInput & { id: string })[] = Array.from({ length: 1_000 }, (_, n) => ({
    id: `w${n}`,
    name: `W ${n}`,
    path: `f${n % 10}`,
    steps: [
      {
        id: 's1',
        text: 'x'.repeat(1e3),
      },
    ],
  }))
  const head = { maestroBundle: 1, exportedAt: 1, models: [], requiredSecrets: [], mcpServers: [] }
  const report = await take({ ...head, workflows })
  assert.equal(report.workflows.length, 1_000)
  assert.equal((await bundleOf({ path: 'f3' })).workflows.length, 100)
  await definitions.delete('sample')
})
