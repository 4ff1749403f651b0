// `maestro token create | list | revoke`.

import { MadeToken } from '#src/auth/contract.ts'
import { Anything, TokenList } from '../answers.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, moment, table } from '../format.ts'
import { clip } from '../style.ts'

interface CreateOptions extends GlobalOptions {
  readonly days?: number
  readonly readOnly?: boolean
  readonly agent?: boolean
}

export function create(cli: Cli, options: CreateOptions, name = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { days, readOnly, agent } = options
    const made = await api.call('POST', '/tokens', MadeToken, {
      name,
      ...(days === undefined ? {} : { days }),
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(agent === undefined ? {} : { forAgent: agent }),
    })
    if (options.json === true) printJson(cli, made)
    else {
      cli.io.err(
        `Token "${clip(made.name, 100)}" (${made.id}), ${made.expiresAt === null ? 'valid until revoked' : `valid until ${moment(made.expiresAt)}`}. It is shown only now:\n`,
      )
      cli.io.out(`${made.token}\n`)
    }
    return exit.ok
  })
}

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/tokens', TokenList)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no tokens: make one with maestro token create <name>\n')
    else {
      const now = cli.io.now()
      const rows = items.map((token) => [
        token.id,
        clip(token.name, 40),
        token.scopes.length === 0 ? 'everything' : token.scopes.join(' '),
        token.lastUsedAt === null ? 'never' : ago(token.lastUsedAt, now),
        token.revokedAt !== null
          ? { text: 'revoked', paint: cli.style.red }
          : token.expiresAt === null
            ? 'until revoked'
            : token.expiresAt < now
              ? { text: 'expired', paint: cli.style.red }
              : `until ${moment(token.expiresAt)}`,
      ])
      cli.io.out(table(cli.style, ['ID', 'NAME', 'MAY', 'USED', 'VALID'], rows))
    }
    return exit.ok
  })
}

export function revoke(cli: Cli, options: GlobalOptions, id = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    await api.call('DELETE', `/tokens/${encodeURIComponent(id)}`, Anything)
    if (options.json === true) printJson(cli, { revoked: id })
    else cli.io.out(`Revoked ${clip(id, 100)}: it is refused from now on.\n`)
    return exit.ok
  })
}
