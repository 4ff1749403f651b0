// Reads and writes models.json: one change after the other, edits by hand seen at once, a key in clear moved
// to the secrets, a file that cannot be read named and never written over. Knows no meaning of its content.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, isNodeError, MaestroError } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import {
  formatModelsFile,
  keySecret,
  type ModelSettings,
  type ModelsFile,
  outOfTheBox,
  parseModelsFile,
  redactModelsFile,
} from './models-file.ts'

export interface ModelsStore {
  /** @throws `corrupt_data` while the file cannot be read */
  read(): Promise<ModelSettings>
  /** Decides on what the file says now; the same object back means that nothing changes. */
  change(decide: (settings: ModelSettings) => ModelSettings): Promise<ModelSettings>
}

export interface ModelsStoreDeps {
  readonly dataDir: string
  readonly secrets: Pick<Secrets, 'set'>
  readonly clock: Clock
  readonly files: {
    writeFileAtomic(path: string, text: string, options?: { mode?: number }): Promise<void>
    readTextIfExists(path: string): Promise<string | undefined>
  }
  /** The whole folder has just been copied: the file needs no copy of its own before its key moves. */
  readonly isCopied?: () => boolean
}

export function createModelsStore({ dataDir, secrets, clock, files, isCopied }: ModelsStoreDeps): ModelsStore {
  const file = join(dataDir, 'models.json')
  let cached: { identity: string; value: ModelsFile } | undefined
  let last: Promise<unknown> = Promise.resolve()

  function queued<R>(work: () => Promise<R>): Promise<R> {
    const result = last.then(work, work)
    last = result.catch(() => undefined)
    return result
  }

  async function load(): Promise<ModelsFile> {
    const identity = await identityOf(file)
    if (cached?.identity === identity) return cached.value
    const text = await files.readTextIfExists(file)
    if (text === undefined) return { raw: {}, settings: outOfTheBox, clearKey: null }
    const value = parseWithHint(text)
    if (value.clearKey !== null) return moveKey(value, value.clearKey)
    cached = { identity, value }
    return value
  }

  function parseWithHint(text: string): ModelsFile {
    try {
      return parseModelsFile(text, file)
    } catch (error) {
      if (!(error instanceof MaestroError)) throw error
      throw new MaestroError(
        error.code,
        `${error.message}. The file is kept as it is and nothing is written until it is mended`,
        {
          hint: 'mend the file by hand, or move it away to begin with the models that come with Maestro',
          ...(error.issues === undefined ? {} : { issues: error.issues }),
          ...(error.details === undefined ? {} : { details: error.details }),
          cause: error,
        },
      )
    }
  }

  /** The secret first: a crash in between leaves the key in both places, never in none. */
  async function moveKey(found: ModelsFile, key: string): Promise<ModelsFile> {
    await secrets.set(keySecret, key)
    const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace('.', '-')
    if (isCopied?.() !== true)
      await files.writeFileAtomic(`${file}.${stamp}.bak`, redactModelsFile(found.raw), { mode: 0o600 })
    return save(found, found.settings)
  }

  async function save(before: ModelsFile, settings: ModelSettings): Promise<ModelsFile> {
    const text = formatModelsFile(before.raw, settings)
    await files.writeFileAtomic(file, text, { mode: 0o600 })
    cached = undefined
    return parseModelsFile(text, file)
  }

  return {
    read: async () => (await queued(load)).settings,
    change: (decide) =>
      queued(async () => {
        const found = await load()
        const settings = decide(found.settings)
        return settings === found.settings ? settings : (await save(found, settings)).settings
      }),
  }
}

async function identityOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino}:${size}:${mtimeNs}`
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return ''
    throw error
  }
}
