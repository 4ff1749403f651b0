// The mock server's half for what agents may do: approvals that run out, rules, an audit log, brakes, and the lines
// for clients. In memory.

import { createHash } from 'node:crypto'
import type { Approval, AuditRow, Brakes, NewRule, Rule, StopAll } from '#src/calls/contract.ts'
import type { Actor } from '#src/core/contract.ts'
import type { ConnectGuide, ConnectSnippet } from '#src/mcp/contract.ts'

type Answer = readonly [status: number, body: unknown]

export interface MockPolicy {
  /** Undefined: not one of these routes. */
  answer(method: string, path: string, query: URLSearchParams, body: unknown): Answer | undefined
}

interface MockPolicyOptions {
  now: number
  isEmpty: boolean
  makeId: (kind: string) => string
  stopAll: () => StopAll['asked']
}

const MINUTE = 60_000
const claude: Actor = { kind: 'client', name: 'claude-code' }
const ci: Actor = { kind: 'token', tokenId: 'tok-a', name: 'nightly build' }
const me: Actor = { kind: 'browser', sessionId: 'mock' }

const problem = (status: number, code: string, detail: string, extra: object = {}): Answer => [
  status,
  { type: 'about:blank', title: code, status, code, detail, ...extra },
]
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

export function createMockPolicy({ now, isEmpty, makeId, stopAll }: MockPolicyOptions): MockPolicy {
  let rules: Rule[] = isEmpty ? [] : madeRules(now, makeId)
  const approvals: Approval[] = isEmpty ? [] : madeApprovals(now, makeId)
  const audit: AuditRow[] = isEmpty ? [] : madeAudit(now, makeId)
  let brakes: Brakes = { paused: false, readOnly: false, since: null, by: null }

  function aged(approval: Approval): Approval {
    const isOver = (approval.state === 'pending' || approval.state === 'approved') && approval.expiresAt <= Date.now()
    return isOver ? { ...approval, state: 'expired' } : approval
  }

  function approvalRoute(method: string, id: string | undefined, query: URLSearchParams, body: unknown): Answer {
    if (id === undefined) {
      const state = query.get('state')
      return [200, { items: approvals.map(aged).filter((each) => state === null || each.state === state) }]
    }
    const at = approvals.findIndex((each) => each.id === id)
    const found = approvals[at]
    if (found === undefined) return problem(404, 'not_found', `there is no approval "${id}"`)
    if (method === 'GET') return [200, aged(found)]
    if (aged(found).state !== 'pending')
      return problem(409, 'conflict', `${id} cannot be decided: it is ${aged(found).state} already`)
    const next: Approval = {
      ...found,
      state: (body as { approve: boolean }).approve ? 'approved' : 'denied',
      decidedAt: Date.now(),
      decidedBy: me,
      decidedVia: 'page',
      expiresAt: Date.now() + 10 * MINUTE,
    }
    approvals[at] = next
    return [200, next]
  }

  function ruleRoute(method: string, id: string | undefined, body: unknown): Answer {
    if (method === 'POST') {
      const rule: Rule = { ...(body as NewRule), id: makeId('rule'), createdAt: Date.now(), createdBy: me }
      rules = [rule, ...rules]
      return [201, rule]
    }
    if (method === 'DELETE') {
      const gone = rules.find((rule) => rule.id === id)
      rules = rules.filter((rule) => rule.id !== id)
      return gone === undefined ? problem(404, 'not_found', `there is no rule "${id}"`) : [200, gone]
    }
    return [200, { items: rules }]
  }

  function auditRoute(method: string, query: URLSearchParams): Answer {
    if (method === 'POST') return [200, { ok: true, rows: audit.length, broken: null, unfinished: [] }]
    const before = Number(query.get('before') ?? Infinity)
    const outcome = query.get('outcome')
    const items = audit.filter(
      (row) =>
        row.seq < before &&
        (query.get('tool') ?? row.tool) === row.tool &&
        (query.get('actor') === null || ('name' in row.actor && row.actor.name === query.get('actor'))) &&
        (query.get('subject') === null || row.subject.some((line) => line.includes(query.get('subject') ?? ''))) &&
        (outcome === null || outcome === (row.phase === 'denied' ? 'denied' : row.outcome)),
    )
    const page = items.slice(0, Number(query.get('limit') ?? 100))
    return [200, { items: page, next: page.length < items.length ? (page.at(-1)?.seq ?? null) : null }]
  }

  return {
    answer(method, path, query, body) {
      const [room, id, verb] = path.split('/').map(decodeURIComponent)
      if (room === 'approvals') return approvalRoute(method, id, query, body)
      if (room === 'rules') return ruleRoute(method, id, body)
      if (room === 'audit') return auditRoute(method, query)
      if (room === 'mcp' && id === 'connect') return [200, guide(query.get('profile') ?? 'default')]
      if (room !== 'brakes') return undefined
      if (id === 'stop-all') {
        brakes = { ...brakes, paused: true, since: Date.now(), by: me }
        return [200, { brakes, asked: stopAll() }]
      }
      if (method === 'PUT') {
        brakes = { ...brakes, ...(body as Partial<Brakes>) }
        const isOn = brakes.paused || brakes.readOnly
        brakes = { ...brakes, since: isOn ? Date.now() : null, by: isOn ? me : null }
      }
      return verb === undefined ? [200, brakes] : undefined
    },
  }
}

