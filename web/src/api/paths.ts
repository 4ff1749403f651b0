// The one place that knows addresses: those of the API, and those of the page's own routes.

const part = encodeURIComponent

/** The name is repeated for each of a list. A text with commas is a list too; one that may hold some comes in an array. */
function query(values: Record<string, string | number | readonly string[] | undefined>): string {
  const pairs = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === ''
      ? []
      : (Array.isArray(value) ? (value as readonly string[]) : String(value).split(',')).map((each) => [key, each]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

export interface RunFilter {
  workflowId?: string | undefined
  /** One status, or several with commas. */
  status?: string | undefined
  /** When it was made, in ms. */
  since?: number | undefined
  until?: number | undefined
}

export interface TaskFilter {
  kind?: 'run' | 'command' | undefined
  /** One status, or several with commas. */
  status?: string | undefined
}

export interface AuditFilter {
  tool?: string | undefined
  actor?: string | undefined
  outcome?: string | undefined
  /** Text in what was touched. */
  subject?: string | undefined
}

export const api = {
  session: '/api/v1/session',
  signOut: '/api/v1/session/signout',
  workflows: '/api/v1/workflows',
  workflow: (id: string) => `/api/v1/workflows/${part(id)}`,
  workflowRuns: (id: string) => `/api/v1/workflows/${part(id)}/runs`,
  workflowDo: (id: string, verb: 'duplicate' | 'move') => `/api/v1/workflows/${part(id)}/${verb}`,
  findWorkflows: (q: string) => `/api/v1/workflows${query({ q: [q] })}`,
  validate: '/api/v1/workflows/validate',
  versions: (id: string) => `/api/v1/workflows/${part(id)}/versions`,
  version: (id: string, version: string) => `/api/v1/workflows/${part(id)}/versions/${part(version)}`,
  restore: (id: string, version: string) => `/api/v1/workflows/${part(id)}/versions/${part(version)}/restore`,
  diff: (id: string, from: string, to: string | undefined) =>
    `/api/v1/workflows/${part(id)}/diff${query({ from, to })}`,
  export: (what: { path?: string | undefined; workflowIds?: readonly string[] | undefined }) =>
    `/api/v1/export${query({ path: what.path === undefined ? undefined : [what.path], workflowId: what.workflowIds })}`,
  recipe: (id: string, step: number) => `/api/v1/workflows/${part(id)}/recipe${query({ step })}`,
  import: '/api/v1/import',
  folders: '/api/v1/folders',
  folder: (path: string) => `/api/v1/folders${query({ path: [path] })}`,
  moveFolder: '/api/v1/folders/move',
  runs: ({ cursor, ...filter }: RunFilter & { cursor?: string | undefined; limit?: number }) =>
    `/api/v1/runs${query({ ...filter, limit: filter.limit ?? 50 })}${cursor === undefined ? '' : `&cursor=${part(cursor)}`}`,
  run: (id: string) => `/api/v1/runs/${part(id)}`,
  modelCalls: (id: string) => `/api/v1/runs/${part(id)}/model-calls`,
  runDo: (id: string, verb: 'cancel' | 'resume' | 'rerun') => `/api/v1/runs/${part(id)}/${verb}`,
  runEvents: (id: string, after: number) => `/api/v1/runs/${part(id)}/events${query({ after })}`,
  tasks: ({ cursor, limit, ...filter }: TaskFilter & { cursor?: string | undefined; limit: number }) =>
    `/api/v1/tasks${query({ ...filter, limit })}${cursor === undefined ? '' : `&cursor=${part(cursor)}`}`,
  task: (id: string) => `/api/v1/tasks/${part(id)}`,
  taskEvents: (id: string, after: number) => `/api/v1/tasks/${part(id)}/events${query({ after })}`,
  taskCancel: (id: string) => `/api/v1/tasks/${part(id)}/cancel`,
  taskCommand: (id: string) => `/api/v1/tasks/${part(id)}/command`,
  taskOutput: (
    id: string,
    slice: { stream: 'stdout' | 'stderr'; offset: number; limit: number; encoding?: 'text' | 'base64' },
  ) => `/api/v1/tasks/${part(id)}/output${query({ ...slice })}`,
  hosts: '/api/v1/hosts',
  tool: (name: string) => `/api/v1/tools/${part(name)}`,
  approvals: (state?: string) => `/api/v1/approvals${query({ state })}`,
  approval: (id: string) => `/api/v1/approvals/${part(id)}`,
  approvalDecision: (id: string) => `/api/v1/approvals/${part(id)}/decision`,
  rules: '/api/v1/rules',
  rule: (id: string) => `/api/v1/rules/${part(id)}`,
  audit: ({ tool, actor, subject, ...rest }: AuditFilter & { limit: number; before?: number | undefined }) =>
    `/api/v1/audit${query({ ...rest, tool: tool && [tool], actor: actor && [actor], subject: subject && [subject] })}`,
  auditVerify: '/api/v1/audit/verify',
  brakes: '/api/v1/brakes',
  stopAll: '/api/v1/brakes/stop-all',
  connect: (profile: string) => `/api/v1/mcp/connect${query({ profile })}`,
  feed: '/api/v1/events',
  agents: '/api/v1/agents',
  agentInstall: (id: string) => `/api/v1/agents/${part(id)}/install`,
  models: '/api/v1/models',
  model: (provider: string, id: string) => `/api/v1/models?provider=${part(provider)}&id=${part(id)}`,
  defaultModel: '/api/v1/models/default',
  fallbackModels: '/api/v1/models/fallbacks',
  providers: '/api/v1/providers',
  provider: (id: string) => `/api/v1/providers/${part(id)}`,
  providerTest: (id: string) => `/api/v1/providers/${part(id)}/test`,
  providerModels: (id: string) => `/api/v1/providers/${part(id)}/models`,
  budget: '/api/v1/budget',
  spend: (days: number) => `/api/v1/spend${query({ days })}`,
  mcpServers: '/api/v1/mcp-servers',
  mcpServer: (id: string) => `/api/v1/mcp-servers/${part(id)}`,
  mcpServerTest: (id: string) => `/api/v1/mcp-servers/${part(id)}/test`,
  mcpServerTry: '/api/v1/mcp-servers/try',
  doctor: '/api/v1/doctor',
  tokens: '/api/v1/tokens',
  token: (id: string) => `/api/v1/tokens/${part(id)}`,
  secrets: '/api/v1/secrets',
  secret: (name: string) => `/api/v1/secrets/${part(name)}`,
}

/** Routes of the page, as TanStack Router names them. */
export const route = {
  score: '/',
  workflows: '/workflows',
  workflow: '/workflows/$id',
  runs: '/runs',
  run: '/runs/$id',
  agents: '/agents',
  tasks: '/tasks',
  task: '/tasks/$id',
  approvals: '/approvals',
  approval: '/approvals/$id',
  audit: '/audit',
  rules: '/rules',
  connect: '/connect',
  mcpServers: '/mcp-servers',
  mcpServer: '/mcp-servers/$id',
  models: '/models',
  settings: '/settings',
} as const

/** The id under which the editor opens a workflow that is not stored yet. */
export const newWorkflow = 'new'

/** The same for an MCP server: no stored one can have this id. */
export const newServer = '+new'
