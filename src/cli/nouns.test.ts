import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { ImportReport, Workflow } from '#src/workflows/contract.ts'
import { type FakeMaestro, fakeMaestro, problem, runCli } from './testing/fakes.ts'
import { runId, sampleModels, sampleProvider, sampleRun, sampleServer, sampleWorkflow } from './testing/samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-cli-'))
after(() => rm(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const stored: Workflow = {
  id: 'hello',
  name: 'Hello, Maestro',
  version: 'v1',
  updatedAt: 1,
  steps: [{ id: 'step-1', text: 'Say hello.' }],
}
const bodyOf = (maestro: FakeMaestro, method: string): Record<string, unknown> =>
  maestro.requests.find((request) => request.method === method)?.body as Record<string, unknown>

describe('workflows', () => {
  test('a group alone lists, before and after its options; a mistyped verb gets the nearest', async () => {
    const maestro = fakeMaestro({ 'GET /workflows': { items: [sampleWorkflow({ path: 'a/b' })] } })
    const table =
      'ID     NAME            FOLDER  PROMPTS  AGENTS  LAST RUN\nhello  Hello, Maestro  a/b     2        goose   never\n'
    assert.equal((await runCli(['workflows'], { maestro })).out, table)
    assert.equal((await runCli(['workflows', 'list'], { maestro })).out, table)
    await runCli(['workflows', '--folder', '/a/b/', '--search', 'x y'], { maestro })
    assert.equal(maestro.requests.at(-1)?.path, '/workflows?path=a%2Fb&q=x+y')
    for (const argv of [
      ['workflows', '--json'],
      ['--json', 'workflows'],
      ['workflows', 'list', '--json'],
      ['workflows', '--json', 'list'],
    ])
      assert.equal((JSON.parse((await runCli(argv, { maestro })).out) as unknown[]).length, 1)
    assert.deepEqual(await runCli(['workflows', 'eddit']), {
      code: 2,
      out: '',
      err: "error: unknown command 'eddit'\nhint: did you mean edit?\n",
    })
  })

  test('create takes a file or stdin, and what is named on the command line wins', async () => {
    const maestro = fakeMaestro({ 'POST /workflows': { ...stored, path: 'new' } })
    const ran = await runCli(['workflows', 'create', file('Daily.md', 'One\n---\nTwo\n'), '--folder', '/new'], {
      maestro,
    })
    assert.deepEqual(bodyOf(maestro, 'POST'), {
      name: 'Daily',
      path: 'new',
      steps: [
        { id: 'step-1', text: 'One' },
        { id: 'step-2', text: 'Two' },
      ],
    })
    assert.equal(ran.out, 'Made hello, "Hello, Maestro", in new.\n')
    const piped = fakeMaestro({ 'POST /workflows': stored })
    await runCli(['workflows', 'create', '--name', 'N'], { maestro: piped, stdin: 'Just one.' })
    assert.deepEqual(bodyOf(piped, 'POST'), { name: 'N', steps: [{ id: 'step-1', text: 'Just one.' }] })
    const gone = await runCli(['workflows', 'create', '/not/there.md'], { maestro })
    assert.deepEqual([gone.code, gone.err], [2, 'error: the file /not/there.md is not there\n'])
  })

  test('every problem of a refused file is shown', async () => {
    const issues = [
      { path: 'name', message: 'a name' },
      { path: 'steps.0.text', message: 'the prompt is empty' },
    ]
    const maestro = fakeMaestro({
      'POST /workflows': () => [400, problem('invalid_input', 400, 'the workflow is not valid', { issues })],
    })
    const ran = await runCli(['workflows', 'create'], { maestro, stdin: 'x' })
    assert.equal(ran.code, 2)
    assert.equal(ran.err, 'error: the workflow is not valid\n  name: a name\n  steps.0.text: the prompt is empty\n')
  })

  test('edit opens the editor with YAML, saves against the version it began from, and leaves nothing behind', async () => {
    const maestro = fakeMaestro({
      'GET /workflows': { items: [sampleWorkflow()] },
      'GET /workflows/hello': stored,
      'PUT /workflows/hello': { ...stored, version: 'v2' },
    })
    let path = ''
    const attach = (program: string, args: readonly string[]) => {
      assert.deepEqual([program, ...args.slice(0, -1)], ['my editor', '--wait'])
      path = args.at(-1) ?? ''
      writeFileSync(path, readFileSync(path, 'utf8').replace('hello', 'goodbye'))
      return 0
    }
    const env = { EDITOR: '"my editor" --wait', TMPDIR: folder }
    const ran = await runCli(['workflows', 'edit', 'hello'], { maestro, asks: true, attach, env })
    assert.equal(ran.out, 'Saved "Hello, Maestro" (hello), version v2.\n')
    assert.deepEqual(bodyOf(maestro, 'PUT'), {
      name: 'Hello, Maestro',
      steps: [{ id: 'step-1', text: 'Say goodbye.' }],
      ifVersion: 'v1',
    })
    assert.throws(() => readFileSync(path))
    const same = await runCli(['workflows', 'edit', 'hello'], {
      maestro,
      asks: true,
      attach: () => 0,
      env: { TMPDIR: folder },
    })
    assert.deepEqual([same.code, same.err], [5, 'Nothing was changed.\n'])
  })

  test('a conflict shows the difference and asks; giving up keeps the text and says where', async () => {
    const diff = {
      from: 'v2',
      to: 'yours',
      changes: [
        {
          path: 'steps.0.text',
          label: 'Prompt 1',
          kind: 'changed',
          before: 'a',
          after: 'b',
          lines: [
            { op: 'removed', text: 'theirs' },
            { op: 'added', text: 'mine' },
          ],
        },
      ],
    }
    const answers = (current: string) => ({
      'GET /workflows': { items: [sampleWorkflow()] },
      'GET /workflows/hello': stored,
      'PUT /workflows/hello': ({ body }: { body: unknown }) =>
        (body as { ifVersion: string }).ifVersion === current
          ? [200, { ...stored, version: 'v3' }]
          : [
              409,
              problem('conflict', 409, 'it has changed', {
                details: { current: { ...stored, version: current }, diff },
              }),
            ],
    })
    const attach = (_program: string, args: readonly string[]) => {
      writeFileSync(args.at(-1) ?? '', 'name: Mine\nsteps: [mine]\n')
      return 0
    }
    const options = { asks: true, attach, env: { TMPDIR: folder } }
    const over = await runCli(['workflows', 'edit', 'hello'], {
      ...options,
      maestro: fakeMaestro(answers('v2')),
      stdin: ['s\n'],
    })
    assert.match(over.err, /Prompt 1 {2}changed\n {2}- theirs\n {2}\+ mine\n/)
    assert.deepEqual([over.code, over.out], [0, 'Saved "Hello, Maestro" (hello), version v3.\n'])
    const given = await runCli(['workflows', 'edit', 'hello'], {
      ...options,
      maestro: fakeMaestro(answers('v2')),
      stdin: ['g\n'],
    })
    const path = /your text is in (\S+)/.exec(given.err)?.[1] ?? ''
    assert.equal(given.code, 3)
    assert.equal(readFileSync(path, 'utf8'), 'name: Mine\nsteps: [mine]\n')
  })

  test('text that is refused can be edited again; an editor that fails loses nothing', async () => {
    let round = 0
    const texts = ['name: [\n', 'name: Fine\nsteps: [x]\n']
    const attach = (_program: string, args: readonly string[]) => {
      writeFileSync(args.at(-1) ?? '', texts[round++] ?? '')
      return 0
    }
    const maestro = fakeMaestro({ 'POST /workflows': stored })
    const options = { maestro, asks: true, env: { TMPDIR: folder } }
    const again = await runCli(['workflows', 'create'], { ...options, attach, stdin: ['e\n'] })
    assert.match(again.err, /^error: .*is not valid YAML: .*\nEdit again \(e\) or give up \(g\)\? /)
    assert.equal(again.code, 0)
    const failed = await runCli(['workflows', 'create'], { ...options, attach: () => 1 })
    assert.match(failed.err, /the editor "vi" ended with exit code 1: nothing was saved\nhint: the text is in /)
    const none = await runCli(['workflows', 'create'], { ...options, env: { ...options.env, EDITOR: 'nope' } })
    assert.match(none.err, /the editor "nope" could not be started\nhint: set EDITOR/)
  })

  test('versions, diff and restore; the last save is what a diff without versions shows', async () => {
    const version = (id: string, isCurrent: boolean) => ({
      version: id,
      savedAt: 0,
      savedBy: null,
      name: 'x',
      stepCount: 1,
      summary: 'Prompt 1',
      isCurrent,
    })
    const maestro = fakeMaestro({
      'GET /workflows': { items: [sampleWorkflow()] },
      'GET /workflows/hello/versions': { items: [version('v2', true), version('v1', false)] },
      'GET /workflows/hello/diff': {
        from: 'v1',
        to: 'v2',
        changes: [{ path: 'maxTurns', label: 'Most turns', kind: 'changed', before: null, after: 7, lines: null }],
      },
      'POST /workflows/hello/versions/v1/restore': { ...stored, version: 'v3' },
    })
    const listed = await runCli(['workflows', 'versions', 'hello'], { maestro })
    assert.match(listed.out, /v2 +1970-01-01 00:00 UTC {2}a hand edit {2}Prompt 1 +current\n/)
    const diff = await runCli(['workflows', 'diff', 'hello'], { maestro })
    assert.equal(diff.out, 'Most turns  changed\n  - (none)\n  + 7\n')
    assert.equal(maestro.requests.at(-1)?.path, '/workflows/hello/diff?from=v1')
    assert.match((await runCli(['workflows', 'restore', 'hello', 'v1'], { maestro })).out, /this is version v3/)
  })

  test('validate says everything and fails for an error only', async () => {
    const remark = (level: string) => ({ level, path: 'steps.0.model', message: 'no such model', hint: 'add it' })
    const answer = (level: string) =>
      fakeMaestro({ 'GET /workflows': { items: [] }, 'POST /workflows/validate': { remarks: [remark(level)] } })
    const path = file('v.yaml', 'name: x\nsteps: [a]\n')
    const maestro = answer('error')
    const bad = await runCli(['workflows', 'validate', path], { maestro })
    assert.deepEqual([bad.code, bad.out], [1, '✗ steps.0.model  no such model\n  hint: add it\n'])
    assert.deepEqual(bodyOf(maestro, 'POST'), { definition: { name: 'x', steps: [{ id: 'step-1', text: 'a' }] } })
    assert.equal((await runCli(['workflows', 'validate', path], { maestro: answer('warning') })).code, 0)
    const none = await runCli(['workflows', 'validate', 'nope'], { maestro })
    assert.match(none.err, /^error: "nope" is neither a file nor a workflow\n/)
  })

  test('rerun counts prompts from 1, as people do', async () => {
    const maestro = fakeMaestro({ [`POST /runs/${runId}/rerun`]: sampleRun({ status: 'queued', endedAt: null }) })
    const ran = await runCli(['rerun', runId, '--from-step', '3'], { maestro })
    assert.deepEqual(bodyOf(maestro, 'POST'), { fromStep: 2 })
    assert.equal(ran.out, `Started ${runId} of "Hello, Maestro".\n`)
  })
})

describe('MCP servers', () => {
  const add = [
    'mcp-servers',
    'add',
    'Search',
    '--env',
    'KEY',
    '--plain-env',
    'MODE=fast',
    '--',
    'npx',
    '-y',
    '--root',
    '/a b',
  ]

  test('add takes the program after --, asks for secrets, and sends arguments as they are', async () => {
    const maestro = fakeMaestro({ 'POST /mcp-servers': sampleServer() })
    const ran = await runCli(add, { maestro, asks: true, stdin: ['top-secret\r'] })
    assert.equal(ran.code, 0)
    assert.deepEqual(bodyOf(maestro, 'POST'), {
      name: 'Search',
      transport: 'stdio',
      command: 'npx',
      args: ['-y', '--root', '/a b'],
      env: [
        { name: 'KEY', isSecret: true, value: 'top-secret' },
        { name: 'MODE', value: 'fast', isSecret: false },
      ],
      headers: [],
    })
    assert.doesNotMatch(ran.out + ran.err, /top-secret/)
  })

  test('a value on the command line is refused with the reason, and not repeated', async () => {
    const ran = await runCli(['mcp-servers', 'add', 'x', '--env', 'KEY=top-secret', '--', 'npx'])
    assert.equal(ran.code, 2)
    assert.match(
      ran.err,
      /--env takes a name, not "KEY=\.\.\.": .*seen by every user.*\nhint: --env KEY asks .*--plain-env KEY=/,
    )
    assert.doesNotMatch(ran.err, /top-secret/)
    const lost = await runCli(['mcp-servers', 'add', 'x'])
    assert.match(lost.err, /how is "x" reached\?/)
    assert.match((await runCli([...add.slice(0, 5), '--', 'npx'], { stdin: '' })).err, /no value was given for KEY/)
  })

  test('stdin holds one value alone, or several as lines', async () => {
    const maestro = fakeMaestro({ 'POST /mcp-servers': sampleServer() })
    const argv = ['mcp-servers', 'add', 'x', '--url', 'https://x.example', '--header', 'Authorization', '--env', 'B']
    await runCli(argv, { maestro, stdin: 'B=two=2\nAuthorization=Bearer one\n' })
    const body = bodyOf(maestro, 'POST')
    assert.deepEqual(body['headers'], [{ name: 'Authorization', isSecret: true, value: 'Bearer one' }])
    assert.deepEqual(body['env'], [{ name: 'B', isSecret: true, value: 'two=2' }])
    assert.equal(body['transport'], 'http')
  })

  test('edit keeps what is not named, secrets included', async () => {
    const maestro = fakeMaestro({
      'GET /mcp-servers': { items: [sampleServer()] },
      'PUT /mcp-servers/search': sampleServer(),
    })
    await runCli(['mcp-servers', 'edit', 'SEARCH', '--optional', '--plain-env', 'A=1'], { maestro })
    const body = bodyOf(maestro, 'PUT')
    assert.deepEqual(body['env'], [
      { name: 'KEY', isSecret: true, value: null },
      { name: 'A', value: '1', isSecret: false },
    ])
    assert.deepEqual([body['required'], body['command'], body['ifVersion']], [false, 'npx', 'v1'])
    const unknown = await runCli(['mcp-servers', 'edit', 'search', '--remove-env', 'NO'], { maestro })
    assert.match(unknown.err, /--remove-env: there is no NO\nhint: there are: KEY\n/)
    const near = await runCli(['mcp-servers', 'show', 'serch'], { maestro })
    assert.match(near.err, /no MCP server has the id or name "serch"\nhint: did you mean search \("Search"\)\?/)
  })

  test('a test that fails shows why, and is exit code 1', async () => {
    const found = {
      ok: false,
      durationMs: 5,
      serverName: null,
      serverVersion: null,
      protocolVersion: null,
      tools: [],
      tokens: 0,
      error: { kind: 'exited', message: 'it ended with exit code 3', hint: 'run it by hand' },
      stderr: 'no such module\n',
    }
    const maestro = fakeMaestro({
      'GET /mcp-servers': { items: [sampleServer()] },
      'POST /mcp-servers/search/test': found,
    })
    const ran = await runCli(['mcp-servers', 'test', 'search'], { maestro })
    assert.deepEqual(ran, {
      code: 1,
      out: '✗ Search  it ended with exit code 3\n  hint: run it by hand\n  it wrote:\n    no such module\n',
      err: '',
    })
  })
})

describe('models, providers and money', () => {
  const two = sampleModels({
    items: [
      { provider: 'openrouter', id: 'x/same', isDefault: true, price: null },
      { provider: 'lab', id: 'x/same', isDefault: false, price: { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } },
      { provider: 'lab', id: 'only', isDefault: false, price: null },
    ],
  })

  test('a model of several providers is asked back, and told apart by provider/id', async () => {
    const maestro = fakeMaestro({ 'GET /models': two, 'PUT /models/fallbacks': two, 'PUT /models/default': two })
    const both = await runCli(['models', 'default', 'x/same'], { maestro })
    assert.deepEqual(both, {
      code: 2,
      out: '',
      err: 'error: "x/same" is a model of openrouter and lab\nhint: name the provider: openrouter/x/same\n',
    })
    await runCli(['models', 'fallbacks', 'only', 'lab/x/same'], { maestro })
    assert.deepEqual(bodyOf(maestro, 'PUT'), {
      fallbacks: [
        { provider: 'lab', id: 'only' },
        { provider: 'lab', id: 'x/same' },
      ],
    })
    const near = await runCli(['models', 'remove', 'onli'], { maestro })
    assert.equal(near.err, 'error: "onli" is not in the list of models\nhint: did you mean lab/only?\n')
    const cleared = await runCli(['models', 'fallbacks', '--clear', 'only'], { maestro })
    assert.match(cleared.err, /models and --clear exclude each other/)
  })

  test('half a price is refused; a whole one is sent as it is', async () => {
    const maestro = fakeMaestro({ 'GET /models': two, 'PATCH /models': two })
    assert.match((await runCli(['models', 'price', 'only', '--input', '1'], { maestro })).err, /a price has two halves/)
    await runCli(['models', 'price', 'only', '--input', '1', '--output', '0.5'], { maestro })
    assert.deepEqual(bodyOf(maestro, 'PATCH'), {
      provider: 'lab',
      id: 'only',
      price: { inputUsdPerMillion: 1, outputUsdPerMillion: 0.5 },
    })
    const shown = await runCli(['models', 'price', 'lab/x/same'], { maestro })
    assert.equal(shown.out, '$1 in / $2 out, for a million tokens\n')
  })

  test('the key of a provider comes from stdin or a hidden prompt, never from an option', async () => {
    const lab = sampleProvider({ id: 'lab', title: 'Lab', isBuiltIn: false })
    const maestro = fakeMaestro({
      'POST /providers': lab,
      'GET /providers': { items: [lab] },
      'PATCH /providers/lab': lab,
    })
    const made = await runCli(['providers', 'add', 'Lab', '--url', 'http://lab:8000/v1'], {
      maestro,
      stdin: 'the-key\n',
    })
    assert.deepEqual(bodyOf(maestro, 'POST'), {
      title: 'Lab',
      baseUrl: 'http://lab:8000/v1',
      api: 'openai',
      needsKey: true,
      apiKey: 'the-key',
    })
    assert.doesNotMatch(made.out + made.err, /the-key/)
    assert.equal((await runCli(['providers', 'set', 'lab', '--key', 'k'], { maestro })).code, 2)
    await runCli(['providers', 'set', 'lab', '--forget-key', '--usual-url'], { maestro })
    assert.deepEqual(bodyOf(maestro, 'PATCH'), { baseUrl: null, apiKey: null })
    assert.match((await runCli(['providers', 'set', 'lab'], { maestro })).err, /No option says it/)
  })

  test('a test without a key says which command enters one', async () => {
    const lab = sampleProvider({
      id: 'lab',
      title: 'Lab',
      isBuiltIn: false,
      keyName: 'PROVIDER_LAB_KEY',
      keySet: false,
    })
    const answer = {
      ok: false,
      url: 'http://lab/v1',
      durationMs: 3,
      httpStatus: null,
      message: 'Lab needs a key',
      hint: 'enter its key',
      models: [],
    }
    const maestro = fakeMaestro({ 'GET /providers': { items: [lab] }, 'POST /providers/lab/test': answer })
    const { code, out } = await runCli(['providers', 'test', 'lab'], { maestro })
    assert.equal(code, 1)
    assert.match(out, /\n {2}hint: maestro providers set lab --key\n$/)
  })

  test('budget changes only what is named', async () => {
    const maestro = fakeMaestro({
      'GET /budget': { monthlyUsd: 50, perRunUsd: null },
      'PUT /budget': ({ body }: { body: unknown }) => [200, body],
    })
    assert.equal((await runCli(['budget'], { maestro })).out, 'Of a month   $50.00\nOf a run     no limit\n')
    assert.match((await runCli(['budget', '--per-run', '0'], { maestro })).err, /above 0 .* or none for no limit/)
    const set = await runCli(['budget', '--per-run', '2', '--monthly', 'none'], { maestro })
    assert.equal(set.out, 'Of a month   no limit\nOf a run     $2.00\n')
  })
})

describe('import', () => {
  const report = (changes: Partial<ImportReport> = {}): ImportReport => ({
    format: 'maistro',
    dryRun: true,
    workflows: [{ name: 'Report', id: null, action: 'create', path: 'a', stepCount: 2 }],
    mcpServers: [],
    models: [],
    commands: ['npx -y thing'],
    requiredSecrets: [],
    warnings: ['a prompt was empty'],
    ...changes,
  })
  const importing = () =>
    fakeMaestro({
      'POST /import': ({ body }: { body: unknown }) => {
        const { dryRun } = body as { dryRun: boolean }
        return [200, report({ dryRun })]
      },
      'GET /mcp-servers': { items: [] },
      'POST /mcp-servers': sampleServer(),
      'GET /models': sampleModels({ providers: [sampleProvider({ keySet: false })] }),
      'POST /models': sampleModels(),
      'PUT /secrets/OPENROUTER_API_KEY': {},
    })
  const bundle = file('b.json', '{"maestroBundle":1}')

  test('shows every program first and does nothing without a yes', async () => {
    const maestro = importing()
    const silent = await runCli(['import', bundle], { maestro })
    assert.equal(silent.code, 2)
    assert.match(
      silent.err,
      /Workflows\n {2}new {6}Report {2}a, 2 prompts\n[^]* {2}npx -y thing\n[^]*! a prompt was empty\n/,
    )
    assert.match(silent.err, /nothing was taken in: nobody can be asked here\nhint: .*--yes\n$/)
    const no = await runCli(['import', bundle], { maestro, asks: true, stdin: ['n\n'] })
    assert.equal(no.code, 3)
    assert.ok(maestro.requests.every(({ body }) => (body as { dryRun: boolean }).dryRun))
    const yes = await runCli(['import', bundle, '--folder', '/in/'], { maestro, asks: true, stdin: ['y\n'] })
    assert.equal(yes.code, 0)
    assert.deepEqual(maestro.requests.at(-1)?.body, {
      content: '{"maestroBundle":1}',
      onConflict: 'copy',
      dryRun: false,
      path: 'in',
    })
    const dry = await runCli(['import', '-', '--dry-run', '--json'], { maestro, stdin: '{}' })
    assert.equal((JSON.parse(dry.out) as ImportReport).dryRun, true)
  })

  test('the data folder of a Maistro comes with its servers, models and key; no value is shown', async () => {
    const data = mkdtempSync(join(folder, 'data-'))
    const write = (name: string, value: unknown) => writeFileSync(join(data, name), JSON.stringify(value))
    write('configs.json', [{ id: 'config-1', name: 'Report', prompts: ['x'] }])
    write('mcp-servers.json', [
      { id: 'mcp-server-1', name: 'S', command: 'node', args: '"/a b/x.js" -v', env: { K: 'canary-env' } },
      {
        id: 'far',
        name: 'Far',
        url: 'https://x.example/mcp',
        headers: { Authorization: 'secret:MCP_FAR_A', X: 'canary-x' },
      },
    ])
    write('models.json', { defaultModel: 'm/two', apiKey: 'canary-key', availableModels: ['a/b', 'm/two'] })
    const maestro = importing()
    const ran = await runCli(['import', data, '--yes'], { maestro })
    assert.equal(ran.code, 0, ran.err)
    const sent = (method: string, path: string) =>
      maestro.requests.filter((one) => one.method === method && one.path === path)
    assert.deepEqual(sent('POST', '/mcp-servers')[0]?.body, {
      id: 'mcp-server-1',
      name: 'S',
      description: '',
      transport: 'stdio',
      url: '',
      command: 'node',
      args: ['/a b/x.js', '-v'],
      env: [{ name: 'K', isSecret: true, value: 'canary-env' }],
      headers: [],
      defaultEnabled: false,
    })
    const far = sent('POST', '/mcp-servers')[1]?.body as { headers: unknown } | undefined
    assert.deepEqual(far?.headers, [
      { name: 'Authorization', isSecret: true },
      { name: 'X', isSecret: true, value: 'canary-x' },
    ])
    assert.match(ran.out + ran.err, /the value of Authorization of "Far" is not in the folder: enter it again/)
    assert.deepEqual(
      sent('POST', '/models').map(({ body }) => body),
      [{ provider: 'openrouter', id: 'm/two' }],
    )
    assert.deepEqual(sent('PUT', '/secrets/OPENROUTER_API_KEY')[0]?.body, { value: 'canary-key' })
    assert.match(ran.out, /node '\/a b\/x\.js' -v\n[^]*The key of OpenRouter went into the encrypted store/)
    assert.match(ran.out, /the default model stays a\/b; in the folder it is m\/two/)
    assert.doesNotMatch(ran.out + ran.err, /canary/)
    const empty = await runCli(['import', mkdtempSync(join(folder, 'empty-'))], { maestro })
    assert.match(empty.err, /is no data folder of Maistro/)
  })
})