function madeRules(now: number, makeId: (kind: string) => string): Rule[] {
  const made = { createdAt: now - 3 * 24 * 60 * MINUTE, createdBy: me }
  return [
    {
      ...made,
      id: makeId('rule'),
      effect: 'ask',
      tool: 'maestro_exec',
      command: 'git push *',
      note: 'Somebody looks first.',
    },
    { ...made, id: makeId('rule'), effect: 'ask', client: 'claude-*', tool: 'maestro_write', path: '/srv/**' },
    { ...made, id: makeId('rule'), effect: 'deny', path: '/home/me/.ssh/**', note: 'Keys are nobody’s business.' },
    {
      ...made,
      id: makeId('rule'),
      effect: 'allow',
      client: 'nightly build',
      tool: 'workflow_run',
      createdBy: { kind: 'owner', via: 'socket' },
    },
  ]
}

function madeApprovals(now: number, makeId: (kind: string) => string): Approval[] {
  const make = (tool: string, title: string, input: object, more: Partial<Approval>): Approval => ({
    id: makeId('approval'),
    state: 'pending',
    actor: claude,
    tool,
    title,
    subject: ['host:local'],
    input: JSON.stringify(input),
    isInputCut: false,
    inputSha256: sha(JSON.stringify(input)),
    reason: 'rule rule_x asks for an approval',
    createdAt: now - 2 * MINUTE,
    expiresAt: now + 8 * MINUTE,
    decidedAt: null,
    decidedBy: null,
    decidedVia: null,
    ...more,
  })
  const push = 'git push --force-with-lease origin release/2.4'
  const edit = {
    host: 'local',
    path: '/srv/app/config/limits.yaml',
    edits: [{ old: 'max_upload_mb: 20\nretries: 3', new: 'max_upload_mb: 200\nretries: 3\nretry_delay_s: 5' }],
  }
  const decided = {
    decidedAt: now - 40 * MINUTE,
    decidedBy: me,
    decidedVia: 'page' as const,
    createdAt: now - 42 * MINUTE,
  }
  return [
    make(
      'maestro_exec',
      'Run a command',
      { host: 'local', command: push, cwd: '/srv/app', timeout_s: 60 },
      {
        subject: ['host:local', `command:local:${push}`],
        reason: 'rule rule_7m2 asks for an approval (Somebody looks first.)',
      },
    ),
    make('maestro_edit', 'Change a file', edit, {
      subject: ['host:local', `path:local:${edit.path}`],
      createdAt: now - MINUTE,
      expiresAt: now + 9 * MINUTE,
      reason: 'rule rule_k41 asks for an approval',
    }),
    make(
      'maestro_script',
      'Run a script',
      { interpreter: 'bash', script: 'set -e\nsystemctl restart render\nsleep 2\nsystemctl is-active render\n' },
      {
        actor: ci,
        createdAt: now - 30_000,
        expiresAt: now + 45_000,
        reason: 'no rule allows this command on local without a question',
      },
    ),
    make(
      'maestro_exec',
      'Run a command',
      { host: 'local', command: 'git push origin main' },
      { ...decided, state: 'used' },
    ),
    make(
      'maestro_write',
      'Write a file',
      { path: '/srv/app/.env', content: 'TOKEN=[masked]' },
      { ...decided, state: 'denied', decidedVia: 'cli' },
    ),
    make(
      'maestro_exec',
      'Run a command',
      { host: 'local', command: 'docker system prune -af' },
      { createdAt: now - 90 * MINUTE, expiresAt: now - 80 * MINUTE },
    ),
  ]
}

