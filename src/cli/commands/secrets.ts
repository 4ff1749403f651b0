// `maestro secrets set | list | delete`. A value comes from stdin, never from the command line, where other
// users of the machine and the shell's history would see it.

import { MaestroError } from '#src/core/index.ts'
import { Anything, SecretList } from '../answers.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, table } from '../format.ts'
import { readSecret } from '../read-input.ts'
import { clip } from '../style.ts'

export async function set(cli: Cli, options: GlobalOptions, name = ''): Promise<number> {
  const value = await readSecret(cli.io, `Value of ${clip(name, 60)} (not shown): `)
  if (value === '')
    throw new MaestroError('invalid_input', `the value of ${name} is empty`, {
      hint: `printf %s "$KEY" | maestro secrets set ${name}`,
    })
  return withApi(cli, options, async (api) => {
    await api.call('PUT', `/secrets/${encodeURIComponent(name)}`, Anything, { value })
    if (options.json === true) printJson(cli, { name })
    else cli.io.out(`Stored ${clip(name, 100)}, encrypted. Whatever needs it finds it from now on.\n`)
    return exit.ok
  })
}

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/secrets', SecretList)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no secrets: store one with maestro secrets set <NAME>\n')
    else {
      const rows = items.map((secret) => [
        secret.name,
        secret.hint === null ? '' : `…${secret.hint}`,
        ago(secret.updatedAt, cli.io.now()),
      ])
      cli.io.out(table(cli.style, ['NAME', 'ENDS IN', 'SET'], rows))
    }
    return exit.ok
  })
}

export function remove(cli: Cli, options: GlobalOptions, name = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    await api.call('DELETE', `/secrets/${encodeURIComponent(name)}`, Anything)
    if (options.json === true) printJson(cli, { deleted: name })
    else cli.io.out(`Forgot ${clip(name, 100)}.\n`)
    return exit.ok
  })
}
