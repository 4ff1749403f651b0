// The mock server's half for models, money, MCP servers, tokens and health: made-up data that can be changed, and
// tests that take their time. In memory, like the rest of it.

import { setTimeout as delay } from 'node:timers/promises'
import { McpServerInput, type McpServer, type McpServerTest } from '#src/agents/contract.ts'
import type { DoctorCheck } from '#src/app/contract.ts'
import type { TokenInfo } from '#src/auth/contract.ts'
import type {
  Budget,
  ModelList,
  ModelPrice,
  ModelRef,
  ProviderInfo,
  ProviderTest,
  Spend,
  SpendSum,
} from '#src/llm/contract.ts'

const DAY = 24 * 3_600_000
const HOUR = 3_600_000

type Answer = readonly [status: number, body: unknown]

export interface MockSettings {
  /** Undefined: not one of these routes. */
  answer(method: string, path: string, query: URLSearchParams, body: unknown): Promise<Answer> | undefined
}

const problem = (status: number, code: string, detail: string, extra: object = {}): Answer => [
  status,
  { type: 'about:blank', title: code, status, code, detail, ...extra },
]

export function createMockSettings(now: number, isEmpty: boolean, random: () => number): MockSettings {
  const list = modelList(isEmpty)
  const servers = isEmpty ? [] : mcpServers(now)
  let budget: Budget = { monthlyUsd: isEmpty ? null : 50, perRunUsd: null }
  const days = isEmpty ? [] : spendDays(now, random)
  const tokens: TokenInfo[] = isEmpty ? [] : madeTokens(now)
  let made = 0

  function spend(count: number): Spend {
    const range = Array.from({ length: count }, (_, at) => {
      const date = new Date(now - (count - 1 - at) * DAY).toISOString().slice(0, 10)
      return days.find((day) => day.date === date) ?? { date, ...none }
    })
    const month = new Date(now).toISOString().slice(0, 7)
    const total = sum(range)
    const share = (part: number): SpendSum => ({
      costUsd: total.costUsd * part,
      calls: Math.round(total.calls * part),
      unknownCalls: 0,
      inputTokens: Math.round(total.inputTokens * part),
      outputTokens: Math.round(total.outputTokens * part),
    })
    return {
      today: sum(range.slice(-1)),
      month: sum(days.filter((day) => day.date.startsWith(month))),
      budget,
      days: range,
      models: isEmpty
        ? []
        : [
            { provider: 'openrouter', model: 'anthropic/claude-sonnet-4.5', ...share(0.62) },
            { provider: 'openrouter', model: 'openai/gpt-5-mini', ...share(0.29) },
            { provider: 'lab', model: 'qwen3-coder', ...share(0), calls: 14, unknownCalls: 14 },
          ],
      workflows: isEmpty
        ? []
        : [
            { workflowId: 'nightly-dependency-review', ...share(0.5) },
            { workflowId: 'release-notes', ...share(0.31) },
            { workflowId: null, ...share(0.04) },
          ],
    }
  }

  const found = (id: string | undefined) => servers.find((server) => server.id === id)
  const missing = (id: string | undefined) => problem(404, 'not_found', `there is no MCP server "${id}"`)

  async function route(
    method: string,
    path: string[],
    query: URLSearchParams,
    body: unknown,
  ): Promise<Answer | undefined> {
    const fields = body as Record<string, unknown>
    const [room, id, verb] = path
    switch (`${method} ${room}`) {
      case 'GET models':
        return [200, list]
      case 'PUT models': {
        if (id === 'fallbacks') list.fallbacks = fields['fallbacks'] as ModelRef[]
        else {
          list.defaultModel = String(fields['model'])
          for (const model of list.items) model.isDefault = model.id === fields['model']
        }
        return [200, list]
      }
      case 'POST models':
        list.items.push({
          provider: typeof fields['provider'] === 'string' ? fields['provider'] : 'openrouter',
          id: String(fields['id']),
          isDefault: false,
          price: (fields['price'] ?? null) as ModelPrice | null,
        })
        return [201, list]
      case 'PATCH models':
        for (const model of list.items)
          if (model.id === fields['id']) model.price = fields['price'] as ModelPrice | null
        return [200, list]
      case 'DELETE models':
        list.items = list.items.filter((model) => model.id !== query.get('id'))
        return [200, list]
      case 'GET providers':
        if (verb !== 'models') return [200, { items: list.providers }]
        await delay(300)
        return id === 'lab'
          ? problem(503, 'unavailable', 'http://10.0.0.7:8080/v1 did not answer within 10 s')
          : [200, { items: offers }]
      case 'POST providers': {
        if (verb === 'test') {
          await delay(700)
          const provider = list.providers.find((each) => each.id === id)
          return [200, testOf(provider)]
        }
        const title = String(fields['title'])
        const provider: ProviderInfo = {
          ...plain,
          id: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
          title,
          keyName: fields['needsKey'] === false ? null : 'LAB_API_KEY',
          keySet: typeof fields['apiKey'] === 'string',
          isBuiltIn: false,
          baseUrl: String(fields['baseUrl']),
          baseUrlFrom: 'settings',
        }
        list.providers.push(provider)
        return [201, provider]
      }
      case 'PATCH providers': {
        const provider = list.providers.find((each) => each.id === id)
        if (provider === undefined) return problem(404, 'not_found', `there is no provider "${id}"`)
        const baseUrl = fields['baseUrl'] as string | null
        Object.assign(provider, { baseUrl, baseUrlFrom: baseUrl === null ? 'default' : 'settings' })
        return [200, provider]
      }
      case 'DELETE providers': {
        const provider = list.providers.find((each) => each.id === id)
        if (provider !== undefined && provider.modelCount > 0)
          return problem(409, 'conflict', `${provider.title} still has a model in the list: qwen3-coder`, {
            hint: 'remove it from the list first',
          })
        list.providers = list.providers.filter((each) => each !== provider)
        return [200, provider]
      }
      case 'PUT budget':
        budget = body as Budget
        return [200, budget]
      case 'GET budget':
        return [200, budget]
      case 'GET spend':
        return [200, spend(Number(query.get('days') ?? 30))]
      case 'GET mcp-servers':
        if (id === undefined) return [200, { items: servers }]
        return found(id) === undefined ? missing(id) : [200, found(id)]
      case 'POST mcp-servers': {
        if (id === 'try' || verb === 'test') {
          await delay(1_400)
          const server = verb === 'test' ? found(id) : (body as McpServer)
          return server === undefined ? missing(id) : [200, tryServer(server)]
        }
        const input = McpServerInput.safeParse(body)
        if (!input.success)
          return problem(400, 'invalid_input', 'the MCP server is not valid', {
            issues: input.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
          })
        const server = viewOf(`${slug(input.data.name)}-${++made}`, input.data, undefined)
        servers.push(server)
        return [201, server]
      }
      case 'PUT mcp-servers': {
        const old = found(id)
        if (old === undefined) return missing(id)
        if (fields['ifVersion'] !== undefined && fields['ifVersion'] !== old.version)
          return problem(409, 'conflict', `${old.name} was saved by someone else`, { details: { current: old } })
        const next = viewOf(old.id, McpServerInput.parse(body), old)
        servers[servers.indexOf(old)] = next
        return [200, next]
      }
      case 'DELETE mcp-servers': {
        const old = found(id)
        if (old === undefined) return missing(id)
        servers.splice(servers.indexOf(old), 1)
        return [200, old]
      }
      case 'GET doctor':
        await delay(200)
        return [200, { checks: checks(isEmpty) }]
      case 'GET tokens':
        return [200, { items: tokens }]
      case 'POST tokens': {
        const token: TokenInfo = {
          id: `tok-${++made}`,
          name: String(fields['name']),
          scopes: fields['readOnly'] === true ? ['*:read'] : [],
          createdAt: Date.now(),
          expiresAt: typeof fields['days'] === 'number' ? Date.now() + fields['days'] * DAY : null,
          lastUsedAt: null,
          revokedAt: null,
        }
        tokens.unshift(token)
        return [201, { ...token, token: 'mst_4f8a1c0b9d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c' }]
      }
      case 'DELETE tokens': {
        const token = tokens.find((each) => each.id === id)
        if (token !== undefined) token.revokedAt = Date.now()
        return [200, token]
      }
      case 'GET secrets':
        return [200, { items: isEmpty ? [] : secrets(now) }]
      case 'PUT secrets':
      case 'DELETE secrets': {
        const value = method === 'PUT' ? String(fields['value']) : null
        for (const provider of list.providers) {
          if (provider.keyName !== id) continue
          Object.assign(provider, {
            keySet: value !== null,
            keyHint: value === null || value.length < 12 ? null : value.slice(-4),
            keyFrom: value === null ? null : 'settings',
          })
        }
        return [200, { name: id, isSet: value !== null, hint: null, usedBy: [] }]
      }
      default:
        return undefined
    }
  }

  const rooms = new Set(['models', 'providers', 'budget', 'spend', 'mcp-servers', 'doctor', 'tokens', 'secrets'])
  return {
    answer(method, path, query, body) {
      const parts = path.split('/').map(decodeURIComponent)
      if (!rooms.has(parts[0] ?? '')) return undefined
      return route(method, parts, query, body).then(
        (result) => result ?? problem(404, 'not_found', `no route ${method} ${path}`),
      )
    },
  }
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)

