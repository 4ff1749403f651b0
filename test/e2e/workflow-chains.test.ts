// Workflows that start each other, steps with fallback models, conversations that begin anew, runs that
// begin in the middle: through a real server, on the rehearsal agent and on the real Goose.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '#src/core/testing/random.ts'
import {
  Bundle,
  type ImportReport,
  type Run,
  type RunSummary,
  type Workflow,
  WorkflowDiff,
  type WorkflowInput,
  type WorkflowVersion,
} from '#src/workflows/contract.ts'
import { gooseEnv, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'
import { startStubModel, type StubModel, userText } from '#test/stub-model/index.ts'

const base = { agent: 'fake', model: 'sample/violin' }
const then = (workflowId: string, preserveSession = false) => ({ workflowId, preserveSession, enabled: true })

async function follower(server: TestServer, run: Run): Promise<Run> {
  const [id = assert.fail(`${run.id} started nothing`)] = run.triggeredRunIds
  return server.ended(id)
}

/** What of a workflow can be sent back. */
function inputOf({ id: _id, version: _version, updatedAt: _updatedAt, ...input }: Workflow): WorkflowInput {
  return input
}

const runsOf = async (server: TestServer, workflowId: string): Promise<RunSummary[]> =>
  (await server.api<{ items: RunSummary[] }>('GET', `/runs?workflowId=${workflowId}&limit=500`)).items

describe('workflows on the rehearsal agent', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
  })

  test('success starts the next workflow once, with the link both ways; a failure starts none', async () => {
    const second = await server.createWorkflow({ ...base, name: 'Second', steps: steps('and on') })
    const run = await server.run({ ...base, name: 'First', steps: steps('go'), onSuccess: then(second.id) })
    assert.equal(run.status, 'succeeded')
    const next = await follower(server, run)
    assert.deepEqual(
      [next.workflowId, next.trigger, next.parentRunId, next.startedBy],
      [second.id, 'workflow', run.id, { kind: 'run', runId: run.id }],
    )
    const told = (await server.events(run.id)).filter((event) => event.body.type === 'run.triggered')
    assert.deepEqual(
      told.map((event) => event.body),
      [{ type: 'run.triggered', runId: next.id, workflowId: second.id }],
    )
    const failed = await server.run({
      ...base,
      name: 'Fails',
      steps: steps('[[error bad_request]]'),
      onSuccess: then(second.id),
    })
    assert.equal(failed.status, 'failed')
    assert.deepEqual(failed.triggeredRunIds, [])
    assert.equal((await runsOf(server, second.id)).length, 1)
  })

  test('a trigger that is off starts nothing', async () => {
    const second = await server.createWorkflow({ ...base, name: 'Off', steps: steps('never') })
    const onSuccess = { ...then(second.id), enabled: false }
    const run = await server.run({ ...base, name: 'Quiet', steps: steps('go'), onSuccess })
    assert.equal(run.status, 'succeeded')
    assert.deepEqual(await runsOf(server, second.id), [])
  })

  test('a target that is gone or cannot run is told, and the run has still succeeded', async () => {
    const gone = await server.run({ ...base, name: 'To nowhere', steps: steps('go'), onSuccess: then('nowhere') })
    assert.equal(gone.status, 'succeeded')
    const [event] = (await server.events(gone.id)).filter(({ body }) => body.type === 'run.trigger_failed')
    assert.ok(event?.body.type === 'run.trigger_failed')
    assert.match(event.body.reason, /no workflow "nowhere"/)
    assert.match(event.body.hint, /To nowhere/)
    const odd = await server.createWorkflow({ name: 'Odd', agent: 'nobody', steps: steps('x') })
    const run = await server.run({ ...base, name: 'To odd', steps: steps('go'), onSuccess: then(odd.id) })
    assert.equal(run.status, 'succeeded')
    assert.ok((await server.events(run.id)).some(({ body }) => body.type === 'run.trigger_failed'))
  })

  test('a circle is refused when it is saved; one that stands in the file ends after eight starts', async () => {
    const b = await server.createWorkflow({ ...base, name: 'B', steps: steps('b') })
    const a = await server.createWorkflow({ ...base, name: 'A', steps: steps('a'), onSuccess: then(b.id) })
    const refused = await server.raw('PUT', `/api/v1/workflows/${b.id}`, { ...inputOf(b), onSuccess: then(a.id) })
    assert.equal(refused.status, 400)
    assert.match(((await refused.json()) as { detail: string }).detail, /"B" -> "A" -> "B"/)

    const { readFile, writeFile } = await import('node:fs/promises')
    const file = `${server.dataDir}/configs.json`
    const document = JSON.parse(await readFile(file, 'utf8')) as { items: { id: string; trigger?: object }[] }
    for (const item of document.items) {
      if (item.id === b.id) item.trigger = { enabled: true, configId: a.id, preserveSession: false }
    }
    await writeFile(file, JSON.stringify(document, null, 2))
    let run = await server.ended((await server.startRun(a.id)).id)
    let starts = 0
    while (run.triggeredRunIds.length > 0) {
      run = await follower(server, run)
      starts += 1
    }
    assert.equal(starts, 8)
    assert.equal(run.status, 'succeeded')
    const last = (await server.events(run.id)).find(({ body }) => body.type === 'run.trigger_failed')
    assert.match(JSON.stringify(last?.body), /8 workflows have started each other/)
  })

  test('the conversation is handed over when the agent is the same, and not unless it is asked for', async () => {
    for (const preserveSession of [true, false]) {
      const second = await server.createWorkflow({ ...base, name: 'Listener', steps: steps('What was said?') })
      const onSuccess = then(second.id, preserveSession)
      const run = await server.run({ ...base, name: 'Speaker', steps: steps('one thing', 'another thing'), onSuccess })
      const { steps: played } = await follower(server, run)
      const output = played[0]?.output ?? ''
      assert.match(output, new RegExp(`turn ${preserveSession ? 3 : 1} of this conversation`))
      assert.equal(output.includes('another thing'), preserveSession)
    }
  })

  test('a fresh step begins a conversation of its own, and those after it go on with that one', async () => {
    const run = await server.run({
      ...base,
      name: 'Afresh',
      steps: steps('first', 'second', { text: 'third', session: 'fresh' }, 'fourth'),
    })
    const turns = run.steps.map((step) => /turn (\d) of this conversation/.exec(step.output ?? '')?.[1])
    assert.deepEqual(turns, ['1', '2', '1', '2'])
    assert.match(run.steps[3]?.output ?? '', /third/)
    assert.doesNotMatch(run.steps[3]?.output ?? '', /second/)
    assert.deepEqual(
      run.steps.map((step) => step.session),
      ['shared', 'shared', 'fresh', 'shared'],
    )
  })

  test('a model that cannot do it passes the step to its fallbacks; every attempt says what it was asked with', async () => {
    const text = '[[error-of m/1 auth]] [[error-of m/2 rate_limited]] hello'
    const run = await server.run({
      ...base,
      name: 'Falls back',
      provider: 'openrouter',
      fallbackModels: [{ model: 'm/2' }, { provider: 'ollama', model: 'm/3' }],
      steps: steps({ text, model: 'm/1' }),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual(
      run.steps[0]?.attempts.map(({ provider, model, error }) => [provider, model, error?.kind]),
      [
        ['openrouter', 'm/1', 'auth'],
        ['openrouter', 'm/2', 'rate_limited'],
        ['openrouter', 'm/2', 'rate_limited'],
        ['ollama', 'm/3', undefined],
      ],
    )
    assert.equal(run.steps[0].model, 'm/1', 'the step itself says what it was planned with')
    assert.equal(run.steps[0].error, null)
  })

  test('a run begins again at a step: what was recorded before is taken over, with its conversation', async () => {
    const input: WorkflowInput = {
      ...base,
      name: 'Again',
      steps: steps('one', 'two', '[[error-of sample/violin bad_request]]'),
    }
    const first = await server.run(input)
    assert.equal(first.status, 'failed')
    const refused = await server.raw('POST', `/api/v1/runs/${first.id}/rerun`, { fromStep: 3 })
    assert.equal(refused.status, 400)

    const again = await server.api<Run>('POST', `/runs/${first.id}/rerun`, { fromStep: 1 })
    const run = await server.ended(again.id)
    assert.deepEqual([run.rerunOf, run.rerunFromStep, run.trigger], [first.id, 1, 'rerun'])
    assert.deepEqual(
      run.steps.map((step) => [step.status, step.isReused, step.attempts.length]),
      [
        ['succeeded', true, 0],
        ['succeeded', false, 1],
        ['failed', false, 1],
      ],
    )
    assert.equal(run.steps[0]?.output, first.steps[0]?.output)
    assert.match(run.steps[1]?.output ?? '', /turn 2 of this conversation/)
    assert.equal(run.steps[0]?.usage, null, 'it was paid by the first run')
    const twice = await server.api<Run>('POST', `/runs/${run.id}/rerun`, { fromStep: 2 })
    assert.deepEqual(
      (await server.ended(twice.id)).steps.map((step) => step.isReused),
      [true, true, false],
      'what was taken over can be taken over again',
    )
  })

  test('runs are listed by time', async () => {
    const run = await server.run({ ...base, name: 'Timed', steps: steps('x') })
    const { createdAt, workflowId } = run
    const list = async (query: string) =>
      (await server.api<{ items: RunSummary[] }>('GET', `/runs?workflowId=${workflowId}&${query}`)).items.length
    assert.equal(await list(`since=${createdAt}&until=${createdAt + 1}`), 1)
    assert.equal(await list(`since=${createdAt + 1}`), 0)
    assert.equal(await list(`until=${createdAt}`), 0)
  })
})

