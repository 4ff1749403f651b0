// Workflows out of this Maestro and into it: bundles, recipes, Maistro's configurations. A dry run tells
// everything that the import would do, and every program that running it would start.

import { type Actor, type Clock, MaestroError } from '#src/core/index.ts'
import type { Bundle, ImportReport, Workflow } from '../contract.ts'
import { assertPath, type Definitions, isWithin } from '../definitions/index.ts'
import type { McpServers, Models } from '../ports.ts'
import type { Brought } from './brought.ts'
import { readContent } from './content.ts'
import { type ImportOptions, type ImportPlan, planImport } from './plan-import.ts'
import { maxWorkflows, readBrought } from './readers.ts'
import { type RecipeExport, toRecipe } from './recipe-export.ts'
import { commandOf, secretsWanted, type ServerEntry } from './server-entry.ts'

export interface TransferDeps {
  readonly definitions: Definitions
  readonly mcpServers: McpServers
  readonly models: Pick<Models, 'defaults' | 'list' | 'add'>
  readonly clock: Clock
}

export interface Transfer {
  /** Everything when nothing is asked for. @throws `not_found`, `limit_exceeded` */
  exportBundle(filter: { workflowIds?: readonly string[]; path?: string }): Promise<Bundle>
  /** @throws `not_found` for a workflow or a prompt that is not there */
  exportRecipe(workflowId: string, step: number): Promise<RecipeExport>
  /** @throws `invalid_input`, `limit_exceeded`, `unsupported`: then nothing was done */
  importContent(content: string, options: ImportOptions & { dryRun: boolean }, by: Actor): Promise<ImportReport>
}

