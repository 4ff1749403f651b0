import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import type { SseEvent } from '#src/app/owner-client.ts'
import { fakeMaestro, problem, runCli } from './testing/fakes.ts'
import {
  recorded,
  runId,
  sampleModels,
  sampleProvider,
  sampleRun,
  sampleSummary,
  sampleWorkflow,
} from './testing/samples.ts'

const task = (index: number): SseEvent => ({
  id: String(index + 1),
  event: 'task',
  data: JSON.stringify(recorded[index]),
})
const end: SseEvent = { id: '', event: 'end', data: '{}' }
const started = {
  'GET /workflows': { items: [sampleWorkflow()] },
  'POST /workflows/hello/runs': sampleRun({ status: 'queued', endedAt: null }),
}

test('wrong usage is one error line, one hint and exit code 2', async () => {
  const cases: [string[], string][] = [
    [['rnu'], "error: unknown command 'rnu'\nhint: did you mean run?\n"],
    [['qqqqqq'], "error: unknown command 'qqqqqq'\nhint: maestro --help shows every command\n"],
    [['show'], "error: missing required argument 'run'\nhint: maestro show --help shows what it takes\n"],
    [['run', 'hello', '--folow'], "error: unknown option '--folow'\nhint: did you mean --follow?\n"],
  ]
  for (const [argv, err] of cases) assert.deepEqual(await runCli(argv), { code: 2, out: '', err })
  const limit = await runCli(['runs', '--limit', '0'])
  assert.match(limit.err, /'0' is invalid\. A whole number from 1 to 500 would be right\./)
  assert.equal(limit.code, 2)
})

test('every command has help with an example', async () => {
  const { out } = await runCli(['--help'])
  const verbs = [...out.matchAll(/^ {2}([a-z]+)(?: <.*?>)? {2,}\S/gm)].map((match) => match[1] ?? '')
  assert.ok(verbs.length >= 16, verbs.join(' '))
  for (const verb of verbs) {
    const help = await runCli([verb, '--help'])
    assert.equal(help.code, 0)
    assert.match(help.out, /\nExample:\n {2}\$ maestro /, verb)
  }
})

test('run returns the id of the recorded run and says how to go on', async () => {
  const maestro = fakeMaestro(started)
  const ran = await runCli(['run', 'hello, MAESTRO'], { maestro })
  assert.deepEqual([ran.code, ran.out], [0, `Started ${runId} of "Hello, Maestro".\n`])
  assert.match(ran.err, new RegExp(`maestro logs -f ${runId}\n.*maestro cancel ${runId}`))
  const body = maestro.requests[1]?.body as { trigger: string; idempotencyKey: string }
  assert.equal(body.trigger, 'cli')
  assert.match(body.idempotencyKey, /^[0-9a-f-]{36}$/)
})

test('run --follow goes on from its cursor when the connection breaks and ends with the exit code of the run', async () => {
  const lost = new MaestroError('unavailable', 'gone')
  const maestro = fakeMaestro(
    {
      ...started,
      [`GET /runs/${runId}`]: sampleRun({
        status: 'failed',
        stepsDone: 1,
        error: { code: 'internal', kind: 'crashed', message: 'it crashed', hint: 'look' },
      }),
    },
    [[task(0), task(2), lost], [lost], [task(3), task(10)], [end]],
  )
  const ran = await runCli(['run', 'hello', '--follow'], { maestro })
  assert.equal(ran.code, 1)
  assert.deepEqual(maestro.cursors, ['', '3', '3', '11'])
  assert.match(
    ran.out,
    /── Step 1\/2 {2}Look around[^]*I look [^]*✗ Run failed {2}35 s · 1 of 2 steps · 1,234 in \/ 56 out tokens · \$0\.02\n {2}it crashed\n {2}hint: look\n$/,
  )
  assert.equal(ran.err, 'the connection was lost; waiting for Maestro to come back\n'.repeat(2))
})