const plain = {
  api: 'openai' as const,
  isBuiltIn: true,
  keySet: false,
  keyHint: null,
  keyFrom: null,
  keyPage: null,
  baseUrl: null,
  baseUrlFrom: 'default' as const,
  modelCount: 0,
}

function modelList(isEmpty: boolean): ModelList {
  const openrouter: ProviderInfo = {
    ...plain,
    id: 'openrouter',
    title: 'OpenRouter',
    api: 'openrouter',
    keyName: 'OPENROUTER_API_KEY',
    keyPage: 'https://openrouter.ai/keys',
    baseUrl: 'https://openrouter.ai/api/v1',
    modelCount: 4,
    ...(isEmpty ? {} : { keySet: true, keyHint: '7f3a', keyFrom: 'settings' as const }),
  }
  const anthropic: ProviderInfo = {
    ...plain,
    id: 'anthropic',
    title: 'Anthropic',
    api: 'anthropic',
    keyName: 'ANTHROPIC_API_KEY',
    keyPage: 'https://console.anthropic.com/settings/keys',
    baseUrl: 'https://api.anthropic.com',
    ...(isEmpty ? {} : { keySet: true, keyHint: '91cd', keyFrom: 'environment' as const }),
  }
  const providers: ProviderInfo[] = [
    openrouter,
    {
      ...plain,
      id: 'openai',
      title: 'OpenAI',
      keyName: 'OPENAI_API_KEY',
      keyPage: 'https://platform.openai.com/api-keys',
      baseUrl: 'https://api.openai.com/v1',
    },
    anthropic,
    {
      ...plain,
      id: 'google',
      title: 'Google Gemini',
      api: 'google',
      keyName: 'GOOGLE_API_KEY',
      keyPage: 'https://aistudio.google.com/apikey',
      baseUrl: 'https://generativelanguage.googleapis.com',
    },
    { ...plain, id: 'ollama', title: 'Ollama', api: 'ollama', keyName: null, baseUrl: 'http://127.0.0.1:11434' },
  ]
  if (!isEmpty)
    providers.push({
      ...plain,
      id: 'lab',
      title: 'Lab gateway',
      keyName: null,
      isBuiltIn: false,
      baseUrl: 'http://10.0.0.7:8080/v1',
      baseUrlFrom: 'settings',
      modelCount: 1,
    })
  const price = (inputUsdPerMillion: number, outputUsdPerMillion: number) => ({
    inputUsdPerMillion,
    outputUsdPerMillion,
  })
  return {
    items: [
      { provider: 'openrouter', id: 'anthropic/claude-sonnet-4.5', isDefault: true, price: null },
      { provider: 'openrouter', id: 'openai/gpt-5-mini', isDefault: false, price: price(0.25, 2) },
      { provider: 'openrouter', id: 'google/gemini-2.5-pro', isDefault: false, price: null },
      { provider: 'openrouter', id: 'qwen/qwen3-coder', isDefault: false, price: null },
      ...(isEmpty ? [] : [{ provider: 'lab', id: 'qwen3-coder', isDefault: false, price: price(0, 0) }]),
    ],
    provider: 'openrouter',
    defaultModel: 'anthropic/claude-sonnet-4.5',
    fallbacks: isEmpty
      ? []
      : [
          { provider: 'openrouter', id: 'openai/gpt-5-mini' },
          { provider: 'openrouter', id: 'google/gemini-2.5-pro' },
        ],
    providers,
  }
}