export function createTransfer({ definitions, mcpServers, models, clock }: TransferDeps): Transfer {
  async function pick(ids: readonly string[], path: string | undefined): Promise<Workflow[]> {
    const all = await definitions.list()
    if (ids.length === 0 && path === undefined) return all
    const named = await Promise.all(ids.map((id) => definitions.get(id)))
    const wanted = new Set(named.map((workflow) => workflow.id))
    return all.filter(({ id, path: own = '' }) => wanted.has(id) || (path !== undefined && isWithin(own, path)))
  }

  /** Those of `ids` that are here; a prompt may name one that is gone. */
  async function serversOf(ids: Iterable<string>): Promise<ServerEntry[]> {
    const here = new Set((await mcpServers.list()).map((server) => server.id))
    const known = [...new Set(ids)].filter((id) => here.has(id))
    return known.length === 0 ? [] : [...(await mcpServers.exportServers(known))]
  }

  async function keysOf(providers: ReadonlySet<string>, isNeeded: (keySet: boolean) => boolean): Promise<string[]> {
    const { providers: known } = await models.list()
    return known.flatMap(({ id, keyName, keySet }) =>
      providers.has(id) && keyName !== null && isNeeded(keySet) ? [keyName] : [],
    )
  }

  /** Adds the models of the file that are not listed; a provider that is not here cannot be guessed. */
  async function takeModels(brought: Brought, dryRun: boolean, warnings: string[]): Promise<ImportReport['models']> {
    const { items, providers } = await models.list()
    const report: ImportReport['models'] = []
    for (const { provider, id } of brought.models) {
      const isHere = items.some((item) => item.provider === provider && item.id === id)
      if (!isHere && !providers.some((one) => one.id === provider)) {
        warnings.push(`the model ${id} is of the provider "${provider}", which is not here: add the provider first`)
        continue
      }
      if (!isHere && !dryRun) await models.add(provider, id)
      report.push({ provider, id, action: isHere ? 'same' : 'create' })
    }
    return report
  }

  return {
    async exportBundle({ workflowIds = [], path }) {
      const workflows = await pick(workflowIds, path)
      if (workflows.length > maxWorkflows) {
        throw new MaestroError('limit_exceeded', `${workflows.length} workflows; a bundle holds ${maxWorkflows}`, {
          hint: 'export a folder at a time',
        })
      }
      const defaults = await models.defaults()
      const named = modelsOf(workflows, defaults?.provider ?? null)
      const servers = await serversOf(workflows.flatMap(serverIdsOf))
      const keys = await keysOf(new Set(named.map((model) => model.provider)), () => true)
      return {
        maestroBundle: 1,
        exportedAt: clock.now(),
        workflows: workflows.map(({ version: _version, updatedAt: _updatedAt, ...input }) => input),
        mcpServers: servers.map((server) => ({ ...server })),
        models: named,
        requiredSecrets: [...new Set([...keys, ...servers.flatMap(secretsWanted)])],
      }
    },

    async exportRecipe(workflowId, step) {
      const workflow = await definitions.get(workflowId)
      const prompt = workflow.steps[step]
      if (prompt === undefined) {
        throw new MaestroError('not_found', `workflow "${workflow.id}" has no prompt ${step + 1}`, {
          hint: `it has ${workflow.steps.length}; the first is step 0`,
        })
      }
      return toRecipe(workflow, step, await models.defaults(), await serversOf(prompt.mcpServerIds ?? []))
    },

    async importContent(content, { dryRun, ...options }, by) {
      if (options.path !== undefined && options.path !== '') assertPath(options.path)
      const brought = readBrought(readContent(content), clock.now())
      const plan = async (all: readonly Workflow[], taken: ServersTaken): Promise<ImportPlan> =>
        planImport(brought, all, await hereNow(mcpServers, taken), options)
      // Everything is looked through before anything is written.
      const looked = await mcpServers.importServers(brought.mcpServers, { dryRun: true })
      const { workflows, warnings: told } = await plan(await definitions.list(), looked)
      const warnings = [...told]
      const modelReport = await takeModels(brought, dryRun, warnings)
      const taken = dryRun ? looked : await mcpServers.importServers(brought.mcpServers, { dryRun: false })
      const final = dryRun
        ? { workflows, ids: new Map<string, string>() }
        : await write(await hereNow(mcpServers, taken))
      const providers = new Set(brought.models.map((model) => model.provider))
      const created = new Set(taken.filter(({ action }) => action !== 'same').map(({ sourceId }) => sourceId))
      const wanted = brought.mcpServers.filter((server) => created.has(server.id)).flatMap(secretsWanted)
      return {
        format: brought.format,
        dryRun,
        workflows: final.workflows.map(({ key, action, input }) => ({
          name: input.name,
          id: action === 'skip' ? null : (final.ids.get(key) ?? null),
          action,
          path: input.path ?? '',
          stepCount: input.steps.length,
        })),
        mcpServers: taken.map(({ id, name, action }) => ({ id, name, action })),
        models: modelReport,
        commands: [...new Set(brought.mcpServers.map(commandOf))],
        requiredSecrets: [...new Set([...(await keysOf(providers, (keySet) => !keySet)), ...wanted])],
        warnings,
      }

      /** Planned once more on what is there at that moment: nobody saves in between. */
      async function write(servers: ReadonlyMap<string, string>) {
        let planned: ImportPlan['workflows'] = []
        const ids = await definitions.saveAll((all) => {
          planned = planImport(brought, all, servers, options).workflows
          return planned.filter(({ action }) => action !== 'skip').map(({ key, id, input }) => ({ key, id, input }))
        }, by)
        return { workflows: planned, ids }
      }
    },
  }
}

type ServersTaken = Awaited<ReturnType<McpServers['importServers']>>

/** Every id that a prompt of the file may name, with the id that it has here. */
async function hereNow(mcpServers: McpServers, taken: ServersTaken): Promise<Map<string, string>> {
  const here = (await mcpServers.list()).map(({ id }): [string, string] => [id, id])
  return new Map([...here, ...taken.map(({ sourceId, id }): [string, string] => [sourceId, id])])
}

const serverIdsOf = (workflow: Workflow): string[] => workflow.steps.flatMap((step) => step.mcpServerIds ?? [])

/** Each once. A model whose provider nobody names is of the default provider. */
function modelsOf(workflows: readonly Workflow[], fallback: string | null): { provider: string; id: string }[] {
  const found = new Map<string, { provider: string; id: string }>()
  const add = (provider: string | null | undefined, id: string | null | undefined): void => {
    const known = provider ?? fallback
    if (known !== null && id != null && id !== '') found.set(`${known} ${id}`, { provider: known, id })
  }
  for (const workflow of workflows) {
    add(workflow.provider, workflow.model)
    for (const model of workflow.fallbackModels ?? []) add(model.provider ?? workflow.provider, model.model)
    for (const step of workflow.steps) {
      add(step.provider ?? workflow.provider, step.model)
      for (const model of step.fallbackModels ?? [])
        add(model.provider ?? step.provider ?? workflow.provider, model.model)
    }
  }
  return [...found.values()]
}
