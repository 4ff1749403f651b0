// A small stand-in for the server: the page's HTTP API over made-up data, and the built page itself.
//   node test/e2e/mock-api.ts [--port 4010] [--empty] [--signed-out]
// For pictures of the page and for working on it without a backend. Keeps everything in memory.

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { parseArgs } from 'node:util'
import type { ErrorCode } from '#src/core/contract.ts'
import { createRandom } from '#src/core/testing/random.ts'
import { WorkflowInput, type Run, type Workflow, type WorkflowSummary } from '#src/workflows/contract.ts'
import { agents, failures, makeIds, makeRun, makeRuns, makeWorkflows } from './mock-data.ts'
import { append, babble, recordLog, type Log } from './mock-events.ts'
import { createMockLibrary } from './mock-workflows.ts'
import { createMockSettings } from './mock-settings.ts'
import { createMockPolicy } from './mock-policy.ts'
import { createMockTasks } from './mock-tasks.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4010' }, empty: { type: 'boolean' }, 'signed-out': { type: 'boolean' } },
})
const dist = join(import.meta.dirname, '../../dist/web')
const random = createRandom(7)
const makeId = makeIds(random)
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const began = Date.now()
const everyWorkflow = makeWorkflows(began)
let workflows = values.empty === true ? everyWorkflow.slice(0, 1) : everyWorkflow
const library = createMockLibrary({ read: () => workflows, write: (next) => (workflows = next) })
const runs: Run[] = values.empty === true ? [] : makeRuns(workflows, began, random, makeId)
const logs = new Map<string, Log>()
const feeds = new Set<ServerResponse>()
const agentList = agents()
const settings = createMockSettings(began, values.empty === true, createRandom(11))
const tasks = createMockTasks({
  now: began,
  isEmpty: values.empty === true,
  makeId: (kind) => makeId(kind),
  runs: () => runs,
  tell,
})
const guard = createMockPolicy({
  now: began,
  isEmpty: values.empty === true,
  makeId: (kind) => makeId(kind),
  stopAll() {
    const open = runs.filter((run) => run.endedAt === null)
    for (const run of open) finish(run, 'cancelled')
    return { runs: open.length, commands: tasks.stopAll() }
  },
})
const installs = new Map<
  string,
  { state: 'idle' | 'running' | 'done' | 'failed'; lines: string[]; error: string | null }
>()
let signedIn = values['signed-out'] !== true

if (values.empty !== true) dressUp()

/** The runs that show a special case: two attempts, and ten thousand events. */
function dressUp() {
  const [, , , notes] = everyWorkflow
  if (notes === undefined) return
  const retried = makeRun({ workflow: notes, status: 'succeeded', createdAt: began - 70 * 60_000 }, random, makeId)
  const step = retried.steps[1]
  const attempt = step?.attempts[0]
  if (step !== undefined && attempt !== undefined && attempt.endedAt !== null) {
    const cut = attempt.startedAt + (attempt.endedAt - attempt.startedAt) / 3
    step.attempts = [
      { ...attempt, status: 'failed', executed: 'no', error: failures[1]?.[1] ?? null, endedAt: Math.round(cut) },
      { ...attempt, number: 2, turnId: makeId('turn'), startedAt: Math.round(cut) + 4_000 },
    ]
  }
  const long = makeRun({ workflow: notes, status: 'succeeded', createdAt: began - 9 * 3_600_000 }, random, makeId)
  logs.set(long.id, recordLog(long, 825))
  runs.push(retried, long)
  runs.sort((a, b) => b.createdAt - a.createdAt)
}

function logOf(run: Run): Log {
  const found = logs.get(run.id)
  if (found !== undefined) return found
  const made = recordLog(run)
  logs.set(run.id, made)
  return made
}

const talkers = new Map<string, Generator<void>>()
setInterval(() => {
  const changed: string[] = []
  for (const run of runs) {
    if (run.status === 'queued' && Date.now() - run.createdAt > 800) begin(run)
    if (run.status !== 'running') continue
    const talker = talkers.get(run.id) ?? babble(run, logOf(run))
    talkers.set(run.id, talker)
    talker.next()
    if (run.trigger === 'rerun' || run.trigger === 'api') advance(run)
    changed.push(run.id)
  }
  if (changed.length > 0 && Math.random() < 0.15) tell(changed)
}, 90).unref()

