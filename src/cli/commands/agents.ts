// `maestro agents list | install | doctor`.

import { MaestroError } from '#src/core/index.ts'
import { type AgentInfo, AgentInstall } from '#src/agents/contract.ts'
import { AgentList, Anything } from '../answers.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { table } from '../format.ts'
import { safe } from '../style.ts'

const pollMs = 500

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const items = await getAgents(api)
    if (options.json === true) printJson(cli, items)
    else {
      const rows = items.map((agent) => [
        agent.id,
        agent.title,
        agent.version ?? '',
        { text: state(agent), paint: agent.ready ? cli.style.green : cli.style.yellow },
        advice(agent),
      ])
      cli.io.out(table(cli.style, ['ID', 'AGENT', 'VERSION', 'STATE', 'NEXT'], rows))
    }
    return exit.ok
  })
}

export function doctor(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const items = await getAgents(api)
    if (options.json === true) printJson(cli, items)
    else for (const agent of items) cli.io.out(describe(cli, agent))
    return items.some((agent) => agent.ready) ? exit.ok : exit.failed
  })
}

export function install(cli: Cli, options: GlobalOptions, id = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const path = `/agents/${encodeURIComponent(id)}/install`
    await api.call('POST', path, Anything)
    let shown = 0
    for (;;) {
      const progress = await api.call('GET', path, AgentInstall)
      if (options.json !== true) for (const line of progress.lines.slice(shown)) cli.io.out(`${safe(line)}\n`)
      shown = progress.lines.length
      if (progress.state === 'failed') {
        throw new MaestroError('internal', `${id} could not be installed: ${progress.error ?? 'no reason was given'}`, {
          hint: 'maestro agents doctor says what is there and what is missing',
        })
      }
      if (progress.state !== 'running') break
      await cli.io.sleep(pollMs)
    }
    const agent = (await getAgents(api)).find((candidate) => candidate.id === id)
    if (options.json === true) printJson(cli, agent ?? null)
    else if (agent !== undefined) cli.io.out(describe(cli, agent))
    return agent?.installed === true ? exit.ok : exit.failed
  })
}

async function getAgents(api: Api): Promise<AgentInfo[]> {
  return (await api.call('GET', '/agents', AgentList)).items
}

function state(agent: AgentInfo): string {
  return agent.ready ? 'ready' : agent.installed ? 'not ready' : 'not installed'
}

function advice(agent: AgentInfo): string {
  if (agent.ready) return ''
  return agent.problems[0]?.hint ?? `maestro agents install ${agent.id}`
}

function describe(cli: Cli, agent: AgentInfo): string {
  const { style } = cli
  const head = `${agent.ready ? style.green('✓') : style.yellow('!')} ${style.bold(safe(agent.title))} ${style.dim(safe([agent.version, agent.path].filter((part) => part !== null).join('  ')))}`
  const problems = agent.problems.map(
    ({ message, hint }) => `  ${safe(message)}\n  ${style.cyan('hint:')} ${safe(hint)}\n`,
  )
  const missing =
    problems.length === 0 && !agent.ready ? [`  ${state(agent)}\n  ${style.cyan('hint:')} ${advice(agent)}\n`] : []
  return `${head.trimEnd()}\n${[...problems, ...missing].join('')}`
}