test('run --follow --json prints one event a line', async () => {
  const maestro = fakeMaestro({ ...started, [`GET /runs/${runId}`]: sampleRun() }, [[task(0), task(1), end]])
  const ran = await runCli(['run', 'hello', '--follow', '--json'], { maestro })
  assert.deepEqual(
    ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    recorded.slice(0, 2),
  )
  assert.equal(ran.code, 0)
})

test('Ctrl-C stops following, says how to stop the run, and leaves the run alone', async () => {
  let send: (signal: string) => void = () => undefined
  const interrupting = {
    id: '1',
    event: 'task',
    get data() {
      send('SIGINT')
      return JSON.stringify(recorded[0])
    },
  }
  const maestro = fakeMaestro(started, [[interrupting, task(1)]])
  const ran = await runCli(['run', 'hello', '-f'], { maestro, withSignals: (sender) => (send = sender) })
  assert.equal(ran.code, 130)
  assert.match(ran.err, new RegExp(`the run goes on\\.\n.*maestro cancel ${runId}\n.*maestro logs -f ${runId}\n$`))
  assert.ok(maestro.requests.every(({ path }) => !path.includes('cancel')))
})

test('run --wait asks until the run ends, and reports one that does not with exit code 4', async () => {
  const running = sampleRun({ status: 'running', endedAt: null })
  const left = [running, sampleRun()]
  const maestro = fakeMaestro({ ...started, [`GET /runs/${runId}`]: () => [200, left.shift()] })
  const ran = await runCli(['run', 'hello', '--wait', '90', '--json'], { maestro })
  assert.equal(ran.code, 0)
  assert.equal((JSON.parse(ran.out) as { status: string }).status, 'succeeded')
  assert.deepEqual(
    maestro.requests.slice(2).map(({ path }) => path),
    [`/runs/${runId}?waitSec=30`, `/runs/${runId}?waitSec=30`],
  )
})

test('a workflow name that fits none or several is an error that helps', async () => {
  const items = [
    sampleWorkflow({ id: 'a1', name: 'Nightly' }),
    sampleWorkflow({ id: 'a2', name: 'nightly' }),
    sampleWorkflow({ id: 'b', name: 'Weekly report' }),
  ]
  const maestro = fakeMaestro({ 'GET /workflows': { items } })
  const several = await runCli(['run', 'NIGHTLY'], { maestro })
  assert.deepEqual(several, {
    code: 2,
    out: '',
    err: 'error: 2 workflows are called "NIGHTLY": a1, a2\nhint: name it by its id\n',
  })
  const none = await runCli(['run', 'weekly'], { maestro })
  assert.deepEqual(none, {
    code: 1,
    out: '',
    err: 'error: no workflow has the id or name "weekly"\nhint: did you mean b ("Weekly report")?\n',
  })
})

test('short run ids are looked up over all pages; unknown, ambiguous and malformed ones are errors', async () => {
  const other = `run_7h2k9x${'0'.repeat(20)}`
  const pages: Record<string, unknown> = {
    '/runs?limit=500': { items: [sampleSummary({ id: other })], next: 'c/2' },
    '/runs?limit=500&cursor=c%2F2': { items: [sampleSummary()], next: null },
  }
  const maestro = fakeMaestro({
    'GET /runs': ({ path }: { path: string }) => [200, pages[path]],
    [`GET /runs/${runId}`]: sampleRun(),
  })
  const found = await runCli(['show', '7h2k9w'], { maestro, now: 960_000 })
  assert.equal(found.code, 0)
  assert.match(found.out, new RegExp(`^Hello, Maestro {2}${runId}\n`))
  const cases: [string, number, RegExp][] = [
    ['run_7h2k9', 2, /is not the id of a run: that is run_ and at least the first 6 letters/],
    ['../../etc', 2, /is not the id of a run/],
    ['run_zzzzzz', 1, /no run has an id that begins with "run_zzzzzz"\nhint: maestro runs lists them/],
  ]
  for (const [typed, code, expected] of cases) {
    const ran = await runCli(['show', typed], { maestro })
    assert.match(ran.err, expected)
    assert.equal(ran.code, code)
  }
  pages['/runs?limit=500'] = { items: [sampleSummary({ id: `run_7h2k9w1${'0'.repeat(19)}` })], next: 'c/2' }
  const ambiguous = await runCli(['cancel', '7h2k9w'], { maestro })
  assert.match(
    ambiguous.err,
    /^error: 2 runs have an id that begins with "7h2k9w": run_7h2k9w10+ \(Hello, Maestro, 1970-01-01 00:15 UTC\), run_7h2k9w0+ /,
  )
  assert.equal(ambiguous.code, 2)
})

