// Models over a folder of their own and secrets in memory.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock } from '#src/core/index.ts'
import { readTextIfExists, writeFileAtomic } from '#src/store/index.ts'
import { memorySecrets } from '#src/store/testing/index.ts'
import { createModels, type Models, type ModelsConfig } from '../index.ts'

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