const offers = [
  'anthropic/claude-opus-4.1',
  'anthropic/claude-haiku-4.5',
  'openai/gpt-5',
  'mistralai/devstral-medium',
  'z-ai/glm-4.6',
].map((id, at) => ({
  id,
  name: (id.split('/')[1] ?? id).replaceAll('-', ' '),
  contextTokens: 128_000 + at * 64_000,
  price: { inputUsdPerMillion: 0.4 * (at + 1), outputUsdPerMillion: 2 * (at + 1) },
}))

function testOf(provider: ProviderInfo | undefined): ProviderTest {
  const url = `${provider?.baseUrl ?? 'https://api.example.com'}/models`
  const failed = { ok: false, durationMs: 212, url, models: [] }
  if (provider?.id === 'lab')
    return {
      ...failed,
      durationMs: 10_004,
      httpStatus: null,
      message: 'Nothing answered within 10 s.',
      hint: 'Is the server started, and does a firewall let it through?',
    }
  if (provider?.keySet !== true && provider?.keyName !== null)
    return {
      ...failed,
      httpStatus: 401,
      message: 'It wants a key: HTTP 401.',
      hint: `Store ${provider?.keyName ?? 'its key'}.`,
    }
  return {
    ok: true,
    durationMs: 388,
    url,
    httpStatus: 200,
    message: 'The key is good; $41.20 of $50 are left.',
    hint: null,
    models: offers.map(({ id }) => id),
  }
}

