// Refuses a launch spec that could not run as written, with every problem at once. Pure.

import { isAbsolute } from 'node:path'
import { MaestroError } from '#src/core/index.ts'
import type { LaunchSpec } from '#src/tasks/index.ts'

/** @throws `invalid_input` listing each problem with its path. */
export function checkSpec(spec: LaunchSpec): void {
  const issues: { path: string; message: string }[] = []
  const check = (isRight: boolean, path: string, message: string) => {
    if (!isRight) issues.push({ path, message })
  }
  check(
    Number.isSafeInteger(spec.fence) && spec.fence >= 0,
    'fence',
    `${spec.fence} is no fence: a whole number from 0`,
  )
  check(spec.argv[0] !== '', 'argv.0', 'the program has no name')
  check(isPath(spec.cwd), 'cwd', `${JSON.stringify(spec.cwd)} is no absolute path`)
  spec.files.forEach((file, index) =>
    check(isPath(file.path), `files.${index}.path`, `${JSON.stringify(file.path)} is no absolute path`),
  )
  // 0 would mean "no limit" to the runner, and nobody may run without one.
  for (const name of ['wallMs', 'idleMs', 'outputBytes'] as const) {
    const value = spec.limits[name]
    check(Number.isSafeInteger(value) && value > 0, `limits.${name}`, `${value} is no limit: a whole number above 0`)
  }
  check(
    Number.isSafeInteger(spec.stop.graceMs) && spec.stop.graceMs >= 0,
    'stop.graceMs',
    `${spec.stop.graceMs} is no duration`,
  )
  if (issues.length === 0) return
  const list = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
  throw new MaestroError('invalid_input', `the launch of ${spec.id} is not valid: ${list}`, { issues })
}

const isPath = (path: string): boolean => isAbsolute(path) && !path.includes('\0')
