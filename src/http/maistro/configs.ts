// Maistro's configurations: workflows under their old name. Also how one is moved and run.

import type { Context } from 'hono'
import { z } from 'zod'
import { listOf, MaestroError, parseOrThrow, Slug } from '#src/core/index.ts'
import { ModelList } from '#src/llm/contract.ts'
import { Run, Workflow } from '#src/workflows/contract.ts'
import { readJsonBody } from '../input.ts'
import type { Env, Route } from '../route.ts'
import { type ProviderOf, toConfig, toWorkflowInput } from './config-shape.ts'
import { type Ask, type MaistroDeps, maistroRoute, placeholder, unlessMissing } from './maistro-route.ts'
import { Config, ConfigId, ConfigInput, Success } from './shapes.ts'

const Params = z.object({ id: ConfigId })

const sample = {
  id: 'config-1700000000000',
  name: 'Morning report',
  path: 'reports',
  prompts: [
    { text: 'Read the news.', mcpServerIds: ['mcp-server-1700000000000'], model: null },
    { text: 'Sum it up.', mcpServerIds: [], model: 'anthropic/claude-3.7-sonnet' },
  ],
  trigger: { enabled: true, configId: 'config-1700000000001', preserveSession: false },
  schedule: { enabled: true, frequency: 'weekly', time: '09:00', days: ['mon', 'fri'], dayOfMonth: '1' },
}

/** Another edit got in between this often at most before the client is told. */
const maxTries = 5

export function configRoutes(deps: MaistroDeps): Route[] {
  return [
    maistroRoute(deps, {
      method: 'get',
      path: '/api/configs',
      id: 'maistro_configs',
      summary: 'List configurations',
      description:
        'Every workflow in Maistro’s words. With `folderPath` only those directly in that folder (`` is the top).',
      query: z.object({ folderPath: z.string().optional() }),
      success: z.array(Config),
      example: { input: { folderPath: 'reports' }, output: [sample] },
      async answer(ask, context) {
        const folder = new URL(context.req.url).searchParams.get('folderPath')?.normalize('NFC') ?? null
        const { items } = await ask('workflow_get_all', {}, listOf(Workflow))
        const configs = items.map(toConfig)
        return folder === null ? configs : configs.filter(({ path }) => path === folder)
      },
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/configs',
      id: 'maistro_config_save',
      summary: 'Save a configuration',
      description:
        'Makes the configuration, or replaces the one of this `id`. Prompts may be texts or objects. What a Maistro client ' +
        'does not know (modes, limits, agents) stays as it is stored.',
      body: { schema: ConfigInput, isRequired: true },
      success: Success.extend({ config: Config }),
      example: { input: sample, output: { success: true, config: sample } },
      answer: async (ask, context) => {
        const config = parseOrThrow(ConfigInput, await readJsonBody(context.env.incoming), 'the configuration')
        return { success: true, config: toConfig(await save(ask, config)) }
      },
    }),
    maistroRoute(deps, {
      method: 'delete',
      path: '/api/configs/{id}',
      id: 'maistro_config_delete',
      summary: 'Delete a configuration',
      description: 'Answers the same when there is none of this id.',
      params: Params,
      success: Success,
      example: { input: { id: sample.id }, output: { success: true } },
      async answer(ask, context) {
        const { data: workflowId } = Slug.safeParse(placeholder(context, 'id'))
        if (workflowId !== undefined) await unlessMissing(() => ask('workflow_delete', { workflowId }, z.unknown()))
        return { success: true }
      },
    }),
    maistroRoute(deps, {
      method: 'put',
      path: '/api/configs/{id}/move',
      id: 'maistro_config_move',
      summary: 'Move a configuration to a folder',
      description: '`folderPath` is the folder, as `a/b`; empty for the top.',
      params: Params,
      body: { schema: z.object({ folderPath: z.string() }), isRequired: true },
      success: Success.extend({ config: Config }),
      example: {
        input: { id: sample.id, folderPath: 'archive' },
        output: { success: true, config: { ...sample, path: 'archive' } },
      },
      async answer(ask, context) {
        const body = await readJsonBody(context.env.incoming)
        const { folderPath } = parseOrThrow(z.object({ folderPath: z.string() }), body, 'the request')
        const moved = await ask('workflow_move', { workflowId: idOf(context), path: folderPath }, Workflow)
        return { success: true, config: toConfig(moved) }
      },
    }),
    maistroRoute(deps, {
      method: 'post',
      path: '/api/run/{id}',
      id: 'maistro_run',
      summary: 'Run a configuration',
      description:
        'Starts a run whether or not anybody watches. Follow it on `/ws/execution/{id}`, or by `runId` on `/ws/execution/{id}?runId=` ' +
        'and the routes of runs.',
      params: Params,
      success: Success.extend({ message: z.string(), runId: z.string() }),
      example: {
        input: { id: sample.id },
        output: { success: true, message: 'Execution started', runId: 'run_7h2k9w1z3c5v7b9n2m4q6s8d0f' },
      },
      async answer(ask, context) {
        const run = await ask('workflow_run', { workflowId: idOf(context), trigger: 'api' }, Run)
        return { success: true, message: 'Execution started', runId: run.id }
      },
    }),
  ]
}

/** @throws `not_found`: Maistro's clients know no malformed ids, only unknown ones */
function idOf(context: Context<Env>): string {
  const typed = placeholder(context, 'id')
  const { data } = Slug.safeParse(typed)
  if (data !== undefined) return data
  throw new MaestroError('not_found', `there is no configuration "${typed.slice(0, 100)}"`)
}

function findWorkflow(ask: Ask, workflowId: string): Promise<Workflow | undefined> {
  return unlessMissing(() => ask('workflow_get', { workflowId }, Workflow))
}

async function save(ask: Ask, config: ConfigInput): Promise<Workflow> {
  const providerOf = await providers(ask, config)
  const { id } = config
  for (let tries = 1; ; tries++) {
    const stored = id === undefined ? undefined : await findWorkflow(ask, id)
    const input = toWorkflowInput(config, stored, providerOf)
    try {
      return stored === undefined
        ? await ask('workflow_create', { ...input, ...(id === undefined ? {} : { id }) }, Workflow)
        : await ask('workflow_update', { ...input, workflowId: stored.id, ifVersion: stored.version }, Workflow)
    } catch (thrown) {
      const isRace = thrown instanceof MaestroError && thrown.code === 'conflict'
      if (!isRace || tries >= maxTries) throw thrown
    }
  }
}

/** Maistro's clients name a model alone. One that OpenRouter has, or nobody in the list, is left to the default. */
async function providers(ask: Ask, { prompts }: ConfigInput): Promise<ProviderOf> {
  const names = prompts.flatMap((prompt) => (typeof prompt === 'string' ? [] : (prompt.model ?? [])))
  if (names.length === 0) return () => null
  const { items } = await ask('models_view', {}, ModelList)
  return (model) => {
    const owners = items.filter(({ id }) => id === model).map(({ provider }) => provider)
    return owners.find((provider) => provider === 'openrouter') ?? owners[0] ?? null
  }
}
