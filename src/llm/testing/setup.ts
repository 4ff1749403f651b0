// Models over a folder of their own and secrets in memory.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock } from '#src/core/index.ts'
import { readTextIfExists, type Secrets, writeFileAtomic } from '#src/store/index.ts'
import { createModels, type Models, type ModelsConfig } from '../index.ts'

/** Behaves as the store's, without the encryption. */
function memorySecrets(stored: Map<string, string> = new Map()): Secrets {
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

export interface ModelsSetup {
  readonly dataDir: string
  readonly secrets: Map<string, string>
  open(config?: Partial<ModelsConfig>): Models
  write(content: unknown): void
  read(name?: string): string
}

/** Removed when the test ends. */
export function setUpModels(t: TestContext): ModelsSetup {
  const dataDir = mkdtempSync(join(tmpdir(), 'maestro-models-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const secrets = new Map<string, string>()
  const files = { readTextIfExists, writeFileAtomic }
  return {
    dataDir,
    secrets,
    open: (config = {}) =>
      createModels({
        dataDir,
        config: { openrouter: {}, openai: {}, anthropic: {}, google: {}, ollama: {}, ...config },
        secrets: memorySecrets(secrets),
        clock: systemClock,
        files,
      }),
    write: (content) =>
      writeFileSync(join(dataDir, 'models.json'), typeof content === 'string' ? content : JSON.stringify(content)),
    read: (name = 'models.json') => readFileSync(join(dataDir, name), 'utf8'),
  }
}
