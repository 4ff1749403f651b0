// A server in small, for tests that need one to kill: starts a job with the local driver, says so, stays.
// Argument: JSON { runsDir, spec, stay }.

import { silentLog, systemClock } from '#src/core/index.ts'
import type { LaunchSpec } from '#src/tasks/index.ts'
import { createLocalDriver } from '../local-driver.ts'

const { runsDir, spec, stay } = JSON.parse(process.argv[2] ?? '') as {
  runsDir: string
  spec: LaunchSpec
  stay: boolean
}
const driver = createLocalDriver({ runsDir, nodeId: 'test', log: silentLog, clock: systemClock })
await driver.start(spec)
process.stdout.write('started\n')
if (stay) setInterval(() => undefined, 60_000)
else process.exit(0)
