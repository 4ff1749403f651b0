// `maestro models`.

import { ModelList, type ProviderInfo } from '#src/llm/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { table } from '../format.ts'

export function models(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const list = await api.call('GET', '/models', ModelList)
    if (options.json === true) printJson(cli, list)
    else if (list.items.length === 0) cli.io.err('no models in the list: add one on the page (maestro open)\n')
    else {
      const lacking = new Map(list.providers.map((provider) => [provider.id, keyToSet(provider)]))
      const rows = list.items.map((model) => {
        const keyName = lacking.get(model.provider) ?? null
        return [
          model.id,
          model.provider,
          keyName === null
            ? { text: 'ready', paint: cli.style.green }
            : { text: `needs ${keyName}`, paint: cli.style.yellow },
          model.isDefault ? 'default' : '',
        ]
      })
      cli.io.out(table(cli.style, ['MODEL', 'PROVIDER', 'STATE', ''], rows))
      const names = [...new Set(list.items.flatMap((model) => lacking.get(model.provider) ?? []))]
      for (const name of names) cli.io.err(`${cli.style.cyan('hint:')} maestro secrets set ${name}\n`)
    }
    return exit.ok
  })
}

/** The secret that a provider waits for; null when it needs none or has it. */
export function keyToSet(provider: ProviderInfo): string | null {
  return provider.keySet ? null : provider.keyName
}