test('cancel does nothing to an ended run and says so with exit code 5', async () => {
  const maestro = fakeMaestro({ [`GET /runs/${runId}`]: sampleRun() })
  assert.deepEqual(await runCli(['cancel', runId], { maestro }), {
    code: 5,
    out: '',
    err: `${runId} had ended already: succeeded\n`,
  })
  assert.deepEqual(
    maestro.requests.map(({ method }) => method),
    ['GET'],
  )
})

test('runs is a table for people and the same list as JSON', async () => {
  const maestro = fakeMaestro({
    'GET /runs': {
      items: [sampleSummary(), sampleSummary({ status: 'running', endedAt: null, stepsDone: 1 })],
      next: null,
    },
  })
  const shown = await runCli(['runs', '--status', 'running', 'succeeded'], { maestro, now: 960_000 })
  assert.equal(
    shown.out,
    `RUN           STATUS     WORKFLOW        STEPS  TOOK  CREATED    BY
run_7h2k9w00  succeeded  Hello, Maestro  2/2    35 s  1 min ago  cli
run_7h2k9w00  running    Hello, Maestro  1/2    59 s  1 min ago  cli
`,
  )
  assert.equal(maestro.requests[0]?.path, '/runs?limit=20&status=running&status=succeeded')
  const json = await runCli(['--json', 'runs'], { maestro })
  assert.equal((JSON.parse(json.out) as unknown[]).length, 2)
})

test('logs reads page after page up to where the log stood', async () => {
  const pages: Record<string, unknown> = {
    [`/runs/${runId}/events?after=0&limit=1000`]: { items: recorded.slice(0, 3), lastSeq: 3, ended: false },
    [`/runs/${runId}/events?after=3&limit=1000`]: { items: recorded.slice(3, 5), lastSeq: 5, ended: false },
  }
  const maestro = fakeMaestro({
    [`GET /runs/${runId}`]: sampleRun({ lastSeq: 4 }),
    [`GET /runs/${runId}/events`]: ({ path }: { path: string }) => [200, pages[path]],
  })
  const ran = await runCli(['logs', runId, '--json'], { maestro })
  assert.equal(ran.out.trim().split('\n').length, 5)
  assert.equal(ran.code, 0)
})

test('a problem answer becomes its message, its issues, its hint and its exit code; no stack without being asked', async () => {
  const answer = problem('limit_exceeded', 429, 'too many runs: 5 of 5', {
    hint: 'wait for one to end',
    issues: [{ path: 'limit', message: 'reached' }],
  })
  const maestro = fakeMaestro({ 'GET /workflows': () => [429, answer] })
  const ran = await runCli(['workflows'], { maestro })
  assert.deepEqual(ran, {
    code: 4,
    out: '',
    err: 'error: too many runs: 5 of 5\n  limit: reached\nhint: wait for one to end\n',
  })
  const debug = await runCli(['workflows'], { maestro, env: { MAESTRO_DEBUG: '1' } })
  assert.match(debug.err, /\n {4}at /)
})

