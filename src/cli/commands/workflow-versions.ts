// `maestro workflows versions | diff | restore | validate`.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { listOf, MaestroError } from '#src/core/index.ts'
import { Remark, Workflow, WorkflowDiff, WorkflowVersion } from '#src/workflows/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { moment, table } from '../format.ts'
import { renderDiff, renderRemarks } from '../render-diff.ts'
import { findWorkflow } from '../resolve.ts'
import { clip } from '../style.ts'
import type { FileFormat } from '../workflow-file.ts'
import { readWorkflow } from './workflow-edit.ts'

const VersionList = listOf(WorkflowVersion)
const Remarks = z.object({ remarks: z.array(Remark) })

export function versions(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const { items } = await api.call('GET', `/workflows/${id}/versions`, VersionList)
    if (options.json === true) printJson(cli, items)
    else {
      const rows = items.map((one) => [
        one.version,
        moment(one.savedAt),
        savedBy(one),
        clip(one.summary, 60),
        one.isCurrent ? { text: 'current', paint: cli.style.green } : '',
      ])
      cli.io.out(table(cli.style, ['VERSION', 'SAVED', 'BY', 'WHAT CHANGED', ''], rows))
    }
    return exit.ok
  })
}

function savedBy({ savedBy: actor }: WorkflowVersion): string {
  switch (actor?.kind) {
    case undefined:
      return 'a hand edit'
    case 'owner':
      return 'the owner'
    case 'browser':
      return 'the page'
    case 'token':
      return clip(actor.name, 30)
    case 'client':
      return clip(actor.name, 30)
    case 'run':
      return 'a run'
    case 'system':
      return 'Maestro'
  }
}

export function diff(cli: Cli, options: GlobalOptions, typed = '', from?: string, to?: string): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const begin = from ?? (await api.call('GET', `/workflows/${id}/versions`, VersionList)).items[1]?.version
    if (begin === undefined) {
      cli.io.err('there is only one version: nothing to compare\n')
      return exit.nothing
    }
    const query = new URLSearchParams({ from: begin, ...(to === undefined ? {} : { to }) })
    const found = await api.call('GET', `/workflows/${id}/diff?${query.toString()}`, WorkflowDiff)
    if (options.json === true) printJson(cli, found)
    else if (found.changes.length === 0) cli.io.err('no difference\n')
    else cli.io.out(renderDiff(cli.style, found))
    return exit.ok
  })
}

export function restore(cli: Cli, options: GlobalOptions, typed = '', version = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const path = `/workflows/${id}/versions/${encodeURIComponent(version)}/restore`
    const restored = await api.call('POST', path, Workflow, {})
    if (options.json === true) printJson(cli, restored)
    else cli.io.out(`"${clip(restored.name, 100)}" is as it was; this is version ${restored.version}.\n`)
    return exit.ok
  })
}

export function validate(cli: Cli, options: GlobalOptions & { format?: FileFormat }, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const isFile = typed === '-' || existsSync(resolve(cli.io.cwd, typed))
    let body: object
    if (isFile) body = { definition: (await readWorkflow(cli, options, typed)).definition }
    else {
      const { id } = await findWorkflow(api, typed).catch((thrown: unknown) => {
        if (!(thrown instanceof MaestroError) || thrown.code !== 'not_found') throw thrown
        throw new MaestroError(
          'not_found',
          `"${typed}" is neither a file nor a workflow`,
          thrown.hint === undefined ? {} : { hint: thrown.hint },
        )
      })
      const {
        id: _id,
        version: _version,
        updatedAt: _at,
        ...definition
      } = await api.call('GET', `/workflows/${id}`, Workflow)
      body = { workflowId: id, definition }
    }
    const { remarks } = await api.call('POST', '/workflows/validate', Remarks, body)
    if (options.json === true) printJson(cli, remarks)
    else
      cli.io.out(
        remarks.length === 0 ? `${cli.style.green('✓')} nothing to remark\n` : renderRemarks(cli.style, remarks),
      )
    return remarks.some(({ level }) => level === 'error') ? exit.failed : exit.ok
  })
}
