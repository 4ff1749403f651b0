// `maestro serve`: the server in the foreground. Prints where it is and what it can do, then waits for its end.

import type { AgentInfo } from '#src/agents/contract.ts'
import { SignInLink } from '#src/auth/contract.ts'
import { MaestroError } from '#src/core/index.ts'
import { ModelList } from '#src/llm/contract.ts'
import { AgentList } from '../answers.ts'
import { type Api, configInput, createApi, withApi } from '../api.ts'
import { openInBrowser } from '../browser.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import type { Serving } from '../deps.ts'
import { exit } from '../exit-codes.ts'
import { safe } from '../style.ts'
import { keyToSet } from './models.ts'

export interface ServeOptions extends GlobalOptions {
  readonly host?: string
  readonly port?: number
  readonly onDemand?: boolean
  readonly openLink?: boolean
}

/** Agents are asked for their version: long enough for that, short enough to wait for. */
const readinessMs = 4_000

export async function serve(cli: Cli, options: ServeOptions): Promise<number> {
  const { io, about } = cli
  const onDemand = options.onDemand === true
  const config = configInput(cli, options)
  let running: Serving
  try {
    running = await cli.deps.serve(config, { onDemand, ...about })
  } catch (thrown) {
    const { url, pid } = alreadyRunning(thrown)
    if (pid === undefined) throw thrown
    io.out(`Maestro already runs at ${url ?? 'its socket only'} (pid ${pid})\n`)
    if (!onDemand) await offerLink(cli, options)
    return exit.ok
  }
  using _signals = closeOnSignals(cli, running)
  const { dataDir } = await cli.deps.readConfig(config)
  if (onDemand)
    io.out(
      `${new Date(io.now()).toISOString()} Maestro ${about.version} at ${running.url}, started on demand, pid ${process.pid}\n`,
    )
  else await greet(cli, options, running, dataDir)
  await running.done
  if (!onDemand) io.err('Maestro has stopped.\n')
  return exit.ok
}

function alreadyRunning(thrown: unknown): { url: string | undefined; pid: number | undefined } {
  const details = thrown instanceof MaestroError && thrown.code === 'conflict' ? thrown.details : undefined
  const url = details?.['url']
  const pid = details?.['pid']
  return { url: typeof url === 'string' ? url : undefined, pid: typeof pid === 'number' ? pid : undefined }
}

/** Whoever says `npm start` a second time wants to get in. Without a link the address is still good. */
async function offerLink(cli: Cli, options: ServeOptions): Promise<void> {
  try {
    await withApi(
      cli,
      options,
      async (api) => {
        const { url } = await api.call('POST', '/session/links', SignInLink, {})
        cli.io.out(`Sign in with this link, which works once: ${url}\n`)
        const { dataDir } = await cli.deps.readConfig(configInput(cli, options))
        if (options.openLink === true) await openInBrowser(cli.io, dataDir, url)
        return exit.ok
      },
      { ensure: 'must-run' },
    )
  } catch (thrown) {
    cli.io.err(`no sign-in link: ${thrown instanceof Error ? safe(thrown.message) : 'it did not answer'}\n`)
  }
}

async function greet(cli: Cli, options: ServeOptions, running: Serving, dataDir: string): Promise<void> {
  const { io, style, about } = cli
  const row = (name: string, value: string) => io.out(`  ${style.dim(name.padEnd(9))}${value}\n`)
  const link = await running.signInLink()
  io.out(`\n  ${style.bold(`Maestro ${about.version}`)} is running\n\n`)
  row('Address', style.cyan(running.url))
  row('Sign in', `${style.cyan(link)}  ${style.dim('(works once)')}`)
  row('Data', safe(dataDir))
  const opened = options.openLink === true && (await openInBrowser(io, dataDir, link))
  for (const [name, value] of await readiness(cli, dataDir)) row(name, value)
  io.out(
    `\n  ${style.dim(`${opened ? 'The browser is opening. ' : ''}Ctrl-C stops Maestro. Another sign-in link: maestro open`)}\n\n`,
  )
}

/** What can work now and what a key would unlock. Missing rather than late: the server runs either way. */
async function readiness(cli: Cli, dataDir: string): Promise<[string, string][]> {
  const asked = ask(cli, dataDir).catch((): [string, string][] => [])
  // Left to itself, the timer would hold up the end of a server that is stopped soon after.
  const over = new AbortController()
  const late = cli.io.sleep(readinessMs, over.signal).then((): [string, string][] => [])
  return Promise.race([asked, late]).finally(() => over.abort())
}

async function ask(cli: Cli, dataDir: string): Promise<[string, string][]> {
  const { about } = cli
  const client = await cli.deps.ownerClient({ dataDir, version: about.version, ensure: 'must-run' })
  try {
    const api: Api = createApi(client)
    const [agents, models] = await Promise.all([
      api.call('GET', '/agents', AgentList),
      api.call('GET', '/models', ModelList),
    ])
    return [
      ['Agents', agentLine(cli, agents.items)],
      ['Models', modelLine(cli, models)],
    ]
  } finally {
    client.close()
  }
}

function agentLine({ style }: Cli, agents: readonly AgentInfo[]): string {
  const ready = agents.filter((agent) => agent.ready)
  const names = ready.map((agent) => [agent.title, agent.version].filter((part) => part !== null).join(' '))
  const missing = agents.find((agent) => !agent.installed)
  return [
    names.length === 0 ? 'none ready' : `${safe(names.join(', '))} ready`,
    ...(missing === undefined
      ? []
      : [`${safe(missing.title)}: ${style.bold(`maestro agents install ${safe(missing.id)}`)}`]),
  ].join('; ')
}

function modelLine({ style }: Cli, { items, providers }: ModelList): string {
  const withKey = providers.filter(
    (provider) => items.some((model) => model.provider === provider.id) && keyToSet(provider) === null,
  )
  if (withKey.length > 0) return `${withKey.map((provider) => safe(provider.title)).join(', ')} ready`
  const keyName = providers.flatMap((provider) => keyToSet(provider) ?? [])[0] ?? 'OPENROUTER_API_KEY'
  return `a key opens them: ${style.bold(`maestro secrets set ${keyName}`)}, or on the page`
}

/** The first signal closes in order; a second one ends at once. */
function closeOnSignals({ io }: Cli, running: Serving): Disposable {
  let signals = 0
  const stack = new DisposableStack()
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    stack.use(
      io.onSignal(signal, () => {
        signals += 1
        if (signals > 1) io.exit(code)
        else {
          io.err(signal === 'SIGINT' ? '\nStopping; Ctrl-C again to stop at once.\n' : 'Stopping.\n')
          running.close().catch((error: unknown) => {
            io.err(`error: it did not stop in order: ${error instanceof Error ? safe(error.message) : String(error)}\n`)
            io.exit(exit.failed)
          })
        }
      }),
    )
  }
  return stack
}