function mcpServers(now: number): McpServer[] {
  const base = {
    description: '',
    transport: 'stdio' as const,
    command: '',
    args: [],
    url: '',
    defaultEnabled: false,
    required: true,
    startTimeoutSec: 30,
    env: [],
    headers: [],
    version: 'v1',
    updatedAt: now - 3 * DAY,
  }
  const secret = (name: string, hint: string | null, isSet = true) => ({
    name,
    isSecret: true,
    value: null,
    isSet,
    hint,
  })
  return [
    {
      ...base,
      id: 'files',
      name: 'Project files',
      description: 'Reads and writes below the project folder.',
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-filesystem', '/srv/projects/orchestra'],
      defaultEnabled: true,
    },
    {
      ...base,
      id: 'tickets',
      name: 'Tickets',
      transport: 'http',
      url: 'https://tickets.example.com/mcp',
      headers: [secret('Authorization', '1c9e')],
      description: 'Search, read and comment on tickets.',
    },
    {
      ...base,
      id: 'database',
      name: 'Reporting database',
      command: 'uvx',
      args: ['postgres-mcp', '--access-mode', 'restricted', '--name', 'reports of the year'],
      env: [
        secret('DATABASE_URI', '4dff'),
        { name: 'LOG_LEVEL', isSecret: false, value: 'warning', isSet: true, hint: null },
      ],
      required: false,
    },
    {
      ...base,
      id: 'search',
      name: 'Web search',
      command: '/opt/mcp/search',
      args: [],
      env: [secret('SEARCH_API_KEY', null, false)],
    },
  ]
}

function viewOf(id: string, input: McpServerInput, old: McpServer | undefined): McpServer {
  const rows = (kind: 'env' | 'headers') =>
    (input[kind] ?? []).map((row) => {
      const before = old?.[kind].find((each) => each.name === row.name)
      const isSecret = row.isSecret ?? true
      const isSet = row.value != null ? row.value !== '' || !isSecret : before?.isSet === true
      const hint = row.value != null && row.value.length >= 12 ? row.value.slice(-4) : (before?.hint ?? null)
      return {
        name: row.name,
        isSecret,
        value: isSecret ? null : (row.value ?? ''),
        isSet,
        hint: isSecret ? hint : null,
      }
    })
  return {
    id,
    name: input.name,
    description: input.description ?? '',
    transport: input.transport ?? 'stdio',
    command: input.command ?? '',
    args: input.args ?? [],
    url: input.url ?? '',
    defaultEnabled: input.defaultEnabled ?? false,
    required: input.required ?? true,
    startTimeoutSec: input.startTimeoutSec ?? 30,
    env: rows('env'),
    headers: rows('headers'),
    version: `v${Date.now()}`,
    updatedAt: Date.now(),
  }
}

