// Builds every room from the configuration, fills the ports, and closes it all in reverse order.
// The only place that knows everyone.

import { join } from 'node:path'
import {
  agentsMigrations,
  agentTools,
  createAgentList,
  createAgentTurns,
  createInstalls,
  createMcp,
  installAgent,
  mcpTools,
  standardAgents,
} from '#src/agents/index.ts'
import { authMigrations, authTools, createAuth } from '#src/auth/index.ts'
import {
  type Calls,
  callsMigrations,
  callsTools,
  createApprovals,
  createAudit,
  createCalls,
  createControl,
  createElicitedApprovals,
  createPolicy,
} from '#src/calls/index.ts'
import type { MaestroError } from '#src/core/index.ts'
import {
  type AnyTool,
  type Config,
  createLog,
  createRedactor,
  defaultDataDir,
  joinSecrets,
  type Log,
  randomIds,
  systemClock,
} from '#src/core/index.ts'
import { createLocalDriver, renewLease } from '#src/fleet/index.ts'
import { createHttp, type HttpRoom } from '#src/http/index.ts'
import { connectTools, createMcpRoom, loadConformanceFixtures, type McpRoom } from '#src/mcp/index.ts'
import { createGateway, createModels, createOutgoing, llmMigrations, llmTools } from '#src/llm/index.ts'
import { openStore, readTextIfExists, type Store, syncFolder, writeFileAtomic } from '#src/store/index.ts'
import { createTasks, tasksMigrations, type TasksRoom, taskTools } from '#src/tasks/index.ts'
import {
  createDefinitions,
  createEngine,
  createHistory,
  createRuns,
  createRunsRepo,
  createTransfer,
  createVersions,
  createVersionsRepo,
  type Definitions,
  type Runs,
  workflowOf,
  type StepModels,
  workflowsMigrations,
  workflowTools,
} from '#src/workflows/index.ts'
import { readNodeId, unwritable } from './data-folder.ts'
import { systemTools } from './doctor.ts'
import { createFleet } from './create-fleet.ts'
import { eventSource } from './event-source.ts'
import { playSampleOnce } from './first-start.ts'
import { sweepLeftovers } from './janitor.ts'
import { openMaistroFolder } from './maistro-folder.ts'
import { createMcpBundles } from './mcp-bundles.ts'
import { mcpTasks } from './mcp-ports.ts'

export interface AppOptions {
  /** The clone or package folder: where the built page is. */
  readonly root: string
  readonly version: string
  /** What agents may inherit (PATH, proxies, language) is taken from here, by an allow-list. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logTo: 'stdout' | 'stderr'
  /** Called when someone asks the server to end. */
  readonly onStop: () => void
  /** Called when nothing can be recorded any more: must end the process at once. */
  readonly onBroken?: (error: MaestroError) => void
}

export interface App extends AsyncDisposable {
  /** Everything that can be called, on whatever surface. */
  readonly tools: readonly AnyTool[]
  readonly http: HttpRoom
  readonly mcp: McpRoom
  /** Names of tools that change nothing. */
  readonly readTools: readonly string[]
  readonly tasks: TasksRoom
  readonly store: Store
  readonly runs: Runs
  readonly definitions: Definitions
  readonly log: Log
  /** Binds the port. */
  listen(): Promise<{ url: string }>
  signInLink(): Promise<string>
  /** Takes up work. Until then everything is answered, nothing is started. */
  start(): Promise<void>
  /** No run in work, none due: an owner started on demand may leave. */
  isIdle(): boolean
}

