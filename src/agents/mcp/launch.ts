// From a stored server to what starts it: names of secrets become their values. Nothing is started here.

import type { Secrets } from '#src/store/index.ts'
import type { McpServerLaunch } from '../adapter.ts'
import type { StoredRow, StoredServer } from './stored.ts'

/** A secret without a value is named in `missing`; whoever wants to start the server must look there first. */
export async function launchOf(server: StoredServer, secrets: Pick<Secrets, 'reveal'>): Promise<McpServerLaunch> {
  const isHttp = server.transport === 'http'
  const settings = new Map<string, string>()
  const values: string[] = []
  const missing: string[] = []
  for (const row of isHttp ? server.headers : server.env) {
    const value = await valueOf(row, secrets)
    if (value === undefined) missing.push(row.name)
    else settings.set(row.name, value)
    if (value !== undefined && row.kind !== 'plain') values.push(value)
  }
  const common = {
    name: server.name,
    required: server.required,
    startTimeoutMs: server.startTimeoutSec * 1_000,
    secrets: values,
    missing,
  }
  return isHttp
    ? { ...common, transport: 'http', url: server.url, headers: Object.fromEntries(settings) }
    : {
        ...common,
        transport: 'stdio',
        command: server.command,
        args: server.args,
        env: Object.fromEntries(settings),
      }
}

async function valueOf(row: StoredRow, secrets: Pick<Secrets, 'reveal'>): Promise<string | undefined> {
  return row.kind === 'secret' ? secrets.reveal(row.secretName) : row.value
}
