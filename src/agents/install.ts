// Fetches an agent CLI into the data folder with the npm of this machine: into a staging folder, tried
// out there, then renamed into place, so that a broken download never looks like an installed agent.

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { MaestroError } from '#src/core/index.ts'
import { goosePackage, gooseReleases } from './goose/package.ts'
import { agentFolder } from './locate.ts'

export interface InstallOptions {
  readonly dataDir: string
  /** What npm needs: PATH, HOME, proxies and npm's own settings; `npm_execpath` when npm started us. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute path of a Node binary that can run npm's script. */
  readonly nodePath: string
  readonly onProgress: (line: string) => void
  readonly signal: AbortSignal
  readonly platform?: string
  readonly arch?: string
}

export interface InstalledAgent {
  readonly path: string
  readonly version: string
}

/**
 * Installs the pinned version; one that is there and runs is left as it is.
 * @throws `not_found` for an agent that Maestro does not install; `unsupported` where upstream has no
 *         package; `not_ready` without npm; `unavailable` when npm fails; `corrupt_data` when the
 *         program does not run; `cancelled`.
 */
export async function installAgent(agentId: string, options: InstallOptions): Promise<InstalledAgent> {
  const { dataDir, onProgress, signal } = options
  if (agentId !== 'goose') {
    throw new MaestroError('not_found', `Maestro cannot install the agent "${agentId}"`, {
      hint: 'it can install: goose',
    })
  }
  const platform = options.platform ?? process.platform
  const arch = options.arch ?? process.arch
  const wanted = goosePackage(platform, arch)
  if (wanted === undefined) {
    throw new MaestroError('unsupported', `there is no npm package of Goose for ${platform} ${arch}`, {
      hint: `take a release from ${gooseReleases} and put it on PATH, or set GOOSE_BIN to its path`,
    })
  }
  const home = path.join(agentFolder(dataDir, 'goose'), wanted.version)
  const installed = { path: path.join(home, wanted.binary), version: wanted.version }
  if ((await versionOf(installed.path, signal)) === wanted.version) {
    onProgress(`Goose ${wanted.version} is already installed`)
    return installed
  }
  await mkdir(path.dirname(home), { recursive: true, mode: 0o700 })
  const staging = await mkdtemp(path.join(path.dirname(home), '.staging-'))
  try {
    // A package.json of its own, so that npm does not look for one in the folders above.
    await writeFile(path.join(staging, 'package.json'), '{"private":true}\n')
    onProgress(`fetching ${wanted.spec} (about 290 MB installed)`)
    await runNpm(
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', wanted.spec],
      staging,
      options,
    )
    const seen = await versionOf(path.join(staging, wanted.binary), signal)
    if (seen !== wanted.version) {
      throw new MaestroError(
        'corrupt_data',
        `the fetched Goose says it is ${seen ?? 'nothing that runs'}, not ${wanted.version}`,
        {
          hint: 'try again; if it stays so, does this system have an older C library than Goose needs?',
        },
      )
    }
    await rm(home, { recursive: true, force: true })
    await rename(staging, home)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  onProgress(`Goose ${wanted.version} is installed`)
  return installed
}

/** npm's own script when npm started us, else the npm on PATH. */
async function runNpm(args: readonly string[], cwd: string, options: InstallOptions): Promise<void> {
  const script = options.env['npm_execpath']
  const [program, first] = script?.endsWith('.js') === true ? [options.nodePath, [script]] : ['npm', []]
  const child = spawn(program, [...first, ...args], {
    cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
  })
  let said = ''
  const listen = (bytes: Buffer): void => {
    said = `${said}${bytes.toString()}`.slice(-4_000)
    for (const line of bytes.toString().split('\n')) if (line.trim() !== '') options.onProgress(line.trim())
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(options.signal.aborted ? new MaestroError('cancelled', 'the installation was stopped') : npmFailure(error))
    })
    child.once('close', resolve)
  })
  if (code === 0) return
  throw new MaestroError('unavailable', `npm could not fetch ${args.at(-1)}: ${lastLine(said)}`, {
    hint: 'check the network and npm’s settings (registry, proxy), then try again',
  })
}

function npmFailure(error: NodeJS.ErrnoException): MaestroError {
  return error.code === 'ENOENT'
    ? new MaestroError('not_ready', 'npm is not on PATH', {
        hint: 'install Node.js with npm, then try again',
        cause: error,
      })
    : new MaestroError('unavailable', `npm did not start: ${error.message}`, { cause: error })
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .findLast((line) => line.includes('error')) ?? text.trim().slice(-300)
  )
}

/** undefined when it does not run. */
async function versionOf(program: string, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted()
  const child = spawn(program, ['--version'], {
    env: { PATH: '/usr/bin:/bin', GOOSE_DISABLE_KEYRING: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  clearTimeout(timer)
  return code === 0 ? /(\d+\.\d+\.\d+)/.exec(said)?.[1] : undefined
}
