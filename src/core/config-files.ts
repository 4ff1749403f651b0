// Reads the files the configuration may come from, then hands everything to loadConfig.

import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadConfig, parseEnvFile, type Config, type ConfigFile } from './config.ts'
import { MaestroError, isNodeError } from './errors.ts'

export interface ReadConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly flags: Readonly<Record<string, unknown>>
  /** The folder of the clone, whose `.env` counts too. */
  readonly cloneRoot: string
}

/**
 * Flags, the environment, `<dataDir>/.env`, `<cloneRoot>/.env`, `<dataDir>/config.json`, defaults: in this order.
 * The data folder itself comes from the flags, the environment or the clone's `.env`, since the others are in it.
 * @throws `invalid_input` with every problem at once
 */
export async function readConfig({ env, flags, cloneRoot }: ReadConfigOptions): Promise<Config> {
  const cloneEnv = await read(join(cloneRoot, '.env'))
  const fromClone = cloneEnv === undefined ? undefined : parseEnvFile(cloneEnv.text)['MAESTRO_DATA_DIR']
  const named = [flags['dataDir'], env['MAESTRO_DATA_DIR'], fromClone].find(
    (value) => typeof value === 'string' && value.trim() !== '',
  )
  const home = env['HOME'] ?? homedir()
  const dataDir = typeof named === 'string' ? resolve(expandHome(named.trim(), home)) : join(home, '.maestro')
  const files = [await read(join(dataDir, '.env')), cloneEnv, await read(join(dataDir, 'config.json'))]
  // Given as a flag, so that a file inside the folder cannot name another one.
  const config = loadConfig({
    env: { HOME: home, ...env },
    files: files.filter((file) => file !== undefined),
    flags: { ...flags, dataDir },
  })
  const source = flags['dataDir'] !== undefined ? '--data-dir' : named === undefined ? 'default' : 'MAESTRO_DATA_DIR'
  return { ...config, sources: { ...config.sources, dataDir: source } }
}

const expandHome = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path

async function read(path: string): Promise<ConfigFile | undefined> {
  try {
    return { path, text: await readFile(path, 'utf8') }
  } catch (error) {
    if (!isNodeError(error)) throw error
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new MaestroError('invalid_input', `${path} cannot be read: ${error.message}`, { cause: error })
  }
}
