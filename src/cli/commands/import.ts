// `maestro import`: looks first, shows what would happen and which programs would run, asks, then does it.

import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { McpServer } from '#src/agents/contract.ts'
import { listOf, MaestroError } from '#src/core/index.ts'
import { ImportReport } from '#src/workflows/contract.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { plural } from '../format.ts'
import { type FolderReport, importFolder } from '../import-folder.ts'
import { readMaistroData, type MaistroData } from '../maistro-data.ts'
import { askLine } from '../read-input.ts'
import { clip, safe } from '../style.ts'
import { readInput } from './workflow-edit.ts'
import { folderOf, placeOf } from './workflows.ts'

interface ImportOptions extends GlobalOptions {
  readonly folder?: string
  readonly onConflict: 'copy' | 'replace' | 'skip'
  readonly dryRun?: boolean
  readonly yes?: boolean
}

interface Source {
  readonly content: string | undefined
  readonly data: MaistroData | undefined
}

export async function importFrom(cli: Cli, options: ImportOptions, typed = ''): Promise<number> {
  const source = await readSource(cli, typed)
  return withApi(cli, options, async (api) => {
    const plan = await importAll(api, options, source, true)
    if (options.dryRun === true) {
      if (options.json === true) printJson(cli, plan)
      else cli.io.out(renderReport(cli, plan))
      return exit.ok
    }
    if (options.yes !== true) await askFirst(cli, plan)
    const done = await importAll(api, options, source, false)
    if (options.json === true) printJson(cli, done)
    else cli.io.out(renderReport(cli, done))
    for (const hint of await hintsFor(api, done)) cli.io.err(`${cli.style.cyan('hint:')} ${safe(hint)}\n`)
    return exit.ok
  })
}

/** One command for each value that somebody has to enter: an MCP server keeps those of its own rows. */
async function hintsFor(api: Api, done: FolderReport): Promise<string[]> {
  if (done.requiredSecrets.length === 0) return []
  const taken = new Set(done.mcpServers.map(({ id }) => id))
  const { items } = taken.size === 0 ? { items: [] } : await api.call('GET', '/mcp-servers', listOf(McpServer))
  const wanted = (rows: McpServer['env']) =>
    rows.filter((row) => row.isSecret && !row.isSet && done.requiredSecrets.includes(row.name)).map(({ name }) => name)
  const ofServers = items
    .filter(({ id }) => taken.has(id))
    .flatMap(({ id, env, headers }) => [
      ...wanted(env).map((name) => ({ name, hint: `maestro mcp-servers edit ${id} --env ${name}` })),
      ...wanted(headers).map((name) => ({ name, hint: `maestro mcp-servers edit ${id} --header ${name}` })),
    ])
  const others = done.requiredSecrets.filter((name) => !ofServers.some((one) => one.name === name))
  return [...others.map((name) => `maestro secrets set ${name}`), ...ofServers.map(({ hint }) => hint)]
}

async function readSource(cli: Cli, typed: string): Promise<Source> {
  const path = resolve(cli.io.cwd, typed)
  const isFolder = typed !== '-' && ((await stat(path).catch(() => undefined))?.isDirectory() ?? false)
  if (!isFolder) return { content: (await readInput(cli, typed)).text, data: undefined }
  const data = await readMaistroData(path)
  return { content: data.configs, data }
}

async function importAll(
  api: Api,
  options: ImportOptions,
  { content, data }: Source,
  dryRun: boolean,
): Promise<FolderReport> {
  // MCP servers and models first, so that workflows find what they name.
  const folder = data === undefined ? undefined : await importFolder(api, data, options.onConflict, dryRun)
  const none: ImportReport = {
    format: 'maistro',
    dryRun,
    workflows: [],
    mcpServers: [],
    models: [],
    commands: [],
    requiredSecrets: [],
    warnings: [],
  }
  const report =
    content === undefined
      ? none
      : await api.call('POST', '/import', ImportReport, {
          content,
          onConflict: options.onConflict,
          dryRun,
          ...(options.folder === undefined ? {} : { path: folderOf(options.folder) }),
        })
  if (folder === undefined) return { ...report, keyStored: false }
  return {
    ...report,
    keyStored: folder.keyStored,
    mcpServers: [
      ...folder.mcpServers,
      ...report.mcpServers.filter(({ id }) => !folder.mcpServers.some((one) => one.id === id)),
    ],
    models: [
      ...folder.models,
      ...report.models.filter(
        (model) => !folder.models.some((one) => one.provider === model.provider && one.id === model.id),
      ),
    ],
    commands: [...new Set([...folder.commands, ...report.commands])],
    warnings: [...folder.warnings, ...report.warnings],
  }
}

/** @throws `invalid_input` where nobody can be asked; `cancelled` when they say no */
async function askFirst(cli: Cli, plan: FolderReport): Promise<void> {
  cli.io.err(renderReport(cli, plan))
  if (cli.io.stdin.isTTY !== true) {
    throw new MaestroError('invalid_input', 'nothing was taken in: nobody can be asked here', {
      hint: 'look at what it would start, then say --yes',
    })
  }
  const answer = await askLine(cli.io, 'Take it in? (yes/no) ')
  if (!/^y(es)?$/i.test(answer)) throw new MaestroError('cancelled', 'nothing was taken in')
}

function renderReport({ style }: Cli, report: FolderReport): string {
  const will = report.dryRun
  const workflows = report.workflows.map(({ name, action, path, stepCount, id }) => {
    const verb = { create: 'new', replace: 'replaces', copy: 'copy of', skip: 'skipped' }[action]
    // There already, or not possible: then a warning says why.
    if (action === 'skip') return `  ${verb.padEnd(9)}${clip(name, 60)}\n`
    const facts = `${placeOf(path)}, ${plural(stepCount, 'prompt')}`
    return `  ${verb.padEnd(9)}${clip(name, 60)}  ${style.dim(`${facts}${id === null ? '' : ` · ${id}`}`)}\n`
  })
  const servers = report.mcpServers.map(({ name, id, action }) => {
    const verb = { create: 'new', same: 'as it is', copy: 'copy of' }[action]
    return `  ${verb.padEnd(9)}${clip(name, 60)}  ${style.dim(safe(id))}\n`
  })
  const models = report.models
    .filter(({ action }) => action === 'create')
    .map(({ id, provider }) => `  new      ${safe(id)}  ${style.dim(safe(provider))}\n`)
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `${style.bold(title)}\n${lines.join('')}`
  return [
    section('Workflows', workflows),
    section('MCP servers', servers),
    section('Models', models),
    section(
      'Programs and addresses that these use',
      report.commands.map((command) => `  ${clip(command, 400)}\n`),
    ),
    section(
      'Secrets to enter',
      report.requiredSecrets.map((name) => `  ${safe(name)}\n`),
    ),
    report.keyStored ? `The key of OpenRouter ${will ? 'goes' : 'went'} into the encrypted store.\n` : '',
    section(
      'Not as it was',
      report.warnings.map((warning) => `  ${style.yellow('!')} ${safe(warning)}\n`),
    ),
    workflows.length + servers.length + models.length === 0 ? 'There is nothing to take in.\n' : '',
  ].join('')
}
