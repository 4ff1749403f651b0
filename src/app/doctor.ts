// The doctor: every thing a run needs, looked at one after the other, each with what to do when it is
// not well. Never throws: what cannot be looked at is a finding too.

import { type AgentList } from '#src/agents/index.ts'
import type { Brakes } from '#src/calls/contract.ts'
import { type AnyTool, type Config, defineTool, listOf, toMaestroError } from '#src/core/index.ts'
import { StoredSecret } from '#src/llm/contract.ts'
import type { Models } from '#src/llm/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Definitions } from '#src/workflows/index.ts'
import { z } from 'zod'
import { type DoctorCheck, DoctorReport } from './contract.ts'
import { isGoosePathUsable, lastOpened } from './maistro-folder.ts'

export interface DoctorDeps {
  readonly config: Config
  readonly store: Store
  readonly agents: AgentList
  readonly models: Models
  readonly definitions: Definitions
  readonly brakes: () => Promise<Brakes>
}

const well = (name: string, detail: string): DoctorCheck => ({ name, ok: true, level: 'ok', detail, hint: null })
const ill = (name: string, level: 'warn' | 'error', detail: string, hint: string): DoctorCheck => ({
  name,
  ok: false,
  level,
  detail,
  hint,
})

async function examine(deps: DoctorDeps): Promise<DoctorCheck[]> {
  const looks: [string, () => Promise<DoctorCheck[]>][] = [
    ['database', () => database(deps)],
    ['data folder', () => space(deps)],
    ['workflows', () => workflows(deps)],
    ['Maistro', () => maistro(deps)],
    ['agents', () => agentChecks(deps)],
    ['model keys', () => keys(deps)],
    ['brakes', () => brakes(deps)],
  ]
  const found = await Promise.all(
    looks.map(([name, look]) =>
      look().catch((thrown: unknown) => {
        const error = toMaestroError(thrown)
        return [ill(name, 'error', error.message, error.hint ?? 'look at the log')]
      }),
    ),
  )
  return found.flat()
}

async function database({ store, config }: DoctorDeps): Promise<DoctorCheck[]> {
  const health = await store.health()
  const what = store.kind === 'pglite' ? 'embedded PostgreSQL' : 'PostgreSQL server of DATABASE_URL'
  if (health.database === 'ok') return [well('database', what)]
  const hint =
    config.databaseUrl === undefined ? 'restart Maestro' : 'start the PostgreSQL server; work goes on by itself'
  return [ill('database', 'error', `${what}: ${health.detail ?? 'does not answer'}`, hint)]
}

async function space({ store }: DoctorDeps): Promise<DoctorCheck[]> {
  const { freeBytes, reserveBytes } = await store.health()
  const free = `${store.dataDir}, ${Math.round(freeBytes / 1e6)} MB free`
  if (freeBytes >= reserveBytes) return [well('data folder', free)]
  return [
    ill(
      'data folder',
      'error',
      `${free}, less than the reserve of ${Math.round(reserveBytes / 1e6)} MB: new runs are refused`,
      'free some space; work goes on by itself',
    ),
  ]
}

async function workflows({ definitions }: DoctorDeps): Promise<DoctorCheck[]> {
  const list = await definitions.list()
  return [well('workflows', `${list.length} in configs.json`)]
}

/** Silent where nothing of Maistro's was. */
async function maistro({ store }: DoctorDeps): Promise<DoctorCheck[]> {
  const opened = await lastOpened(store.dataDir)
  if (opened === undefined) return []
  const { configurations, mcpServers, models, secrets, goosePath, unreadable, backup } = opened
  const when = new Date(opened.openedAt).toISOString().slice(0, 10)
  const found = `${configurations} configurations, ${mcpServers} MCP servers, ${models} models; ${secrets} secrets moved to the encrypted store`
  const folder = `its data folder was opened on ${when}: ${found}. As it was, without secrets: ${backup}`
  const checks = [
    unreadable.length === 0
      ? well('Maistro', folder)
      : ill(
          'Maistro',
          'warn',
          `${folder}. Not copied, since it could not be read: ${unreadable.join(', ')}`,
          'mend it',
        ),
  ]
  if (goosePath !== null && !(await isGoosePathUsable(goosePath))) {
    const detail = `goose-path.txt names ${goosePath.slice(0, 200)}, which is no program here`
    checks.push(ill('Maistro', 'warn', detail, 'remove the file, or run `maestro agents install goose`'))
  }
  return checks
}