test('a stale edit is a 409 with the stored workflow and what is different in mine; versions tell who saved what', async () => {
  await using server = await startServer()
  const made = await server.createWorkflow({ ...base, name: 'Shared', steps: steps('one') })
  const path = `/api/v1/workflows/${made.id}`
  const theirs = await server.api<Workflow>('PUT', `/workflows/${made.id}`, { ...inputOf(made), name: 'Theirs' })
  const mine = { ...inputOf(made), steps: steps('mine'), ifVersion: made.version }
  const refused = await server.raw('PUT', path, mine)
  assert.equal(refused.status, 409)
  const { details } = (await refused.json()) as { details: { current: Workflow; diff: WorkflowDiff } }
  assert.equal(details.current.version, theirs.version)
  assert.deepEqual(
    WorkflowDiff.parse(details.diff).changes.map(({ path: field, before }) => [field, before]),
    [
      ['name', 'Theirs'],
      ['steps.0.text', null],
    ],
  )
  const { items } = await server.api<{ items: WorkflowVersion[] }>('GET', `/workflows/${made.id}/versions`)
  assert.deepEqual(
    items.map(({ summary, savedBy, isCurrent }) => [summary, savedBy?.kind, isCurrent]),
    [
      ['Name', 'owner', true],
      ['Created', 'owner', false],
    ],
  )
  const diff = await server.api<WorkflowDiff>('GET', `/workflows/${made.id}/diff?from=${made.version}`)
  assert.deepEqual(
    diff.changes.map((change) => [change.before, change.after]),
    [['Shared', 'Theirs']],
  )
  await server.api('DELETE', `/workflows/${made.id}`)
  const back = await server.api<Workflow>('POST', `/workflows/${made.id}/versions/${made.version}/restore`, {})
  assert.equal(back.name, 'Shared')
})

