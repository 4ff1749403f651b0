// Where an agent's program is: GOOSE_BIN, then what Maestro installed, then where Maistro had found it, then PATH.
// Reports which, so that people see which of several is used.

import { access, constants, readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { goosePackage } from './goose/package.ts'
import { compareVersions } from './goose/probe.ts'

export interface Located {
  readonly path: string
  readonly foundBy: 'GOOSE_BIN' | 'installed' | 'goose-path.txt' | 'PATH'
}

export interface LocateOptions {
  readonly dataDir: string
  /** GOOSE_BIN and PATH, as the configuration has them. */
  readonly gooseBin: string | undefined
  readonly searchPath: string
}

export function agentFolder(dataDir: string, agentId: string): string {
  return path.join(dataDir, 'agents', agentId)
}

/** A GOOSE_BIN that is not there is an answer too: undefined, never another Goose than the one named. */
export async function locateGoose(options: LocateOptions): Promise<Located | undefined> {
  const { gooseBin } = options
  if (gooseBin !== undefined && gooseBin !== '') {
    const file = path.resolve(gooseBin)
    return (await isProgram(file)) ? { path: await realpath(file), foundBy: 'GOOSE_BIN' } : undefined
  }
  const installed = await newestInstalled(agentFolder(options.dataDir, 'goose'))
  if (installed !== undefined) return { path: installed, foundBy: 'installed' }
  const named = await readGoosePath(options.dataDir)
  if (named !== undefined) return { path: named, foundBy: 'goose-path.txt' }
  for (const folder of options.searchPath.split(path.delimiter)) {
    const file = path.join(folder, 'goose')
    if (path.isAbsolute(folder) && (await isProgram(file))) return { path: await realpath(file), foundBy: 'PATH' }
  }
  return undefined
}

async function newestInstalled(folder: string): Promise<string | undefined> {
  const binary = goosePackage(process.platform, process.arch)?.binary
  if (binary === undefined) return undefined
  const entries = await readdir(folder).catch(() => [])
  const versions = entries.filter((entry) => /^\d+\.\d+\.\d+$/.test(entry)).sort((a, b) => compareVersions(b, a))
  for (const version of versions) {
    const file = path.join(folder, version, binary)
    if (await isProgram(file)) return file
  }
  return undefined
}

/** The file in which Maistro's finder kept what it had found. One that is out of date names nothing. */
async function readGoosePath(dataDir: string): Promise<string | undefined> {
  const text = await readFile(path.join(dataDir, 'goose-path.txt'), 'utf8').catch(() => '')
  const file = text.trim()
  return path.isAbsolute(file) && (await isProgram(file)) ? realpath(file) : undefined
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
