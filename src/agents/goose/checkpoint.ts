// A Goose conversation out of its root, as text that another root, on any node, can import. The set of
// extensions is cleared: Goose would bring them back on resume, whatever the next turn asks for.

import { MaestroError } from '#src/core/index.ts'
import { z } from 'zod'
import type { Checkpoint, Exec, Outcome, TurnInput } from '../adapter.ts'
import { gooseHome } from './plan.ts'

const SessionList = z.array(z.object({ id: z.string(), created_at: z.string().optional() }))
const Session = z.looseObject({ id: z.string(), extension_data: z.unknown() })

const noExtensions = { 'enabled_extensions.v0': { extensions: [] } }

/** @throws `corrupt_data` when Goose has no session, or gives one that cannot be read. */
export async function exportGoose(
  input: TurnInput,
  binary: string,
  outcome: Outcome,
  exec: Exec,
  baseEnv: Readonly<Record<string, string>>,
): Promise<Checkpoint> {
  const goose = async (args: readonly string[]): Promise<unknown> => {
    const result = await exec({
      argv: [binary, 'session', ...args],
      env: { ...baseEnv, ...gooseHome(input.rootDir) },
      timeoutMs: 30_000,
      maxBytes: 256 * 1024 * 1024,
    })
    if (result.exitCode !== 0) {
      throw unreadable(
        `goose session ${args[0]} ended with ${result.exitCode ?? 'a time-out'}: ${result.stderr.trim().slice(-500)}`,
      )
    }
    return parseJson(result.stdout)
  }
  // The root is the turn's own: it holds one session, made or imported.
  const sessions = SessionList.safeParse(await goose(['list', '--format', 'json']))
  const sessionId = sessions.data?.[0]?.id
  if (sessionId === undefined) throw unreadable('there is no session in its folder')
  const session = Session.safeParse(await goose(['export', '--session-id', sessionId, '--format', 'json']))
  if (!session.success) throw unreadable('its export has no session id')
  return {
    adapter: 'goose',
    sessionId,
    cumulative: outcome.cumulative,
    data: JSON.stringify({ ...session.data, extension_data: noExtensions }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw unreadable(`it is not JSON: "${text.slice(0, 100)}"`)
  }
}

function unreadable(why: string): MaestroError {
  return new MaestroError('corrupt_data', `Goose's conversation could not be saved: ${why}`, {
    hint: 'run the step again; if it stays so, install the supported Goose with `maestro agents install goose`',
  })
}
