// The process: hands arguments, streams and the checkout's place to the command line. Everything heavy is
// loaded by the verb that needs it, so that `maestro --help` stays quick.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { main, systemIo } from '#src/cli/index.ts'

const cloneRoot = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

process.exitCode = await main(process.argv.slice(2), { io: systemIo(), about: { version, cloneRoot } })
