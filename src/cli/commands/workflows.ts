// `maestro workflows`.

import { WorkflowList } from '../answers.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, paintStatus, statusWord, table } from '../format.ts'
import { clip } from '../style.ts'

export function workflows(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/workflows', WorkflowList)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no workflows yet: make one on the page (maestro open)\n')
    else {
      const rows = items.map(({ id, name, stepCount, agents, lastRuns: [last] }) => [
        id,
        clip(name, 50),
        String(stepCount),
        agents.join(', '),
        last === undefined
          ? { text: 'never', paint: cli.style.dim }
          : {
              text: `${statusWord(last.status)} ${ago(last.createdAt, cli.io.now())}`,
              paint: (text: string) => paintStatus(cli.style, last.status, text),
            },
      ])
      cli.io.out(table(cli.style, ['ID', 'NAME', 'STEPS', 'AGENTS', 'LAST RUN'], rows))
    }
    return exit.ok
  })
}
