// `maestro workflows list | show | duplicate | move | delete`.

import { Workflow } from '#src/workflows/contract.ts'
import { WorkflowList } from '../answers.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, paintStatus, statusWord, table } from '../format.ts'
import { findWorkflow } from '../resolve.ts'
import { clip, safe } from '../style.ts'
import { formatWorkflow } from '../workflow-file.ts'

interface ListOptions extends GlobalOptions {
  readonly folder?: string
  readonly tag?: string
  readonly search?: string
}

export function list(cli: Cli, options: ListOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { folder, tag, search } = options
    const query = new URLSearchParams({
      ...(folder === undefined ? {} : { path: folderOf(folder) }),
      ...(tag === undefined ? {} : { tag }),
      ...(search === undefined ? {} : { q: search }),
    })
    const { items } = await api.call('GET', `/workflows${query.size === 0 ? '' : `?${query.toString()}`}`, WorkflowList)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0)
      cli.io.err(
        query.size === 0
          ? 'no workflows yet: maestro workflows create, or on the page (maestro open)\n'
          : 'no workflow fits\n',
      )
    else {
      const rows = items.map(({ id, name, path, stepCount, agents, lastRuns: [last] }) => [
        id,
        clip(name, 50),
        clip(path, 30),
        String(stepCount),
        agents.join(', '),
        last === undefined
          ? { text: 'never', paint: cli.style.dim }
          : {
              text: `${statusWord(last.status)} ${ago(last.createdAt, cli.io.now())}`,
              paint: (text: string) => paintStatus(cli.style, last.status, text),
            },
      ])
      cli.io.out(table(cli.style, ['ID', 'NAME', 'FOLDER', 'PROMPTS', 'AGENTS', 'LAST RUN'], rows))
    }
    return exit.ok
  })
}

/** As people say the top, and as the API does. */
export function folderOf(typed: string): string {
  return typed.replace(/^\/+|\/+$/g, '')
}

export function show(cli: Cli, options: GlobalOptions & { at?: string }, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const version = options.at === undefined ? '' : `/versions/${encodeURIComponent(options.at)}`
    const workflow = await api.call('GET', `/workflows/${id}${version}`, Workflow)
    if (options.json === true) printJson(cli, workflow)
    else cli.io.out(`# ${workflow.id}, version ${workflow.version}\n${safe(formatWorkflow(workflow))}`)
    return exit.ok
  })
}

export function duplicate(
  cli: Cli,
  options: GlobalOptions & { name?: string; folder?: string },
  typed = '',
): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const { name, folder } = options
    const copy = await api.call('POST', `/workflows/${id}/duplicate`, Workflow, {
      ...(name === undefined ? {} : { name }),
      ...(folder === undefined ? {} : { path: folderOf(folder) }),
    })
    if (options.json === true) printJson(cli, copy)
    else cli.io.out(`Made ${copy.id}, "${clip(copy.name, 100)}".\n`)
    return exit.ok
  })
}

export function move(cli: Cli, options: GlobalOptions, typed = '', folder = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const moved = await api.call('POST', `/workflows/${id}/move`, Workflow, { path: folderOf(folder) })
    if (options.json === true) printJson(cli, moved)
    else cli.io.out(`"${clip(moved.name, 100)}" is in ${placeOf(moved.path)}.\n`)
    return exit.ok
  })
}

export function placeOf(path: string | undefined): string {
  return path === undefined || path === '' ? 'the top folder' : clip(path, 200)
}

export function remove(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const deleted = await api.call('DELETE', `/workflows/${id}`, Workflow)
    if (options.json === true) printJson(cli, deleted)
    else {
      cli.io.out(`Deleted "${clip(deleted.name, 100)}" (${deleted.id}).\n`)
      cli.io.err('Its runs stay in the history; its prompts are in prompts/.trash of the data folder.\n')
    }
    return exit.ok
  })
}