test('workflows go from one Maestro to another: looked at first, then taken over with their links', async () => {
  await using from = await startServer()
  const files = { name: 'Files', command: 'npx', args: ['-y', 'a b'], env: [{ name: 'KEY', value: 'canary-123456' }] }
  const { id: serverId } = await from.api<{ id: string }>('POST', '/mcp-servers', files)
  const named = [{ id: 's1', text: 'two', mcpServerIds: [serverId] }]
  const second = await from.createWorkflow({ ...base, name: 'Second', path: 'a/b', steps: named })
  await from.createWorkflow({ ...base, name: 'First', path: 'a', steps: steps('one'), onSuccess: then(second.id) })
  const bundle = await from.api<Bundle>('GET', '/export?path=a')
  assert.equal(Bundle.parse(bundle).workflows.length, 2)
  assert.deepEqual(bundle.requiredSecrets, ['OPENROUTER_API_KEY', 'KEY'])
  assert.ok(!JSON.stringify(bundle).includes('canary'), 'no value of a secret leaves')
  await using to = await startServer()
  const content = JSON.stringify(bundle)
  const dry = await to.api<ImportReport>('POST', '/import', { content, dryRun: true, path: 'taken' })
  assert.deepEqual(
    dry.workflows.map(({ id, action, path }) => [id, action, path]),
    [
      [null, 'create', 'taken/a/b'],
      [null, 'create', 'taken/a'],
    ],
  )
  assert.deepEqual(dry.commands, ['npx -y "a b"'])
  assert.deepEqual((await to.api<{ items: unknown[] }>('GET', '/folders')).items, [])
  const done = await to.api<ImportReport>('POST', '/import', { content, path: 'taken' })
  assert.deepEqual(done.mcpServers, [{ id: serverId, name: 'Files', action: 'create' }])
  const first = done.workflows.find(({ name }) => name === 'First')
  const run = await to.ended((await to.startRun(first?.id ?? '')).id)
  assert.equal((await follower(to, run)).workflowId, second.id)
  const { items } = await to.api<{ items: WorkflowVersion[] }>('GET', `/workflows/${second.id}/versions`)
  assert.equal(items[0]?.savedBy?.kind, 'owner')
  const recipe = await to.api<{ yaml: string }>('GET', `/workflows/${second.id}/recipe?step=0`)
  const back = await to.api<ImportReport>('POST', '/import', { content: recipe.yaml })
  assert.equal(back.format, 'goose_recipe')
  const bad = await to.raw('POST', '/api/v1/import', { content: '{"prompt": "x", "__proto__": {}}' })
  assert.equal(bad.status, 400)
})