function begin(run: Run) {
  run.status = 'running'
  run.startedAt = Date.now()
  append(run, logOf(run), run.id, { type: 'task.started', place: 'node:mock', fence: 1 }, Date.now())
  startStep(run, 0)
}

function startStep(run: Run, index: number) {
  const step = run.steps[index]
  if (step === undefined) return finish(run, 'succeeded')
  const turnId = makeId('turn')
  Object.assign(step, { status: 'running', startedAt: Date.now() })
  step.attempts = [
    {
      number: 1,
      turnId,
      provider: step.provider,
      model: step.model,
      status: 'running',
      executed: 'maybe',
      error: null,
      usage: null,
      startedAt: Date.now(),
      endedAt: null,
    },
  ]
  append(
    run,
    logOf(run),
    run.id,
    {
      type: 'step.started',
      index,
      stepId: step.stepId,
      title: step.title,
      prompt: step.prompt,
      agent: step.agent,
      model: step.model,
    },
    Date.now(),
  )
  append(
    run,
    logOf(run),
    run.id,
    { type: 'attempt.started', index, attempt: 1, turnId, reason: 'first attempt' },
    Date.now(),
  )
}

/** A step of a run started here takes a few seconds. */
function advance(run: Run) {
  const step = run.steps.find((each) => each.status === 'running')
  if (step?.startedAt == null || Date.now() - step.startedAt < 6_000) return
  const attempt = step.attempts[0]
  Object.assign(step, { status: 'succeeded', endedAt: Date.now(), output: 'Done.' })
  if (attempt !== undefined) {
    Object.assign(attempt, { status: 'succeeded', endedAt: Date.now(), executed: 'yes' })
    append(
      run,
      logOf(run),
      run.id,
      {
        type: 'attempt.ended',
        index: step.index,
        attempt: 1,
        turnId: attempt.turnId,
        status: 'succeeded',
        error: null,
      },
      Date.now(),
    )
  }
  append(
    run,
    logOf(run),
    run.id,
    { type: 'step.ended', index: step.index, status: 'succeeded', usage: null },
    Date.now(),
  )
  run.stepsDone++
  talkers.delete(run.id)
  startStep(run, step.index + 1)
}

function finish(run: Run, status: Run['status']) {
  run.status = status
  run.endedAt = Date.now()
  for (const step of run.steps) {
    if (step.status === 'running' || step.status === 'waiting') Object.assign(step, { status, endedAt: Date.now() })
    if (step.status === 'pending') step.status = 'skipped'
    for (const attempt of step.attempts)
      if (attempt.endedAt === null) Object.assign(attempt, { status, endedAt: Date.now() })
  }
  const log = logOf(run)
  append(run, log, run.id, { type: 'task.ended', status, executed: 'yes', error: null }, Date.now())
  log.ended = true
  tell([run.id])
}

function tell(ids: string[]) {
  for (const feed of feeds) feed.write(`event: changed\ndata: ${JSON.stringify({ ids })}\n\n`)
}

function summary(workflow: Workflow): WorkflowSummary {
  const mine = runs.filter((run) => run.workflowId === workflow.id).slice(0, 10)
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description ?? '',
    path: workflow.path ?? '',
    tags: workflow.tags ?? [],
    stepCount: workflow.steps.length,
    agents: [...new Set(workflow.steps.map((step) => step.agent ?? workflow.agent ?? 'echo'))],
    models: [...new Set(workflow.steps.map((step) => step.model ?? workflow.model ?? null))],
    mcpServerIds: [...new Set(workflow.steps.flatMap((step) => step.mcpServerIds ?? []))],
    onSuccess: workflow.onSuccess ?? null,
    schedule: workflow.schedule ?? null,
    version: workflow.version,
    updatedAt: workflow.updatedAt,
    lastRuns: mine.map((run) => ({
      id: run.id,
      status: run.status,
      createdAt: run.createdAt,
      durationMs: run.endedAt === null || run.startedAt === null ? null : run.endedAt - run.startedAt,
    })),
  }
}

