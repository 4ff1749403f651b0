// The mock server's half for tasks: made-up commands with output in colours, one that still prints, one that has
// printed 64 MB, and the runs it is given. New ones can be started and stopped. In memory.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '#src/core/contract.ts'
import type { CommandRecord, HostInfo, OutputSlice } from '#src/fleet/contract.ts'
import type { Task, TaskEvent, TaskEventBody } from '#src/tasks/contract.ts'
import type { Run } from '#src/workflows/contract.ts'

type Answer = readonly [status: number, body: unknown] | 'sent'

interface Command {
  task: Task
  record: CommandRecord
  out: Buffer
  err: Buffer
  events: TaskEvent[]
  watchers: Set<(event: TaskEvent) => void>
}

export interface MockTasks {
  answer(request: IncomingMessage, response: ServerResponse, url: URL, body: unknown): Answer | undefined
  stopAll(): number
}

interface MockTasksOptions {
  now: number
  isEmpty: boolean
  makeId: (kind: string) => string
  runs: () => readonly Run[]
  tell: (ids: string[]) => void
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const agent: Actor = { kind: 'client', name: 'claude-code' }
const me: Actor = { kind: 'browser', sessionId: 'mock' }
const nightly: Actor = { kind: 'token', tokenId: 'tok-a', name: 'nightly build' }

const host: HostInfo = {
  name: 'local',
  description: null,
  tags: [],
  os: 'Linux 6.8, x64',
  shell: 'bash',
  is_local: true,
  status: 'connected',
  rtt_ms: 0,
  last_error: null,
  checked_at: null,
  default_cwd: '/home/me',
  roots: { read: null, write: null },
}

const problem = (status: number, code: string, detail: string): Answer => [
  status,
  { type: 'about:blank', title: code, status, code, detail },
]

export function createMockTasks({ now, isEmpty, makeId, runs, tell }: MockTasksOptions): MockTasks {
  const commands: Command[] = []

  function add(title: string, more: { at?: number; by?: Actor; cwd?: string; limit?: number | null; tool?: string }) {
    const at = more.at ?? Date.now()
    const id = makeId('command')
    const command: Command = {
      task: {
        id,
        kind: 'command',
        title: title.split('\n')[0]?.slice(0, 200) ?? '',
        status: 'running',
        rootId: id,
        parentId: null,
        startedBy: more.by ?? agent,
        place: 'node:mock',
        subject: 'host:local',
        executed: 'maybe',
        createdAt: at,
        startedAt: at + 4,
        endedAt: null,
        stopRequestedAt: null,
        waitingFor: null,
        error: null,
        usage: null,
        lastSeq: 0,
      },
      record: {
        task_id: id,
        tool: more.tool ?? 'maestro_exec',
        host: 'local',
        command: title,
        interpreter: more.tool === 'maestro_script' ? 'python3' : null,
        cwd: more.cwd ?? '/srv/app',
        timeout_s: more.limit === undefined ? 300 : more.limit,
        exit_code: null,
        signal: null,
        bytes: { stdout: 0, stderr: 0 },
        kept_bytes: { stdout: 0, stderr: 0 },
      },
      out: Buffer.alloc(0),
      err: Buffer.alloc(0),
      events: [],
      watchers: new Set(),
    }
    commands.unshift(command)
    append(command, { type: 'task.started', place: 'node:mock', fence: 1 })
    return command
  }

  function append(command: Command, body: TaskEventBody) {
    const event: TaskEvent = { seq: command.events.length + 1, at: Date.now(), taskId: command.task.id, body }
    command.events.push(event)
    command.task.lastSeq = event.seq
    for (const watcher of command.watchers) watcher(event)
  }

  function print(command: Command, stream: 'out' | 'err', text: string | Buffer) {
    command[stream] = Buffer.concat([command[stream], Buffer.from(text)])
    const size = { stdout: command.out.length, stderr: command.err.length }
    Object.assign(command.record, { bytes: size, kept_bytes: { ...size } })
    append(command, { type: 'output.grown', out: size.stdout, err: size.stderr })
  }

  function end(command: Command, status: Task['status'], exit: number | null, error: Task['error'], afterMs?: number) {
    const { task, record } = command
    record.exit_code = exit
    record.signal = status === 'cancelled' ? 'SIGTERM' : status === 'timed_out' ? 'SIGKILL' : null
    const endedAt = afterMs === undefined ? Date.now() : (task.startedAt ?? 0) + afterMs
    Object.assign(task, { status, endedAt, executed: 'yes', error })
    append(command, { type: 'task.ended', status, executed: 'yes', error })
    tell([task.id])
  }

  if (!isEmpty) dressUp()

  function dressUp() {
    const old = add('df -h / /srv', { at: now - 26 * 60 * MINUTE, by: nightly })
    print(old, 'out', 'Filesystem      Size  Used Avail Use% Mounted on\n/dev/nvme0n1p2  468G  201G  244G  46% /\n')
    end(old, 'succeeded', 0, null, 41)

    const big = add('journalctl --no-pager -o short-iso --since yesterday', { at: now - 180 * MINUTE, by: nightly })
    print(big, 'out', bigLog())
    end(big, 'succeeded', 0, null, 61_000)

    const slow = add('python3 tools/reindex.py --all', { at: now - 95 * MINUTE, limit: 60 })
    print(slow, 'out', 'reindexing 4,211 documents\n')
    end(
      slow,
      'timed_out',
      null,
      {
        code: 'timed_out',
        kind: 'time_limit',
        message: 'It ran longer than its limit of 1 min, and was killed.',
        hint: 'Give it more time with `timeout_s`, or run it in parts.',
      },
      60_200,
    )

    const cut = add('rsync -a /srv/media/ /mnt/backup/media/', { at: now - 50 * MINUTE, by: me, limit: null })
    print(cut, 'out', 'sending incremental file list\n')
    end(
      cut,
      'interrupted',
      null,
      {
        code: 'unavailable',
        kind: 'lost',
        message: 'The machine restarted while it ran; whether it came to its end is not known.',
        hint: 'Look at what it left behind before you run it again.',
      },
      222_000,
    )

    const script = add('import pathlib\n\nfor path in sorted(pathlib.Path(".").rglob("*.toml")):\n    print(path)\n', {
      at: now - 31 * MINUTE,
      tool: 'maestro_script',
    })
    print(script, 'out', 'pyproject.toml\ntools/ruff.toml\n')
    end(script, 'succeeded', 0, null, 96)

    const failing = add('npm test -- --reporter=spec src/checkout', { at: now - 14 * MINUTE })
    print(failing, 'out', testOutput)
    print(
      failing,
      'err',
      '\u001b[31mAssertionError\u001b[39m: expected 2 items, got 3\n    at checkout.test.ts:41:12\n',
    )
    end(
      failing,
      'failed',
      1,
      { code: 'internal', kind: 'exit', message: 'It ended with exit code 1.', hint: 'Read what it printed, below.' },
      8_410,
    )

    const live = add('cargo build --release --locked', { at: now - 40 * SECOND, cwd: '/srv/render' })
    live.task.startedAt = now - 40 * SECOND
    let crate = 0
    const timer = setInterval(() => {
      if (live.task.endedAt !== null) return clearInterval(timer)
      const name = crates[crate % crates.length] ?? ''
      crate++
      print(live, 'err', `\u001b[1;32m   Compiling\u001b[0m ${name} v${1 + (crate % 4)}.${crate % 13}.${crate % 7}\n`)
      return undefined
    }, 400)
    timer.unref()
  }

  function start(input: Record<string, unknown>): Command {
    const text = String(input['command'])
    const command = add(text, {
      by: me,
      cwd: typeof input['cwd'] === 'string' ? input['cwd'] : '/home/me',
      ...(typeof input['timeout_s'] === 'number' ? { limit: input['timeout_s'] } : {}),
    })
    tell([command.task.id])
    let count = 0
    const timer = setInterval(() => {
      if (command.task.endedAt !== null) return clearInterval(timer)
      count++
      print(command, 'out', `line ${count} of \u001b[36m${text.slice(0, 60)}\u001b[0m\n`)
      if (count < 12) return undefined
      clearInterval(timer)
      end(command, 'succeeded', 0, null)
      return undefined
    }, 120)
    return command
  }

  function cancel(command: Command): Answer {
    if (command.task.endedAt === null && command.task.stopRequestedAt === null) {
      command.task.stopRequestedAt = Date.now()
      append(command, { type: 'task.stop_requested', reason: 'stopped by a person' })
      setTimeout(() => end(command, 'cancelled', null, null), 1_500)
    }
    return [200, command.task]
  }

  const ofRun = (run: Run): Task => ({
    id: run.id,
    kind: 'run',
    title: run.workflowName,
    status: run.status,
    rootId: run.id,
    parentId: null,
    startedBy: run.trigger === 'cli' ? { kind: 'owner', via: 'socket' } : me,
    place: null,
    subject: `workflow:${run.workflowId}`,
    executed: 'yes',
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    stopRequestedAt: run.stopRequestedAt,
    waitingFor: run.waitingFor,
    error: run.error,
    usage: run.usage,
    lastSeq: run.lastSeq,
  })

  function list(query: URLSearchParams): Answer {
    const status = query.getAll('status')
    const from = Number(query.get('cursor') ?? 0)
    const limit = Number(query.get('limit') ?? 50)
    const all = [...commands.map((each) => each.task), ...runs().map(ofRun)]
      .filter(
        (task) =>
          (query.get('kind') ?? task.kind) === task.kind && (status.length === 0 || status.includes(task.status)),
      )
      .sort((a, b) => b.createdAt - a.createdAt)
    return [
      200,
      { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null },
    ]
  }

  function slice(command: Command, query: URLSearchParams): Answer {
    const stream = query.get('stream') === 'stderr' ? 'stderr' : 'stdout'
    const bytes = stream === 'stderr' ? command.err : command.out
    const offset = Math.min(Number(query.get('offset') ?? 0), bytes.length)
    const next = Math.min(bytes.length, offset + Number(query.get('limit') ?? 65_536))
    const encoding = query.get('encoding') === 'base64' ? 'base64' : 'text'
    const result: OutputSlice = {
      task_id: command.task.id,
      stream,
      offset,
      next_offset: next,
      total_bytes: bytes.length,
      encoding,
      text: bytes.toString(encoding === 'base64' ? 'base64' : 'utf8', offset, next),
      eof: command.task.endedAt !== null && next === bytes.length,
    }
    return [200, result]
  }

  function follow(command: Command, after: number, response: ServerResponse): Answer {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const send = (event: TaskEvent) => {
      response.write(`id: ${event.seq}\nevent: task\ndata: ${JSON.stringify(event)}\n\n`)
      if (event.body.type === 'task.ended') response.end('event: end\ndata: {}\n\n')
    }
    for (const event of command.events.slice(after)) send(event)
    if (command.task.endedAt !== null) return 'sent'
    command.watchers.add(send)
    response.on('close', () => command.watchers.delete(send))
    return 'sent'
  }

  return {
    answer(request, response, url, body) {
      const [room, id, verb] = url.pathname.replace('/api/v1/', '').split('/').map(decodeURIComponent)
      if (room === 'hosts') return [200, { items: [host] }]
      if (room === 'tools') {
        if (id === 'maestro_exec')
          return [200, { status: 'running', task_id: start(body as Record<string, unknown>).task.id }]
        return problem(404, 'not_found', `there is no tool "${id}"`)
      }
      if (room !== 'tasks') return undefined
      if (id === undefined) return list(url.searchParams)
      const command = commands.find((each) => each.task.id === id)
      if (command === undefined) {
        const run = runs().find((each) => each.id === id)
        return run === undefined || verb !== undefined
          ? problem(404, 'not_found', `there is no task "${id}"`)
          : [200, ofRun(run)]
      }
      switch (verb) {
        case undefined:
          return [200, command.task]
        case 'command':
          return [200, command.record]
        case 'output':
          return slice(command, url.searchParams)
        case 'cancel':
          return cancel(command)
        case 'events':
          return follow(
            command,
            Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0),
            response,
          )
        default:
          return problem(404, 'not_found', `no route ${url.pathname}`)
      }
    },
    stopAll() {
      const open = commands.filter((command) => command.task.endedAt === null)
      for (const command of open) cancel(command)
      return open.length
    },
  }
}