async function agentChecks({ agents }: DoctorDeps): Promise<DoctorCheck[]> {
  const list = await agents.listAgents({ fresh: true })
  return list.map((agent) => {
    const name = `agent ${agent.id}`
    if (agent.ready)
      return well(name, [agent.title, agent.version, agent.path].filter((part) => part !== null).join(', '))
    const problem = agent.problems[0]
    const level = agent.installed ? 'error' : 'warn'
    return ill(
      name,
      level,
      problem?.message ?? `${agent.title} is not installed`,
      problem?.hint ?? `maestro agents install ${agent.id}`,
    )
  })
}

async function keys({ models }: DoctorDeps): Promise<DoctorCheck[]> {
  const { providers, provider, defaultModel } = await models.view()
  const set = providers.filter((one) => one.keySet)
  if (set.length === 0) {
    return [
      ill(
        'model keys',
        'warn',
        'no provider has a key: only the rehearsal agent can play',
        'enter one under Models, or: maestro secrets set OPENROUTER_API_KEY',
      ),
    ]
  }
  const used = providers.find((one) => one.id === provider)
  const names = set.map((one) => one.title).join(', ')
  if (used?.keySet === false) {
    return [
      ill(
        'model keys',
        'warn',
        `keys of ${names} are set, but the default model ${defaultModel ?? ''} is of ${used.title}`,
        `enter ${used.keyName ?? 'its key'} under Models, or choose another default model`,
      ),
    ]
  }
  return [well('model keys', `${names}; default model ${defaultModel ?? 'not chosen'}`)]
}

/** Silent while nothing is held back. */
async function brakes(deps: DoctorDeps): Promise<DoctorCheck[]> {
  const { paused, readOnly } = await deps.brakes()
  if (paused) {
    const detail = 'Maestro is paused: queued runs wait, no command starts, agents change nothing'
    return [ill('brakes', 'warn', detail, 'let it go on: maestro unpause')]
  }
  return readOnly ? [well('brakes', 'read-only: agents may look and change nothing')] : []
}

export function systemTools(deps: DoctorDeps, stop: () => void): AnyTool[] {
  return [
    defineTool({
      name: 'doctor',
      title: 'Examine this installation',
      description: 'Looks at the database, disk, agents and keys, and says what to do about what is not well.',
      effect: 'read',
      scope: 'system:read',
      input: z.object({}),
      output: DoctorReport,
      http: { method: 'get', path: '/doctor' },
      subject: () => [],
      run: async () => ({ checks: await examine(deps) }),
    }),
    defineTool({
      name: 'secret_list',
      title: 'List secrets',
      description: 'Names of stored secrets with their last four characters; values never come out.',
      effect: 'read',
      scope: 'secrets:read',
      input: z.object({}),
      output: listOf(StoredSecret),
      http: { method: 'get', path: '/secrets' },
      subject: () => [],
      run: async () => ({ items: await deps.store.secrets.list() }),
    }),
    defineTool({
      name: 'system_stop',
      title: 'Stop this server',
      description: 'Ends the server. Agents at work go on, and are found again at the next start.',
      effect: 'destructive',
      scope: 'system:write',
      input: z.object({}),
      output: z.object({ stopping: z.literal(true) }),
      http: { method: 'post', path: '/system/stop', status: 202 },
      subject: () => ['server'],
      run: async () => {
        // After the answer is on its way.
        setImmediate(stop)
        return { stopping: true as const }
      },
    }),
  ]
}
