// `maestro providers list | add | set | remove | test | models`.

import { z } from 'zod'
import { listOf, MaestroError } from '#src/core/index.ts'
import { ModelPrice, ProviderInfo, ProviderTest } from '#src/llm/contract.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { duration, price as priceText, table } from '../format.ts'
import { readSecret } from '../read-input.ts'
import { findNamed } from '../resolve.ts'
import { clip, safe } from '../style.ts'

const Offered = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullable(),
      contextTokens: z.number().nullable(),
      price: ModelPrice.nullable(),
    }),
  ),
})

async function findProvider(api: Api, typed: string): Promise<ProviderInfo> {
  const { items } = await api.call('GET', '/providers', listOf(ProviderInfo))
  const named = items.map((info) => ({ id: info.id, name: info.title, info }))
  return findNamed(named, typed, { one: 'provider', many: 'providers', list: 'maestro providers' }).info
}

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/providers', listOf(ProviderInfo))
    if (options.json === true) printJson(cli, items)
    else {
      const rows = items.map((one) => [
        one.id,
        clip(one.title, 30),
        one.baseUrl ?? 'its usual address',
        keyState(cli, one),
        String(one.modelCount),
      ])
      cli.io.out(table(cli.style, ['ID', 'PROVIDER', 'ADDRESS', 'KEY', 'MODELS'], rows))
    }
    return exit.ok
  })
}

function keyState({ style }: Cli, one: ProviderInfo): { text: string; paint?: (text: string) => string } {
  if (one.keyName === null) return { text: 'needs none', paint: style.green }
  if (!one.keySet) return { text: `needs ${one.keyName}`, paint: style.yellow }
  const from = one.keyFrom === 'environment' ? 'from the environment' : 'set'
  return { text: one.keyHint === null ? from : `${from}, …${one.keyHint}`, paint: style.green }
}

interface AddOptions extends GlobalOptions {
  readonly url: string
  readonly id?: string
  readonly api: string
  /** False for `--no-key`. */
  readonly key?: boolean
}

export async function add(cli: Cli, options: AddOptions, title = ''): Promise<number> {
  const needsKey = options.key !== false
  const apiKey = needsKey ? await readKey(cli, title) : undefined
  return withApi(cli, options, async (api) => {
    const made = await api.call('POST', '/providers', ProviderInfo, {
      title,
      baseUrl: options.url,
      api: options.api,
      needsKey,
      ...(options.id === undefined ? {} : { id: options.id }),
      ...(apiKey === undefined ? {} : { apiKey }),
    })
    if (options.json === true) printJson(cli, made)
    else {
      cli.io.out(`Added ${made.id}.\n`)
      cli.io.err(`Try it:      maestro providers test ${made.id}\nIts models:  maestro providers models ${made.id}\n`)
    }
    return exit.ok
  })
}

/** @throws `invalid_input` when there is none */
async function readKey(cli: Cli, title: string): Promise<string> {
  const key = await readSecret(cli.io, `Key of ${clip(title, 60)} (not shown): `)
  if (key !== '') return key
  throw new MaestroError('invalid_input', `no key was given for ${clip(title, 60)}`, {
    hint: 'write it to stdin (printf %s "$KEY" | maestro providers ...), or say --no-key when it needs none',
  })
}

interface SetOptions extends GlobalOptions {
  readonly title?: string
  readonly url?: string
  readonly usualUrl?: boolean
  readonly api?: string
  readonly key?: boolean
  readonly forgetKey?: boolean
}

export async function set(cli: Cli, options: SetOptions, typed = ''): Promise<number> {
  if (options.url !== undefined && options.usualUrl === true)
    throw new MaestroError('invalid_input', '--url and --usual-url exclude each other')
  if (options.key === true && options.forgetKey === true)
    throw new MaestroError('invalid_input', '--key and --forget-key exclude each other')
  const apiKey = options.key === true ? await readKey(cli, typed) : options.forgetKey === true ? null : undefined
  const changes = {
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.api === undefined ? {} : { api: options.api }),
    ...(options.usualUrl === true ? { baseUrl: null } : options.url === undefined ? {} : { baseUrl: options.url }),
    ...(apiKey === undefined ? {} : { apiKey }),
  }
  if (Object.keys(changes).length === 0) {
    throw new MaestroError('invalid_input', `what of ${clip(typed, 60)} should change? No option says it`, {
      hint: 'maestro providers set --help',
    })
  }
  return withApi(cli, options, async (api) => {
    const { id } = await findProvider(api, typed)
    const saved = await api.call('PATCH', `/providers/${id}`, ProviderInfo, changes)
    if (options.json === true) printJson(cli, saved)
    else
      cli.io.out(
        `Saved ${saved.id}: ${safe(saved.baseUrl ?? 'its usual address')}, key: ${keyState(cli, saved).text}.\n`,
      )
    return exit.ok
  })
}

export function remove(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findProvider(api, typed)
    const removed = await api.call('DELETE', `/providers/${id}`, ProviderInfo)
    if (options.json === true) printJson(cli, removed)
    else cli.io.out(`Removed ${removed.id}.\n`)
    return exit.ok
  })
}

export function test(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id, title, keyName, keySet } = await findProvider(api, typed)
    const found = await api.call('POST', `/providers/${id}/test`, ProviderTest, {})
    if (options.json === true) printJson(cli, found)
    else {
      const mark = found.ok ? cli.style.green('✓') : cli.style.red('✗')
      cli.io.out(`${mark} ${cli.style.bold(clip(title, 60))}  ${safe(found.message)}\n`)
      cli.io.out(`  ${cli.style.dim(`${safe(found.url)} · ${duration(found.durationMs)}`)}\n`)
      if (found.hint !== null) cli.io.out(`  ${cli.style.cyan('hint:')} ${safe(found.hint)}\n`)
      if (!found.ok && keyName !== null && !keySet)
        cli.io.out(`  ${cli.style.cyan('hint:')} maestro providers set ${id} --key\n`)
    }
    return found.ok ? exit.ok : exit.failed
  })
}

export function offered(cli: Cli, options: GlobalOptions & { search?: string }, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findProvider(api, typed)
    const { items } = await api.call('GET', `/providers/${id}/models`, Offered)
    const wanted = options.search?.toLowerCase() ?? ''
    const found = items.filter((model) => `${model.id} ${model.name ?? ''}`.toLowerCase().includes(wanted))
    if (options.json === true) printJson(cli, found)
    else if (found.length === 0) cli.io.err('no model fits\n')
    else {
      const rows = found.map((model) => [
        model.id,
        model.name ?? '',
        model.contextTokens === null ? '' : model.contextTokens.toLocaleString('en-US'),
        model.price === null ? '' : priceText(model.price),
      ])
      cli.io.out(table(cli.style, ['MODEL', 'NAME', 'CONTEXT', 'PRICE'], rows))
    }
    return exit.ok
  })
}