test('kill -9 of the server at random: each success starts the next run exactly once', async () => {
  await using server = await startServer()
  const random = createRandom(7)
  const last = await server.createWorkflow({ ...base, name: 'Last', steps: steps('x') })
  const first = await server.createWorkflow({ ...base, name: 'First', steps: steps('x'), onSuccess: then(last.id) })
  const started: Run[] = []
  for (let round = 0; round < 8; round++) {
    started.push(await server.startRun(first.id))
    await delay(random() * 500)
    await server.kill()
    await server.restart()
  }
  for (const { id } of started) {
    const run = await server.ended(id, 60_000)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.triggeredRunIds.length, 1)
    assert.equal((await follower(server, run)).status, 'succeeded')
  }
  const parents = (await runsOf(server, last.id)).map((run) => run.parentRunId)
  assert.equal(parents.length, started.length)
  assert.deepEqual(new Set(parents), new Set(started.map((run) => run.id)))
})

describe('workflows on the real Goose', { skip: without('goose') }, () => {
  let stub: StubModel
  let server: TestServer
  const open = new AsyncDisposableStack()
  before(async () => {
    stub = open.adopt(await startStubModel(), (one) => one.close())
    server = open.use(await startServer({ env: gooseEnv(stub.url) }))
  })
  after(() => open.disposeAsync())
  const goose = { agent: 'goose', provider: 'openrouter' }
  const heard = () => stub.requests.at(-1)?.messages.map((message) => userText(message) ?? '') ?? []

  test('a handed-over conversation is heard by the model of the next workflow, and goes on from there', async () => {
    stub.reset()
    const input = (name: string, ...texts: string[]): WorkflowInput => ({
      ...goose,
      name,
      model: 'lab/m1',
      steps: steps(...texts),
    })
    const third = await server.createWorkflow(input('Third', 'And now? [[say Blue.]]'))
    const second = await server.createWorkflow({
      ...input('Second', 'Which colour was it? [[say Teal.]]'),
      onSuccess: then(third.id, true),
    })
    const run = await server.run({
      ...input('First', 'My colour is teal. [[say Noted.]]'),
      onSuccess: then(second.id, true),
    })
    const next = await follower(server, run)
    assert.equal(next.status, 'succeeded', JSON.stringify(next.error))
    assert.ok(heard().some((text) => text.includes('My colour is teal')))
    const afterNext = await follower(server, next)
    assert.equal(afterNext.status, 'succeeded', JSON.stringify(afterNext.error))
    const all = heard()
    assert.ok(
      all.some((text) => text.includes('My colour is teal')),
      'a chain of three keeps the whole conversation',
    )
    assert.ok(all.some((text) => text.includes('Which colour was it')))
  })

  test('a model that is not there, one out of credit, then one that answers, in the same conversation', async () => {
    stub.reset()
    const run = await server.run({
      ...goose,
      name: 'Fallbacks',
      model: 'lab/m1',
      steps: steps('Remember: teal. [[say Noted.]]', {
        text: '[[status-of lab/gone 404]] [[status-of lab/poor 402]] Which one? [[say Teal.]]',
        model: 'lab/gone',
        fallbackModels: [{ model: 'lab/poor' }, { model: 'lab/m2' }],
      }),
    })
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual(
      run.steps[1]?.attempts.map(({ model, status, error }) => [model, status, error?.kind]),
      [
        ['lab/gone', 'failed', 'model_not_found'],
        ['lab/poor', 'failed', 'credits'],
        ['lab/m2', 'succeeded', undefined],
      ],
    )
    assert.equal(stub.requests.at(-1)?.model, 'lab/m2')
    const all = heard()
    assert.ok(all.some((text) => text.includes('Remember: teal')))
    assert.equal(all.filter((text) => text.includes('Which one?')).length, 1, 'failed attempts left no trace')
  })

  test('a run begins again at its second step, and the model hears the first one', async () => {
    stub.reset()
    const input: WorkflowInput = {
      ...goose,
      name: 'From two',
      model: 'lab/m1',
      steps: steps('The word is teal. [[say Noted.]]', 'Which word? [[say Teal.]]'),
    }
    const first = await server.run(input)
    const asked = stub.requests.length
    const again = await server.api<Run>('POST', `/runs/${first.id}/rerun`, { fromStep: 1 })
    const run = await server.ended(again.id)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.equal(stub.requests.length, asked + 1, 'the first step was not asked again')
    assert.ok(heard().some((text) => text.includes('The word is teal')))
  })
})
