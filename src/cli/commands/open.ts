// `maestro open`: a fresh one-time sign-in link, in the browser when there is a desktop.

import { SignInLink } from '#src/auth/contract.ts'
import { configInput, remoteUrl, withApi } from '../api.ts'
import { openInBrowser } from '../browser.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { duration } from '../format.ts'

interface OpenOptions extends GlobalOptions {
  readonly print?: boolean
}

export function open(cli: Cli, options: OpenOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const link = await api.call('POST', '/session/links', SignInLink, {})
    if (options.json === true) {
      printJson(cli, link)
      return exit.ok
    }
    cli.io.out(`${link.url}\n`)
    // A browser cannot be handed a link of another machine's private address: there it is only printed.
    const isHere = remoteUrl(cli, options) === undefined
    const { dataDir } = isHere ? await cli.deps.readConfig(configInput(cli, options)) : { dataDir: '' }
    const opened = options.print !== true && isHere && (await openInBrowser(cli.io, dataDir, link.url))
    const works = `it works once, within ${duration(link.expiresAt - cli.io.now())}`
    cli.io.err(
      opened
        ? `Opening the browser; if nothing happens, use the link (${works}).\n`
        : `Open this link in a browser; ${works}.\n`,
    )
    return exit.ok
  })
}