function madeAudit(now: number, makeId: (kind: string) => string): AuditRow[] {
  const calls: readonly (readonly [Actor, string, string[], 'succeeded' | 'failed' | 'denied' | 'asked'])[] = [
    [claude, 'maestro_exec', ['host:local', 'command:local:npm test -- --reporter=spec src/checkout'], 'failed'],
    [claude, 'maestro_edit', ['host:local', 'path:local:/srv/app/src/checkout/basket.ts'], 'succeeded'],
    [claude, 'maestro_exec', ['host:local', 'command:local:git push --force-with-lease origin release/2.4'], 'asked'],
    [ci, 'maestro_exec', ['host:local', 'command:local:df -h / /srv'], 'succeeded'],
    [claude, 'maestro_read', ['host:local', 'path:local:/home/me/.ssh/id_ed25519'], 'denied'],
    [me, 'workflow_run', ['workflow:release-notes'], 'succeeded'],
    [claude, 'maestro_write', ['host:local', 'path:local:/srv/app/notes/2026-01.md'], 'succeeded'],
    [{ kind: 'owner', via: 'socket' }, 'token_create', ['token:nightly build'], 'succeeded'],
  ]
  const rows: AuditRow[] = []
  let at = now - 40 * 60 * MINUTE
  for (let turn = 0; turn < 80; turn++) {
    const [actor, tool, subject, end] = calls[(turn * 5) % calls.length] ?? [me, 'workflow_run', [], 'succeeded']
    at += (3 + (turn % 7)) * 4 * MINUTE
    const entry = {
      at: Math.min(at, now - MINUTE),
      callId: makeId('call'),
      traceId: makeId('trace'),
      actor,
      tool,
      subject,
      inputSha256: sha(`${turn}`),
      decision: end === 'denied' ? ('deny' as const) : end === 'asked' ? ('ask' as const) : ('allow' as const),
      reason:
        end === 'denied'
          ? 'rule rule_b7 forbids it (Keys are nobody’s business.)'
          : end === 'asked'
            ? 'rule rule_7m2 asks for an approval'
            : "an MCP client on the owner's socket",
      outcome: null,
      errorCode: null,
      durationMs: null,
    }
    const add = (row: Omit<AuditRow, 'seq' | 'hash'>) =>
      rows.unshift({ ...row, seq: rows.length + 1, hash: sha(`row ${rows.length}`) })
    if (end === 'denied' || end === 'asked') {
      add({ ...entry, phase: 'denied', errorCode: end === 'denied' ? 'forbidden' : 'approval_required' })
      continue
    }
    add({ ...entry, phase: 'intent' })
    add({ ...entry, phase: 'outcome', outcome: end, durationMs: 12 + ((turn * 37) % 900), errorCode: null })
  }
  return rows
}

function guide(profile: string): ConnectGuide {
  const args = ['mcp', ...(profile === 'default' ? [] : ['--profile', profile])]
  const url = `http://127.0.0.1:4010/mcp${profile === 'default' ? '' : `?profile=${profile}`}`
  const stdio = { command: 'maestro', args }
  const json = (entry: object) => JSON.stringify({ mcpServers: { maestro: entry } }, null, 2)
  const remote = { url, headers: { Authorization: 'Bearer <token>' } }
  const make = (
    client: string,
    title: string,
    transport: 'stdio' | 'http',
    text: string,
    path?: string,
  ): ConnectSnippet => ({
    client,
    title,
    transport,
    how: path === undefined ? 'command' : 'file',
    text,
    ...(path === undefined ? {} : { path }),
  })
  const line = `maestro ${args.join(' ')}`
  return {
    stdio,
    http: { url, needsToken: true },
    snippets: [
      make('claude-code', 'Claude Code', 'stdio', `claude mcp add maestro -- ${line}`),
      make(
        'claude-desktop',
        'Claude Desktop',
        'stdio',
        json(stdio),
        '~/Library/Application Support/Claude/claude_desktop_config.json',
      ),
      make('codex', 'Codex', 'stdio', `codex mcp add maestro -- ${line}`),
      make('gemini', 'Gemini CLI', 'stdio', `gemini mcp add maestro ${line}`),
      make('goose', 'Goose', 'stdio', `goose session --with-extension "${line}"`),
      make('cursor', 'Cursor', 'stdio', json(stdio), '~/.cursor/mcp.json'),
      make('vscode', 'VS Code', 'stdio', JSON.stringify({ servers: { maestro: stdio } }, null, 2), '.vscode/mcp.json'),
      make('inspector', 'MCP Inspector', 'stdio', `npx @modelcontextprotocol/inspector ${line}`),
      make(
        'claude-code',
        'Claude Code',
        'http',
        `claude mcp add --transport http maestro ${url} --header "Authorization: Bearer <token>"`,
      ),
      make('cursor', 'Cursor', 'http', json(remote), '~/.cursor/mcp.json'),
      make('mcp-remote', 'mcp-remote', 'http', `npx mcp-remote ${url} --header "Authorization: Bearer <token>"`),
    ],
  }
}