test('an answer of another shape is a fault that names the field, not a crash', async () => {
  const maestro = fakeMaestro({
    'GET /workflows': { items: [{ ...sampleWorkflow(), stepCount: 'two' }] },
    'GET /runs': 'gibberish',
  })
  const ran = await runCli(['workflows'], { maestro })
  assert.match(ran.err, /^error: the answer to GET \/workflows is not valid: items\.0\.stepCount: .*\nhint: .*restart/)
  assert.equal(ran.code, 1)
  assert.equal((await runCli(['runs'], { maestro })).code, 1)
})

test('a secret comes from stdin, loses one line break, and is never shown', async () => {
  const maestro = fakeMaestro({ 'PUT /secrets/API_KEY': {} })
  const ran = await runCli(['secrets', 'set', 'API_KEY'], { maestro, stdin: 'top-secret \n' })
  assert.deepEqual(maestro.requests, [{ method: 'PUT', path: '/secrets/API_KEY', body: { value: 'top-secret ' } }])
  assert.equal(ran.code, 0)
  assert.doesNotMatch(ran.out + ran.err, /top-secret/)
  const empty = await runCli(['secrets', 'set', 'API_KEY'], { maestro, stdin: '\n' })
  assert.equal(empty.code, 2)
  assert.equal((await runCli(['secrets', 'set', 'API_KEY', 'on-argv'], { maestro })).code, 2)
})

test('only a new token goes to stdout', async () => {
  const maestro = fakeMaestro({ 'POST /tokens': { id: 'tok_1', name: 'ci', token: 'mst_abc', expiresAt: null } })
  const ran = await runCli(['token', 'create', 'ci', '--days', '7', '--read-only'], { maestro })
  assert.equal(ran.out, 'mst_abc\n')
  assert.deepEqual(maestro.requests[0]?.body, { name: 'ci', days: 7, readOnly: true })
})

test('agents alone is the list; an unknown verb below it and a failed install are errors', async () => {
  const goose = {
    id: 'goose',
    title: 'Goose',
    installed: false,
    path: null,
    version: null,
    ready: false,
    problems: [],
    modes: ['full'],
    needsModel: true,
  }
  const maestro = fakeMaestro({
    'GET /agents': { items: [goose] },
    'POST /agents/goose/install': { state: 'running', lines: [], error: null },
    'GET /agents/goose/install': { state: 'failed', lines: ['fetching'], error: 'the registry does not answer' },
  })
  const listed = await runCli(['agents'], { maestro })
  assert.match(listed.out, /goose {2}Goose +not installed {2}maestro agents install goose\n$/)
  const unknown = await runCli(['agents', 'foo'], { maestro })
  assert.deepEqual([unknown.code, unknown.err.split('\n')[0]], [2, "error: unknown command 'foo'"])
  const install = await runCli(['agents', 'install', 'goose'], { maestro })
  assert.deepEqual([install.code, install.out], [1, 'fetching\n'])
  assert.match(install.err, /goose could not be installed: the registry does not answer/)
})

test('doctor fails when something is broken, not for a warning', async () => {
  const check = (level: string) => ({ name: 'disk', ok: level === 'ok', level, detail: '1 GB free', hint: 'free some' })
  const ran = async (level: string) =>
    runCli(['doctor'], { maestro: fakeMaestro({ 'GET /doctor': { checks: [check(level)] } }) })
  assert.deepEqual(await ran('ok'), { code: 0, out: '✓ disk  1 GB free\n', err: '' })
  assert.deepEqual(await ran('warn'), { code: 0, out: '! disk  1 GB free\n  hint: free some\n', err: '' })
  assert.equal((await ran('error')).code, 1)
})

test('status and stop start nothing and exit with 5 when nothing runs', async () => {
  assert.deepEqual(await runCli(['status', '--data-dir', '/d']), {
    code: 5,
    out: 'Maestro does not run for /d\n',
    err: '',
  })
  assert.deepEqual(await runCli(['stop']), { code: 5, out: 'Maestro does not run: nothing to stop.\n', err: '' })
  const up = await runCli(['status'], { maestro: fakeMaestro({ 'GET /health': { status: 'ok' } }) })
  assert.match(
    up.out,
    /is running\n {2}Address {2}http:\/\/127\.0\.0\.1:3000\n {2}Version {2}1\.0\.0\n {2}Process {2}77\n {2}Data {5}\/data\n$/,
  )
})

