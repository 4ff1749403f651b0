// Is this Goose there and fit? One `--version` call, no model.

import type { AgentProbe, Exec } from '../adapter.ts'

/** What the tests run against, and what `install` fetches. */
export const pinnedGoose = '1.52.0'
/** stream-json, --provider and --model, the session store. */
const oldestGoose = '1.45.0'

const installHint = 'run `maestro agents install goose`, or set GOOSE_BIN to its path'

export async function probeGoose(
  binary: string | undefined,
  exec: Exec,
  env: Readonly<Record<string, string>>,
): Promise<AgentProbe> {
  if (binary === undefined) return notThere('Goose is not installed')
  const result = await exec({
    argv: [binary, '--version'],
    env: { ...env, GOOSE_DISABLE_KEYRING: '1' },
    timeoutMs: 2_000,
  }).catch(() => undefined)
  const version = /(\d+\.\d+\.\d+)/.exec(result?.stdout ?? '')?.[1]
  if (result === undefined || result.exitCode !== 0 || version === undefined) {
    return { ...notThere(`${binary} does not run as Goose`), path: binary }
  }
  const supported = compareVersions(version, oldestGoose) >= 0
  const problems = supported
    ? []
    : [{ message: `Goose ${version} is too old: ${oldestGoose} or newer is needed`, hint: installHint }]
  return { installed: true, path: binary, version, supported, problems }
}

function notThere(message: string): AgentProbe {
  return { installed: false, path: null, version: null, supported: false, problems: [{ message, hint: installHint }] }
}

/** Negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => version.split('.').map(Number)
  const [left, right] = [parts(a), parts(b)]
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