function start(workflow: Workflow, trigger: Run['trigger']): Run {
  const run = makeRun({ workflow, status: 'queued', createdAt: Date.now(), trigger }, random, makeId)
  runs.unshift(run)
  logOf(run)
  tell([run.id])
  return run
}

class Refused extends Error {
  readonly status: number
  readonly code: ErrorCode
  readonly extra: object
  constructor(status: number, code: ErrorCode, detail: string, extra: object = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.extra = extra
  }
}

const find = <T extends { id: string }>(list: readonly T[], id: string | undefined): T => {
  const found = list.find((each) => each.id === id)
  if (found === undefined) throw new Refused(404, 'not_found', `nothing is called "${id}"`)
  return found
}

function parse(body: unknown): WorkflowInput {
  const { ifVersion: _, ...input } = body as Record<string, unknown>
  const parsed = WorkflowInput.safeParse(input)
  if (parsed.success) return parsed.data
  throw new Refused(400, 'invalid_input', 'the workflow is not valid', {
    issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  })
}

type Answer = readonly [status: number, body: unknown] | 'sent'

/** One line per route: the tail of the path decides. */
function answer(request: IncomingMessage, response: ServerResponse, url: URL, body: unknown): Answer {
  if (signedIn) {
    const found = library.answer(request.method ?? '', url.pathname.replace('/api/v1/', ''), url.searchParams, body)
    if (found !== undefined) return found
    const task = tasks.answer(request, response, url, body)
    if (task !== undefined) return task
    const judged = guard.answer(request.method ?? '', url.pathname.replace('/api/v1/', ''), url.searchParams, body)
    if (judged !== undefined) return judged
  }
  const [room, rawId, verb] = url.pathname.replace('/api/v1/', '').split('/')
  const id = rawId === undefined ? undefined : decodeURIComponent(rawId)
  const route = `${request.method} ${room}${id === undefined ? '' : '/:id'}${verb === undefined ? '' : `/${verb}`}`
  if (room === 'health') return [200, { status: 'ok', version: '0.1.0' }]
  if (!signedIn) throw new Refused(401, 'unauthenticated', 'nobody is signed in', { hint: 'run maestro open' })
  const text = body as Record<string, string>
  switch (route) {
    case 'GET session':
      return [
        200,
        {
          actor: { kind: 'browser', sessionId: 'mock' },
          version: '0.1.0',
          nodeName: 'studio',
          dataDir: '/home/me/.local/share/maestro',
        },
      ]
    case 'POST session/:id':
      signedIn = false
      return [200, { signedOut: true }]
    case 'GET workflows':
      return [200, { items: workflows.map(summary) }]
    case 'POST workflows': {
      const made: Workflow = {
        ...parse(body),
        id: `wf-${makeId('x').slice(2, 10)}`,
        version: 'v1',
        updatedAt: Date.now(),
      }
      workflows = [made, ...workflows]
      return [201, made]
    }
    case 'GET workflows/:id':
      return [200, find(workflows, id)]
    case 'PUT workflows/:id': {
      const old = find(workflows, id)
      if (text['ifVersion'] !== old.version)
        throw new Refused(409, 'conflict', 'the workflow was saved by someone else', { details: { current: old } })
      const next: Workflow = { ...parse(body), id: old.id, version: `${old.version}+`, updatedAt: Date.now() }
      workflows = workflows.map((each) => (each.id === old.id ? next : each))
      return [200, next]
    }
    case 'DELETE workflows/:id': {
      const gone = find(workflows, id)
      workflows = workflows.filter((each) => each.id !== id)
      return [200, gone]
    }
    case 'POST workflows/:id/runs':
      return [202, start(find(workflows, id), 'api')]
    case 'GET runs':
      return [200, page(url.searchParams)]
    case 'GET runs/:id':
      logOf(find(runs, id))
      return [200, find(runs, id)]
    case 'POST runs/:id/cancel':
      finish(find(runs, id), 'cancelled')
      return [200, find(runs, id)]
    case 'POST runs/:id/resume': {
      const run = find(runs, id)
      Object.assign(run, { status: 'running', waitingFor: null })
      for (const step of run.steps) if (step.status === 'waiting') step.status = 'running'
      return [200, run]
    }
    case 'POST runs/:id/rerun': {
      const old = find(runs, id)
      const run = start(find(workflows, old.workflowId), 'rerun')
      run.rerunOf = old.id
      return [202, run]
    }
    case 'GET runs/:id/events':
      return follow(
        find(runs, id),
        Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0),
        response,
      )
    case 'GET events':
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
        .write('event: hello\ndata: {}\n\n')
      feeds.add(response)
      response.on('close', () => feeds.delete(response))
      return 'sent'
    case 'GET agents':
      return [200, { items: agentList }]
    case 'GET agents/:id/install':
      return [200, installs.get(id ?? '') ?? { state: 'idle', lines: [], error: null }]
    case 'POST agents/:id/install':
      install(id ?? '')
      return [202, { started: true }]
    default:
      throw new Refused(404, 'not_found', `no route ${route}`)
  }
}