export async function createApp(config: Config, options: AppOptions): Promise<App> {
  await using open = new AsyncDisposableStack()
  const clock = systemClock
  const ids = randomIds
  const { dataDir } = config
  const configuredKeys = Object.values(config.providers).flatMap((provider) => provider.apiKey ?? [])

  // The redactor is there before the store that knows most secrets, so that nothing is logged without it.
  let secretValues: () => readonly string[] = () => configuredKeys
  const redactor = createRedactor(() => secretValues())
  const log = createLog({ level: config.logLevel, redact: redactor, destination: options.logTo })

  const store = open.use(
    await openStore({
      dataDir,
      databaseUrl: config.databaseUrl,
      secretKey: config.secretKey,
      diskReserveMb: config.diskReserveMb,
      migrations: [
        tasksMigrations,
        authMigrations,
        callsMigrations,
        llmMigrations,
        agentsMigrations,
        workflowsMigrations,
      ],
      log,
      clock,
      onBroken(cause) {
        const error = unwritable(dataDir, cause)
        log.error({ error }, 'nothing can be recorded any more: this process ends')
        options.onBroken?.(error)
      },
    }),
  )
  secretValues = joinSecrets(configuredKeys, () => store.secrets.values())

  const nodeId = await readNodeId(store)
  const runsDir = join(dataDir, 'spool')
  const rootsDir = join(dataDir, 'roots')
  // With one node, agents outlive it until their own limits; among several, they end with its lease.
  const leaseFile = store.kind === 'postgres' ? join(dataDir, 'node-lease') : undefined
  const driver = createLocalDriver({ runsDir, nodeId, log, clock, ...(leaseFile === undefined ? {} : { leaseFile }) })

  const control = createControl({ store, clock, ids, log })
  open.use(await control.listen())
  const audit = createAudit(store)
  const approvals = createApprovals({ store, clock, ids, onChanged: () => control.tell('approvals') })

  const tasks = createTasks({
    store,
    clock,
    ids,
    log,
    nodeId,
    nodeName: config.nodeName,
    leaseMs: config.leaseMs,
    maxRunning: config.maxConcurrentRuns,
    isPaused: () => control.isPaused(),
    ...(leaseFile === undefined ? {} : { onLeaseRenewed: (deadline: number) => renewLease(leaseFile, deadline) }),
  })
  open.defer(() => tasks[Symbol.asyncDispose]())
  // What waited while everything was paused begins at once, on every node.
  open.use(control.watch((part) => part === 'brakes' && void tasks.pump()))

  const files = { writeFileAtomic, readTextIfExists, syncFolder }
  // While a folder of Maistro is opened, its copy is there already.
  let isCopied = false
  const models = createModels({
    dataDir,
    config: config.providers,
    secrets: store.secrets,
    clock,
    files,
    isCopied: () => isCopied,
  })
  const versionsRepo = createVersionsRepo(store, nodeId)
  const history = createHistory({ store, repo: versionsRepo, clock, ids })
  const definitions = createDefinitions({ dataDir, clock, ids, files, log, history })
  const outgoing = open.use(createOutgoing(options.env))
  const gateway = open.use(
    createGateway({
      dataDir,
      nodeId,
      store,
      models,
      outgoing,
      workflowOf: async (runId) => workflowOf((await tasks.find(runId))?.subject ?? null),
      clock,
      ids,
      log,
    }),
  )

  const env = { ...options.env, GOOSE_BIN: config.gooseBin }
  const nodePath = process.execPath
  const standard = standardAgents({
    env,
    dataDir,
    nodePath,
    skipBackoff: options.env['MAESTRO_GOOSE_SKIP_BACKOFF'] === '1',
  })
  const agents = createAgentList({ adapters: standard.adapters, exec: (command) => driver.exec(command), clock })
  const installs = open.use(
    createInstalls(async (agentId, onProgress, signal) => {
      await installAgent(agentId, { dataDir, env: options.env, nodePath, onProgress, signal })
      await agents.listAgents({ fresh: true })
    }),
  )
  const mcp = createMcp({
    dataDir,
    secrets: store.secrets,
    clock,
    isCopied: () => isCopied,
    env: options.env,
    secretValues: () => secretValues(),
  })
  const turns = createAgentTurns({
    tasks,
    driver,
    store,
    adapters: standard.adapters,
    binaries: standard.binaries,
    grants: gateway,
    mcpServers: (ids) => mcp.servers.launches(ids),
    checkServers: (servers, signal) => mcp.preflight(servers, signal),
    secretValues: () => secretValues(),
    rootsDir,
    clock,
    log,
  })

  const repo = createRunsRepo(store)
  const mcpServers = createMcpBundles(mcp.servers)
  const stepModels: StepModels = {
    defaults: () => models.defaults(),
    fallbacks: async () => (await models.view()).fallbacks.map(({ provider, id }) => ({ provider, model: id })),
    list: () => models.view(),
    add: (provider, id) => models.addModel(provider, id),
  }
  const runs = createRuns({ store, tasks, repo, turns, models: stepModels })
  tasks.handle('run', createEngine({ store, tasks, repo, turns, models: stepModels, definitions, clock, log }))

  const auth = createAuth({ store, clock, ids })
  const fleet = createFleet({
    config,
    env: options.env,
    driver,
    runsDir,
    tasks,
    scopesOf: (tokenId) => auth.scopesOf(tokenId),
    redactor,
    secretValues: () => secretValues(),
    cancel: async (ctx, taskId) => void (await calls.call(ctx, 'task_cancel', { taskId })),
    clock,
    log,
  })
  const { hosts, taskView, commands, outputs } = fleet
  tasks.handle('command', commands.adopt)
  let url = ''
  const signInUrl = (code: string) => `${url}/signin?code=${code}`
  const fixtures = config.conformance === '1' ? await loadConformanceFixtures() : undefined
  const tools = [
    ...workflowTools({
      definitions,
      versions: createVersions({ definitions, repo: versionsRepo }),
      transfer: createTransfer({ definitions, mcpServers, models: stepModels, clock }),
      runs,
      agents: { list: () => agents.listAgents() },
      mcpServers,
      models: stepModels,
    }),
    ...taskTools(tasks, taskView),
    ...fleet.tools,
    ...agentTools(agents, installs),
    ...mcpTools(mcp),
    ...llmTools({ models, store, outgoing, clock }),
    ...authTools(auth, signInUrl),
    ...callsTools({ control, approvals, audit, tasks, scopesOf: (id) => auth.scopesOf(id) }),
    ...connectTools(() => ({
      command: join(options.root, 'bin', 'maestro'),
      args: config.dataDir === defaultDataDir(options.env) ? ['mcp'] : ['mcp', '--data-dir', dataDir],
      url: config.publicUrl ?? url,
      needsToken: config.auth !== 'off',
    })),
    ...systemTools({ config, store, agents, models, definitions, brakes: () => control.brakes() }, options.onStop),
    ...(fixtures?.tools ?? []),
  ]
  const policy = createPolicy({ scopesOf: (tokenId) => auth.scopesOf(tokenId), control })
  const calls: Calls = createCalls({
    store,
    policy,
    approvals,
    clock,
    log,
    tools,
    ids,
    redact: (text) => redactor.text(text),
    approvalPage: (id) => `${url}/approvals/${id}`,
  })

  await openMaistroFolder({
    dataDir,
    nowMs: clock.now(),
    log,
    onCopied: () => (isCopied = true),
    move: [() => models.view(), () => mcp.servers.list()],
  })
  isCopied = false

  const mcpFace = createMcpRoom({
    tools,
    version: options.version,
    log,
    call: (ctx, name, input) => calls.call(ctx, name, input),
    tasks: mcpTasks({ tasks, view: taskView, commands, calls }),
    approvals: createElicitedApprovals({ store, approvals, audit, clock, ids }),
    hostNames: () => hosts.list().map(({ name }) => name),
    stateKey: store.secrets.derive('mcp state'),
    ...(fixtures === undefined ? {} : { additions: fixtures.additions }),
    ids,
  })

  const http = createHttp({
    tools,
    mcp: mcpFace,
    calls,
    auth,
    config: {
      host: config.host,
      port: config.port,
      authMode: config.auth,
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    },
    streams: eventSource(tasks, taskView),
    policyChanges: (onChanged) => control.watch(onChanged),
    staticDir: join(options.root, 'dist', 'web'),
    version: options.version,
    about: { nodeName: config.nodeName, dataDir },
    log,
    health: async () => {
      const health = await store.health()
      const checks = [
        { name: 'database', ok: health.database === 'ok' },
        { name: 'disk', ok: health.freeBytes >= health.reserveBytes },
      ]
      return { ready: checks.every((check) => check.ok), checks }
    },
    ids,
  })
  open.defer(() => http.close())
  // First: its streams would keep connections open.
  open.defer(() => mcpFace.close())
  const ending = new AbortController()
  open.defer(() => ending.abort())
  const closing = open.move()

  return {
    tools,
    http,
    mcp: mcpFace,
    readTools: tools.filter((tool) => tool.effect === 'read').map((tool) => tool.name),
    tasks,
    store,
    runs,
    definitions,
    log,
    async listen() {
      // First of all: agents that outlived the server are calling.
      await gateway.listen()
      const bound = await http.listen()
      url = bound.url
      return { url }
    },
    signInLink: async () => signInUrl((await auth.createSignInCode()).code),
    async start() {
      await sweepLeftovers({ tasks, driver, runsDir, rootsDir, log })
      await mcp.sweepLeftovers()
      await tasks.start()
      void outputs.keepSwept(ending.signal)
      await playSampleOnce(store, definitions, runs, log)
    },
    isIdle: () => tasks.runningCount() === 0,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}
