// `maestro doctor`.

import { type DoctorCheck, DoctorReport } from '#src/app/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { safe } from '../style.ts'

export function doctor(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { checks } = await api.call('GET', '/doctor', DoctorReport)
    if (options.json === true) printJson(cli, checks)
    else for (const check of checks) cli.io.out(line(cli, check))
    return checks.some((check) => check.level === 'error') ? exit.failed : exit.ok
  })
}

function line(cli: Cli, check: DoctorCheck): string {
  const { style } = cli
  const mark = { ok: style.green('✓'), warn: style.yellow('!'), error: style.red('✗') }[check.level]
  const hint = check.hint === null || check.level === 'ok' ? '' : `  ${style.cyan('hint:')} ${safe(check.hint)}\n`
  return `${mark} ${style.bold(safe(check.name))}  ${safe(check.detail ?? '')}`.trimEnd() + `\n${hint}`
}
