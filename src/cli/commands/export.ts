// `maestro export`: a bundle of workflows, or one prompt as a recipe of Goose.

import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { isNodeError, MaestroError } from '#src/core/index.ts'
import { Bundle } from '#src/workflows/contract.ts'
import { type Api, withApi } from '../api.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { plural } from '../format.ts'
import { findWorkflow } from '../resolve.ts'
import { safe } from '../style.ts'
import { folderOf } from './workflows.ts'

interface ExportOptions extends GlobalOptions {
  readonly folder?: string
  readonly output?: string
  readonly recipe?: boolean
  readonly step?: number
}

const Recipe = z.object({ yaml: z.string(), warnings: z.array(z.string()) })

export function exportTo(cli: Cli, options: ExportOptions, ...typed: string[]): Promise<number> {
  return withApi(cli, options, async (api) => {
    if (options.recipe === true) return recipe(cli, api, options, typed)
    if (options.step !== undefined)
      throw new MaestroError('invalid_input', '--step belongs to --recipe', { hint: 'add --recipe' })
    const query = new URLSearchParams(options.folder === undefined ? {} : { path: folderOf(options.folder) })
    for (const one of typed) query.append('workflowId', (await findWorkflow(api, one)).id)
    const bundle = await api.call('GET', `/export${query.size === 0 ? '' : `?${query.toString()}`}`, Bundle)
    await deliver(cli, options, `${JSON.stringify(bundle, null, 2)}\n`)
    const facts = [plural(bundle.workflows.length, 'workflow'), plural(bundle.mcpServers.length, 'MCP server')]
    if (options.output !== undefined) cli.io.err(`Wrote ${facts.join(' and ')} to ${safe(options.output)}.\n`)
    if (bundle.requiredSecrets.length > 0)
      cli.io.err(`Without secrets; whoever takes it in enters: ${bundle.requiredSecrets.map(safe).join(', ')}\n`)
    return exit.ok
  })
}

async function recipe(cli: Cli, api: Api, options: ExportOptions, typed: readonly string[]): Promise<number> {
  const [one, another] = typed
  if (one === undefined || another !== undefined) {
    throw new MaestroError('invalid_input', `--recipe is of one workflow; ${typed.length} are named`, {
      hint: 'maestro export <workflow> --recipe --step 1',
    })
  }
  const { id } = await findWorkflow(api, one)
  const { yaml, warnings } = await api.call('GET', `/workflows/${id}/recipe?step=${(options.step ?? 1) - 1}`, Recipe)
  await deliver(cli, options, yaml)
  for (const warning of warnings) cli.io.err(`${cli.style.yellow('!')} ${safe(warning)}\n`)
  return exit.ok
}

async function deliver(cli: Cli, { output }: ExportOptions, text: string): Promise<void> {
  if (output === undefined || output === '-') return cli.io.out(text)
  const file = resolve(cli.io.cwd, output)
  try {
    await writeFile(file, text)
  } catch (error) {
    if (!isNodeError(error)) throw error
    throw new MaestroError('invalid_input', `${file} cannot be written: ${error.message}`, { cause: error })
  }
}
