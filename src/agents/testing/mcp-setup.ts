// MCP servers over a folder of their own and secrets in memory.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Clock, systemClock } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import { createMcp, type McpRoom } from '../mcp/index.ts'

/** Behaves as the store's, without the encryption. */
function memorySecrets(stored: Map<string, string>): Secrets {
  return {
    set: async (name, value) => void stored.set(name, value),
    reveal: async (name) => stored.get(name),
    list: async () =>
      [...stored].map(([name, value]) => ({ name, hint: value.length >= 12 ? value.slice(-4) : null, updatedAt: 0 })),
    delete: async (name) => stored.delete(name),
    values: () => [...stored.values()],
    seal: (plain) => plain,
    open: (sealed) => sealed,
  }
}

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