const crates = ['libc', 'serde', 'memchr', 'regex-automata', 'tokio', 'wgpu-core', 'naga', 'image', 'rayon', 'render']

const testOutput = [
  '\u001b[1mcheckout\u001b[22m',
  ...Array.from(
    { length: 46 },
    (_, at) =>
      `  \u001b[32m✔\u001b[39m keeps the basket of a guest, case ${at + 1} \u001b[90m(${(at * 7) % 23} ms)\u001b[39m`,
  ),
  '  \u001b[31m✖ merges two baskets\u001b[39m \u001b[90m(12 ms)\u001b[39m',
  '  \u001b[33m!\u001b[39m 2 warnings: a price without currency is taken as EUR, which is what the shop of the example sells in, so that nothing is lost when a basket is read again',
  '',
  '\u001b[7m FAIL \u001b[27m src/checkout/checkout.test.ts',
  '\u001b[41m ERROR \u001b[49m 1 of 47 failed\u001b]0;a title that is not shown\u0007',
  '',
].join('\n')

/** 64 MB, the most that is kept of one stream. */
function bigLog(): Buffer {
  const hour = Array.from({ length: 4_000 }, (_, at) => {
    const time = new Date(Date.UTC(2026, 0, 5, 0, 0, at)).toISOString().slice(0, 19)
    return `${time} studio kernel[${1_000 + (at % 700)}]: entry ${at} of a long day, nothing to see here\n`
  }).join('')
  const times = Math.floor((64 * 1024 * 1024) / hour.length)
  return Buffer.concat([Buffer.from(hour.repeat(times)), Buffer.from('-- the last line --\n')])
}
