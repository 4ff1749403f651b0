// The one place that knows addresses: those of the API, and those of the page's own routes.

const part = encodeURIComponent

/** A value with commas is a list: the name is repeated for each. */
function query(values: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === ''
      ? []
      : String(value)
          .split(',')
          .map((each) => [key, each]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

export interface RunFilter {
  workflowId?: string | undefined
  /** One status, or several with commas. */
  status?: string | undefined
}

export const api = {
  session: '/api/v1/session',
  signOut: '/api/v1/session/signout',
  workflows: '/api/v1/workflows',
  workflow: (id: string) => `/api/v1/workflows/${part(id)}`,
  workflowRuns: (id: string) => `/api/v1/workflows/${part(id)}/runs`,
  runs: ({ cursor, ...filter }: RunFilter & { cursor?: string | undefined; limit?: number }) =>
    `/api/v1/runs${query({ ...filter, limit: filter.limit ?? 50 })}${cursor === undefined ? '' : `&cursor=${part(cursor)}`}`,
  run: (id: string) => `/api/v1/runs/${part(id)}`,
  runDo: (id: string, verb: 'cancel' | 'resume' | 'rerun') => `/api/v1/runs/${part(id)}/${verb}`,
  runEvents: (id: string, after: number) => `/api/v1/runs/${part(id)}/events${query({ after })}`,
  feed: '/api/v1/events',
  agents: '/api/v1/agents',
  agentInstall: (id: string) => `/api/v1/agents/${part(id)}/install`,
  models: '/api/v1/models',
  model: (id: string) => `/api/v1/models?id=${part(id)}`,
  defaultModel: '/api/v1/models/default',
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
  settings: '/settings',
} as const

/** The id under which the editor opens a workflow that is not stored yet. */
export const newWorkflow = 'new'