function page(query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 50)
  const from = Number(query.get('cursor') ?? 0)
  const status = query.getAll('status') as Run['status'][]
  const matching = runs.filter(
    (run) =>
      (query.get('workflowId') ?? run.workflowId) === run.workflowId &&
      (status.length === 0 || status.includes(run.status)),
  )
  const items = matching
    .slice(from, from + limit)
    .map(({ steps: _steps, lastSeq: _lastSeq, rerunOf: _rerunOf, ...rest }) => rest)
  return { items, next: from + limit < matching.length ? String(from + limit) : null }
}

function follow(run: Run, after: number, response: ServerResponse): 'sent' {
  const log = logOf(run)
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = (event: Log['events'][number]) => {
    response.write(`id: ${event.seq}\nevent: task\ndata: ${JSON.stringify(event)}\n\n`)
    if (event.body.type === 'task.ended' && event.taskId === run.id) response.end('event: end\ndata: {}\n\n')
  }
  for (const event of log.events.slice(after)) send(event)
  if (log.ended) return 'sent'
  log.watchers.add(send)
  response.on('close', () => log.watchers.delete(send))
  return 'sent'
}

function install(id: string) {
  const state = { state: 'running' as 'running' | 'done', lines: [`$ npm install --prefix agents/${id}`], error: null }
  installs.set(id, state)
  let count = 0
  const timer = setInterval(() => {
    state.lines.push(`fetching part ${++count} of 12`)
    if (count < 12) return
    clearInterval(timer)
    state.state = 'done'
    const agent = agentList.find((each) => each.id === id)
    if (agent !== undefined)
      Object.assign(agent, {
        installed: true,
        ready: true,
        version: '2.0.1',
        path: `/home/me/agents/${id}`,
        problems: [],
      })
  }, 400)
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

async function serveFile(path: string, response: ServerResponse) {
  const wanted = extname(path) === '' ? 'index.html' : normalize(path).replace(/^(\.\.[/\\])+/, '')
  try {
    const bytes = await readFile(join(dist, wanted))
    response
      .writeHead(200, {
        'content-type': types[extname(wanted)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      })
      .end(bytes)
  } catch {
    response.writeHead(404).end('not found')
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? {} : JSON.parse(text)
}

async function handle(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://mock')
  if (url.pathname === '/signin') {
    signedIn = true
    response.writeHead(302, { location: '/' }).end()
    return
  }
  if (!url.pathname.startsWith('/api/')) {
    await serveFile(url.pathname, response)
    return
  }
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  try {
    const body = await readBody(request)
    const path = url.pathname.replace('/api/v1/', '')
    const aside = signedIn ? settings.answer(request.method ?? '', path, url.searchParams, body) : undefined
    const result = aside === undefined ? answer(request, response, url, body) : await aside
    if (result !== 'sent') json(...result)
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown
    json(thrown.status, {
      type: 'about:blank',
      title: thrown.code,
      status: thrown.status,
      code: thrown.code,
      detail: thrown.message,
      ...thrown.extra,
    })
  }
}

const server = createServer((request, response) => void handle(request, response))

server.listen(Number(values.port), '127.0.0.1', () => process.stdout.write(`mock on http://127.0.0.1:${values.port}\n`))
