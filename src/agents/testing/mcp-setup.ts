// MCP servers over a folder of their own and secrets in memory.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Clock, systemClock } from '#src/core/index.ts'
import { memorySecrets } from '#src/store/testing/index.ts'
import { createMcp, type McpRoom } from '../mcp/index.ts'

export interface McpSetup {
  readonly dataDir: string
  readonly file: string
  readonly secrets: Map<string, string>
  open(clock?: Clock): McpRoom
  write(content: unknown): void
  read(): string
  backups(): string[]
}

/** Removed when the test ends. */
export function setUpMcp(t: TestContext): McpSetup {
  const dataDir = mkdtempSync(join(tmpdir(), 'maestro-mcp-test-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const file = join(dataDir, 'mcp-servers.json')
  const secrets = new Map<string, string>()
  const store = memorySecrets(secrets)
  return {
    dataDir,
    file,
    secrets,
    open: (clock = systemClock) =>
      createMcp({ dataDir, secrets: store, clock, env: process.env, secretValues: () => store.values() }),
    write: (content) => writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content)),
    read: () => readFileSync(file, 'utf8'),
    backups: () => readdirSync(dataDir).filter((name) => /^mcp-servers\.json\.\d/.test(name)),
  }
}