test('MAESTRO_URL addresses a remote node, with a warning when the token would travel in clear text', async () => {
  const seen: unknown[] = []
  const deps = {
    remoteClient: (options: unknown) => {
      seen.push(options)
      return Promise.reject(new MaestroError('unavailable', 'far away'))
    },
  }
  const env = { MAESTRO_URL: 'http://far.example', MAESTRO_TOKEN: 'mst_secret' }
  const ran = await runCli(['workflows'], { deps, env })
  assert.deepEqual(seen, [{ url: 'http://far.example', token: 'mst_secret' }])
  assert.match(ran.err, /^warning: MAESTRO_URL is http:\/\/.*\nerror: far away\n$/)
  assert.doesNotMatch(ran.err, /mst_secret/)
  // A folder named on the command line means this machine.
  assert.equal((await runCli(['workflows', '--data-dir', '/d'], { deps, env })).err.includes('far away'), false)
})

test('serve with an owner running prints its address and a link, and is no failure', async () => {
  const serve = () =>
    Promise.reject(new MaestroError('conflict', 'owned', { details: { url: 'http://127.0.0.1:3000', pid: 42 } }))
  const maestro = fakeMaestro({ 'POST /session/links': { url: 'http://127.0.0.1:3000/in?x', expiresAt: 2_000_000 } })
  const ran = await runCli(['serve'], { maestro, deps: { serve } })
  assert.deepEqual(ran, {
    code: 0,
    out: 'Maestro already runs at http://127.0.0.1:3000 (pid 42)\nSign in with this link, which works once: http://127.0.0.1:3000/in?x\n',
    err: '',
  })
  const port = () => Promise.reject(new MaestroError('conflict', 'port 3000 is taken', { hint: 'PORT=3001' }))
  assert.deepEqual(await runCli(['serve'], { deps: { serve: port } }), {
    code: 1,
    out: '',
    err: 'error: port 3000 is taken\nhint: PORT=3001\n',
  })
})

test('serve greets with what is ready, closes on the first signal and exits at once on the second', async () => {
  let send: (signal: string) => void = () => undefined
  let finish: () => void = () => undefined
  const calls: string[] = []
  const running = {
    url: 'http://127.0.0.1:3000',
    signInLink: () => Promise.resolve('http://127.0.0.1:3000/in?once'),
    done: new Promise<void>((resolve) => (finish = resolve)),
    close() {
      calls.push('close')
      send('SIGTERM')
      finish()
      return Promise.resolve()
    },
  }
  const maestro = fakeMaestro({
    'GET /agents': {
      items: [
        {
          id: 'goose',
          title: 'Goose',
          installed: true,
          path: '/g',
          version: '1.52',
          ready: true,
          problems: [],
          modes: ['full'],
          needsModel: true,
        },
      ],
    },
    'GET /models': () => {
      setImmediate(() => send('SIGTERM'))
      return [200, sampleModels({ providers: [sampleProvider({ keySet: false, keyHint: null, keyFrom: null })] })]
    },
  })
  const ran = await runCli(['serve'], {
    maestro,
    deps: { serve: () => Promise.resolve(running) },
    withSignals: (sender) => (send = sender),
  })
  assert.deepEqual(calls, ['close'])
  assert.equal(ran.code, 0)
  assert.equal(ran.err, 'Stopping.\n[exit 143]Maestro has stopped.\n')
  assert.match(ran.out, /Sign in {2}http:\/\/127\.0\.0\.1:3000\/in\?once/)
  assert.match(
    ran.out,
    /Agents {3}Goose 1\.52 ready\n {2}Models {3}a key opens them: maestro secrets set OPENROUTER_API_KEY, or on the page\n/,
  )
})
