// `maestro models list | add | remove | default | fallbacks | price`.

import { MaestroError } from '#src/core/index.ts'
import { ModelList, type ModelPrice, type ModelRef, type ProviderInfo } from '#src/llm/contract.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { price as priceText, table } from '../format.ts'
import { nearest } from '../resolve.ts'
import { safe } from '../style.ts'

interface ModelOptions extends GlobalOptions {
  readonly provider?: string
}

interface PriceOptions extends ModelOptions {
  readonly input?: number
  readonly output?: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  readonly none?: boolean
}

export function models(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const list = await api.call('GET', '/models', ModelList)
    if (options.json === true) printJson(cli, list)
    else if (list.items.length === 0) cli.io.err('no models in the list: maestro models add <model>\n')
    else printModels(cli, list)
    return exit.ok
  })
}

function printModels(cli: Cli, list: ModelList): void {
  const lacking = new Map(list.providers.map((provider) => [provider.id, keyToSet(provider)]))
  const rows = list.items.map((model) => {
    const keyName = lacking.get(model.provider) ?? null
    const rank = list.fallbacks.findIndex(({ provider, id }) => provider === model.provider && id === model.id)
    return [
      model.id,
      model.provider,
      keyName === null
        ? { text: 'ready', paint: cli.style.green }
        : { text: `needs ${keyName}`, paint: cli.style.yellow },
      model.price === null ? '' : priceText(model.price),
      model.isDefault ? 'default' : rank === -1 ? '' : `fallback ${rank + 1}`,
    ]
  })
  cli.io.out(table(cli.style, ['MODEL', 'PROVIDER', 'STATE', 'PRICE', ''], rows))
  const names = [...new Set(list.items.flatMap((model) => lacking.get(model.provider) ?? []))]
  for (const name of names) cli.io.err(`${cli.style.cyan('hint:')} maestro secrets set ${name}\n`)
}

/** The secret that a provider waits for; null when it needs none or has it. */
export function keyToSet(provider: ProviderInfo): string | null {
  return provider.keySet ? null : provider.keyName
}

export function add(cli: Cli, options: PriceOptions, id = ''): Promise<number> {
  return change(cli, options, `Added ${safe(id)}.`, (api) => {
    const price = priceOf(options)
    return api.call('POST', '/models', ModelList, {
      provider: options.provider,
      id,
      ...(price === undefined ? {} : { price }),
    })
  })
}

export function remove(cli: Cli, options: ModelOptions, typed = ''): Promise<number> {
  return change(cli, options, `Removed ${safe(typed)}.`, async (api) => {
    const { provider, id } = findModel(await api.call('GET', '/models', ModelList), typed, options.provider)
    const query = new URLSearchParams({ provider, id })
    return api.call('DELETE', `/models?${query.toString()}`, ModelList)
  })
}

export function setDefault(cli: Cli, options: ModelOptions, typed = ''): Promise<number> {
  return change(cli, options, `${safe(typed)} is the default model.`, async (api) => {
    const { provider, id } = findModel(await api.call('GET', '/models', ModelList), typed, options.provider)
    return api.call('PUT', '/models/default', ModelList, { provider, model: id })
  })
}

export function fallbacks(cli: Cli, options: GlobalOptions & { clear?: boolean }, ...typed: string[]): Promise<number> {
  return withApi(cli, options, async (api) => {
    if (typed.length > 0 && options.clear === true) {
      throw new MaestroError('invalid_input', 'models and --clear exclude each other', {
        hint: 'what is named takes the place of the whole list, so --clear is not needed',
      })
    }
    let list = await api.call('GET', '/models', ModelList)
    if (typed.length > 0 || options.clear === true) {
      const wanted = typed.map((one) => findModel(list, one, undefined))
      list = await api.call('PUT', '/models/fallbacks', ModelList, { fallbacks: wanted })
    }
    if (options.json === true) printJson(cli, list.fallbacks)
    else if (list.fallbacks.length === 0) cli.io.err('no fallbacks: a prompt whose model fails, fails\n')
    else {
      const rows = list.fallbacks.map(({ provider, id }, index) => [String(index + 1), id, provider])
      cli.io.out(table(cli.style, ['', 'MODEL', 'PROVIDER'], rows))
    }
    return exit.ok
  })
}

export function price(cli: Cli, options: PriceOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    let list = await api.call('GET', '/models', ModelList)
    const ref = findModel(list, typed, options.provider)
    const wanted = options.none === true ? null : priceOf(options)
    if (wanted !== undefined) list = await api.call('PATCH', '/models', ModelList, { ...ref, price: wanted })
    const stored = list.items.find(({ provider, id }) => provider === ref.provider && id === ref.id)?.price ?? null
    if (options.json === true) printJson(cli, stored)
    else
      cli.io.out(
        stored === null ? 'no price: what the provider says counts\n' : `${priceText(stored)}, for a million tokens\n`,
      )
    return exit.ok
  })
}

async function change(
  cli: Cli,
  options: GlobalOptions,
  done: string,
  work: (api: Api) => Promise<ModelList>,
): Promise<number> {
  return withApi(cli, options, async (api) => {
    const list = await work(api)
    if (options.json === true) printJson(cli, list)
    else cli.io.out(`${done}\n`)
    return exit.ok
  })
}

/** Undefined when none was named. @throws `invalid_input` when the pair that every price has is not whole */
function priceOf({ input, output, cacheRead, cacheWrite }: PriceOptions): ModelPrice | undefined {
  if ([input, output, cacheRead, cacheWrite].every((one) => one === undefined)) return undefined
  if (input === undefined || output === undefined) {
    throw new MaestroError('invalid_input', 'a price has two halves: --input and --output', {
      hint: 'US dollars for a million tokens, as in --input 0.5 --output 1.5',
    })
  }
  return {
    inputUsdPerMillion: input,
    outputUsdPerMillion: output,
    ...(cacheRead === undefined ? {} : { cacheReadUsdPerMillion: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWriteUsdPerMillion: cacheWrite }),
  }
}

/**
 * By its id, or as provider/id.
 * @throws `not_found` with the nearest ones; `invalid_input` when several providers have it
 */
function findModel({ items }: ModelList, typed: string, provider: string | undefined): ModelRef {
  const fits = items.filter(
    (model) =>
      (model.id === typed || `${model.provider}/${model.id}` === typed) &&
      (provider === undefined || model.provider === provider),
  )
  const [only, another] = fits
  if (only !== undefined && another === undefined) return { provider: only.provider, id: only.id }
  if (only !== undefined) {
    throw new MaestroError(
      'invalid_input',
      `"${typed}" is a model of ${fits.map((model) => model.provider).join(' and ')}`,
      {
        hint: `name the provider: ${only.provider}/${only.id}`,
      },
    )
  }
  const near = nearest(
    items.map(({ id, provider: of }) => ({ id: `${of}/${id}`, name: id })),
    typed,
  )
  throw new MaestroError('not_found', `"${typed}" is not in the list of models`, {
    hint:
      near.length === 0
        ? `maestro models lists them; maestro models add ${typed}`
        : `did you mean ${near.map(({ id }) => id).join(' or ')}?`,
  })
}