function tryServer(server: { command?: string; transport?: string; url?: string }): McpServerTest {
  const nothing = { durationMs: 61, serverName: null, serverVersion: null, protocolVersion: null, tools: [], tokens: 0 }
  if (server.command === '/opt/mcp/search')
    return {
      ...nothing,
      ok: false,
      error: {
        kind: 'exited',
        message: '/opt/mcp/search ended with code 1 before it answered',
        hint: 'Read what it wrote to stderr: it often wants a variable or a file.',
      },
      stderr:
        'Traceback (most recent call last):\n  File "/opt/mcp/search", line 12, in <module>\n    key = os.environ["SEARCH_API_KEY"]\nKeyError: \'SEARCH_API_KEY\'\n',
    }
  const tools = [
    [
      'read_text_file',
      'Read the complete contents of a file as text. Handles various encodings and says what failed when the file cannot be read.',
      412,
    ],
    ['write_file', 'Create a new file or replace one. Use with care: it overwrites without asking.', 188],
    ['list_directory', 'A listing of all files and folders in a path.', 161],
    ['search_files', 'Search for files below a path that match a pattern, without those excluded.', 274],
  ] as const
  return {
    ok: true,
    durationMs: 812,
    serverName: 'secure-filesystem-server',
    serverVersion: '0.6.3',
    protocolVersion: '2025-11-25',
    tools: tools.map(([name, description, tokens]) => ({ name, description, tokens })),
    tokens: 1_035,
    error: null,
    stderr: 'Secure MCP Filesystem Server running on stdio\n',
  }
}

const none: SpendSum = { costUsd: 0, calls: 0, unknownCalls: 0, inputTokens: 0, outputTokens: 0 }

const sum = (all: readonly SpendSum[]): SpendSum =>
  all.reduce(
    (total, each) => ({
      costUsd: total.costUsd + each.costUsd,
      calls: total.calls + each.calls,
      unknownCalls: total.unknownCalls + each.unknownCalls,
      inputTokens: total.inputTokens + each.inputTokens,
      outputTokens: total.outputTokens + each.outputTokens,
    }),
    none,
  )

function spendDays(now: number, random: () => number): Spend['days'] {
  return Array.from({ length: 90 }, (_, at) => {
    const at0 = now - (89 - at) * DAY
    const isWeekend = [0, 6].includes(new Date(at0).getUTCDay())
    const costUsd = isWeekend && random() < 0.7 ? 0 : 0.2 + random() * 2.6
    const calls = Math.round(costUsd * 22)
    return {
      date: new Date(at0).toISOString().slice(0, 10),
      costUsd,
      calls,
      unknownCalls: random() < 0.06 ? 3 : 0,
      inputTokens: calls * 5_200,
      outputTokens: calls * 640,
    }
  })
}

function madeTokens(now: number): TokenInfo[] {
  const token = { scopes: [], createdAt: now - 40 * DAY, expiresAt: null, lastUsedAt: null, revokedAt: null }
  return [
    { ...token, id: 'tok-a', name: 'nightly build', lastUsedAt: now - 5 * HOUR, expiresAt: now + 50 * DAY },
    { ...token, id: 'tok-b', name: 'wallboard', scopes: ['*:read'], lastUsedAt: now - 60_000 },
    { ...token, id: 'tok-c', name: 'old laptop', revokedAt: now - 9 * DAY },
  ]
}

const secrets = (now: number) => [
  { name: 'OPENROUTER_API_KEY', hint: '7f3a', updatedAt: now - 12 * DAY },
  { name: 'MCP_TICKETS_AUTHORIZATION', hint: '1c9e', updatedAt: now - 3 * DAY },
  { name: 'MCP_DATABASE_DATABASE_URI', hint: '4dff', updatedAt: now - 3 * DAY },
]

function checks(isEmpty: boolean): DoctorCheck[] {
  const well = (name: string, detail: string): DoctorCheck => ({ name, ok: true, level: 'ok', detail, hint: null })
  return [
    well('database', 'embedded PostgreSQL'),
    well('data folder', '/home/me/.local/share/maestro, 81204 MB free'),
    well('workflows', '6 in configs.json'),
    well('agent fake', 'Rehearsal, 0.1.0'),
    {
      name: 'agent goose',
      ok: false,
      level: isEmpty ? 'warn' : 'error',
      detail: isEmpty
        ? 'Goose is not installed'
        : 'Goose 1.0.2 is older than 1.10, the oldest that Maestro can conduct',
      hint: 'maestro agents install goose',
    },
    isEmpty
      ? {
          name: 'model keys',
          ok: false,
          level: 'warn',
          detail: 'no provider has a key: only the rehearsal agent can play',
          hint: 'enter one in Models, or: maestro secrets set OPENROUTER_API_KEY',
        }
      : well('model keys', 'OpenRouter, Anthropic; default model anthropic/claude-sonnet-4.5'),
  ]
}
