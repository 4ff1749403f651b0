// The command line as people type it, against a real owner: workflows from files, versions, folders, runs.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Run, Workflow, WorkflowSummary } from '#src/workflows/contract.ts'
import { type CommandResult, envOf, maestro } from '#test/harness/command.ts'
import { root, startServer, steps, type TestServer } from '#test/harness/server.ts'
import { startStubModel } from '#test/stub-model/index.ts'

const base = { agent: 'fake', model: 'sample/violin' }

async function startStub() {
  const stub = await startStubModel()
  return { url: stub.url, [Symbol.asyncDispose]: () => stub.close() }
}

describe('the command line', () => {
  let server: TestServer
  let folder: string
  before(async () => {
    server = await startServer()
    folder = await mkdtemp(join(tmpdir(), 'maestro-cli-'))
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const run = (args: string[], stdin = ''): Promise<CommandResult> => maestro(args, { env: envOf(server), stdin })
  async function ok(args: string[], stdin = ''): Promise<string> {
    const { code, out, err } = await run(args, stdin)
    assert.equal(code, 0, `maestro ${args.join(' ')}: ${out}${err}`)
    return out
  }
  const json = async <T>(args: string[], stdin = ''): Promise<T> =>
    JSON.parse(await ok([...args, '--json'], stdin)) as T
  async function file(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }

  test('a Markdown file becomes a workflow, is shown as YAML, changed by it, compared and restored', async () => {
    const text =
      '---\nagent: fake\nmodel: sample/violin\nfolder: reports\n---\nRead the *news*.\n\n- all\n---\nSum it up.\n'
    const made = await json<Workflow>(['workflows', 'create', await file('Morning report.md', text)])
    assert.deepEqual(
      [made.name, made.path, made.steps[0]?.text],
      ['Morning report', 'reports', 'Read the *news*.\n\n- all'],
    )
    const yaml = await ok(['workflows', 'show', 'morning report'])
    const changed = await file('changed.yaml', yaml.replace('Sum it up.', 'Sum it up in five lines.'))
    await ok(['workflows', 'edit', made.id, changed])
    assert.equal((await run(['workflows', 'edit', made.id, changed])).code, 5, 'nothing was changed')
    assert.match(await ok(['workflows', 'diff', made.id]), /- Sum it up\.\n {2}\+ Sum it up in five lines\.\n/)
    const versions = await json<{ version: string }[]>(['workflows', 'versions', made.id])
    assert.equal(versions.length, 2)
    await ok(['workflows', 'restore', made.id, made.version])
    assert.equal((await json<Workflow>(['workflows', 'show', made.id])).steps[1]?.text, 'Sum it up.')

    const stale = await run(['workflows', 'edit', made.id, changed, '--if-version', versions[0]?.version ?? ''])
    assert.equal(stale.code, 1)
    assert.match(stale.err, /\+|-/)
    assert.match(stale.err, /error: .*has changed/)
  })

  test('what cannot be a workflow is refused with every problem, from any format', async () => {
    const bad = await run(['workflows', 'create', '--format', 'json'], '{"name":"","steps":[{"text":""}],"maxTurns":0}')
    assert.equal(bad.code, 2)
    for (const field of ['name', 'maxTurns']) assert.match(bad.err, new RegExp(`${field}: `))
    assert.equal((await run(['workflows', 'create'], 'name: [')).code, 2)
    const misspelt = 'name: Typo\nsteps:\n  - text: hello\n    modell: some/model\n'
    for (const verb of [['create'], ['validate', '-']]) {
      const { code, out, err } = await run(['workflows', ...verb, '--format', 'yaml'], misspelt)
      assert.notEqual(code, 0)
      assert.match(out + err, /"modell" is no field of a prompt; did you mean "model"\?/)
    }
  })

  test('workflows are copied, moved in folders, searched and deleted', async () => {
    const { id } = await server.createWorkflow({ ...base, name: 'Movable', steps: steps('a needle in it') })
    const copy = await json<Workflow>(['workflows', 'duplicate', 'Movable', '--name', 'Copy'])
    await ok(['workflows', 'move', 'Copy', '/team/a/'])
    await ok(['folders', 'create', 'team/empty'])
    await ok(['folders', 'move', 'team', 'crew'])
    const folders = await json<{ path: string }[]>(['folders'])
    assert.deepEqual(
      folders.map(({ path }) => path).filter((path) => path.startsWith('crew')),
      ['crew', 'crew/a', 'crew/empty'],
    )
    const found = await json<WorkflowSummary[]>(['workflows', '--search', 'needle'])
    assert.deepEqual(new Set(found.map((one) => one.id)), new Set([id, copy.id]))
    const inFolder = await json<WorkflowSummary[]>(['workflows', 'list', '--folder', 'crew/a'])
    assert.deepEqual(
      inFolder.map((one) => one.id),
      [copy.id],
    )
    await ok(['folders', 'delete', 'crew/a'])
    assert.equal((await json<Workflow>(['workflows', 'show', copy.id])).path, 'crew')
    await ok(['workflows', 'delete', copy.id])
    const gone = await run(['workflows', 'show', 'Movabel'])
    assert.equal(gone.code, 1)
    assert.match(gone.err, new RegExp(`hint: did you mean ${id} \\("Movable"\\)\\?`))
  })

  test('the editor is opened on a private file; what it saves is stored', async () => {
    const { id } = await server.createWorkflow({ ...base, name: 'Edited', steps: steps('before') })
    const editor = await file('editor.sh', '#!/bin/sh\nstat -c %a "$1" > "$0.mode"\nsed -i s/before/after/ "$1"\n')
    await chmod(editor, 0o755)
    // Without a terminal it would read stdin: `script` gives it one.
    const env = { ...envOf(server), EDITOR: editor, TMPDIR: folder }
    const command = [process.execPath, '--liftoff-only', join(root, 'src/main.ts'), 'workflows', 'edit', id]
    const ran = spawnSync('script', ['-qec', command.map((word) => `'${word}'`).join(' '), '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      encoding: 'utf8',
      timeout: 30_000,
    })
    assert.equal(ran.status, 0, ran.stdout + ran.stderr)
    assert.match(ran.stdout, /Saved "Edited"/)
    assert.equal((await json<Workflow>(['workflows', 'show', id])).steps[0]?.text, 'after')
    assert.equal((await readFile(`${editor}.mode`, 'utf8')).trim(), '600')
  })

  test('exit codes tell how a run ended; a rerun begins where it is told to', async () => {
    const make = async (name: string, text: string, more: object = {}) =>
      (await server.createWorkflow({ ...base, name, steps: steps('first', { text, maxRetries: 0 }), ...more })).id
    assert.equal((await run(['run', await make('Well', 'fine'), '--wait', '30'])).code, 0)
    const failed = await run(['run', await make('Ill', '[[exit 3]]'), '--wait', '30', '--json'])
    assert.equal(failed.code, 1)
    assert.equal((await run(['run', await make('Late', '[[hang]]', { runTimeoutSec: 1 }), '--wait', '30'])).code, 4)
    assert.equal((await run(['run', 'nobody'])).code, 1)
    assert.equal((await run(['run'])).code, 2)
    const hanging = await make('Hangs', '[[hang]]')
    const started = await json<Run>(['run', hanging])
    assert.equal((await run(['cancel', started.id])).code, 0)
    assert.equal((await run(['logs', '-f', started.id])).code, 3)

    const { id } = JSON.parse(failed.out) as Run
    const again = await run(['rerun', id, '--from-step', '2', '--wait', '30', '--json'])
    const rerun = JSON.parse(again.out) as Run
    assert.deepEqual([again.code, rerun.rerunOf, rerun.rerunFromStep, rerun.steps[0]?.isReused], [1, id, 1, true])
  })

  test('models and secrets: a key goes in by stdin, and comes out nowhere', async () => {
    await ok(['models', 'add', 'someone/new'])
    await ok(['models', 'default', 'someone/new'])
    const list = await json<{ defaultModel: string }>(['models'])
    assert.equal(list.defaultModel, 'someone/new')
    assert.equal((await run(['models', 'remove', 'someone/new'])).code, 1, 'the default one stays')
    await ok(['models', 'default', 'anthropic/claude-3.7-sonnet'])
    await ok(['models', 'remove', 'someone/new'])
    const set = await run(['secrets', 'set', 'MY_KEY'], 'canary-of-the-cli\n')
    assert.equal(set.code, 0)
    const listed = await ok(['secrets'])
    assert.match(listed, /MY_KEY +…-cli/)
    await ok(['secrets', 'delete', 'MY_KEY'])
    assert.doesNotMatch(set.out + set.err + listed, /canary-of/)
    await ok(['token', 'create', 'laptop'])
    assert.match(await ok(['token']), /laptop/, 'a noun alone lists')
  })

  test('a provider of one’s own: its key, its models and their price, fallbacks, budget and what it cost', async () => {
    await using stub = await startStub()
    await ok(['providers', 'add', 'My Lab', '--url', `${stub.url}/v1`], 'a-key-that-ends-in-1234')
    assert.match(await ok(['providers']), /my-lab +My Lab .* set, …1234 +0\n/)
    assert.match(await ok(['providers', 'test', 'my lab']), /My Lab answers, and offers 2 models/)
    assert.match(await ok(['providers', 'models', 'my-lab', '--search', 'ECHO']), /stub\/echo/)
    assert.match(await ok(['providers', 'set', 'my-lab', '--forget-key']), /key: needs PROVIDER_MY_LAB_KEY\./)
    const keyless = await run(['providers', 'test', 'my-lab'])
    assert.equal(keyless.code, 1)
    assert.match(keyless.out, /maestro providers set my-lab --key/)

    await ok(['models', 'add', 'stub/echo', '--provider', 'my-lab', '--input', '1', '--output', '2'])
    const price = ['models', 'price', 'stub/echo']
    await ok([...price, '--input', '0.5', '--output', '1.5', '--cache-read', '0.1'])
    assert.equal(await ok(price), '$0.5 in / $1.5 out / $0.1 cache read, for a million tokens\n')
    await ok([...price, '--none'])
    await ok(['models', 'fallbacks', 'my-lab/stub/echo'])
    assert.equal((await run(['providers', 'remove', 'my-lab'])).code, 1, 'its models are in use')
    await ok(['models', 'fallbacks', '--clear'])
    await ok(['models', 'remove', 'stub/echo'])
    await ok(['providers', 'remove', 'my-lab'])

    assert.equal(await ok(['budget', '--per-run', '0.5']), 'Of a month   no limit\nOf a run     $0.50\n')
    assert.equal(await ok(['budget', '--per-run', 'none']), 'Of a month   no limit\nOf a run     no limit\n')
    assert.match(await ok(['spend']), /^Today {7}\$0\.00 for 0 calls\n/)
  })
})
