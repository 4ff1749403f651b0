// The run folder as the driver sees it: where things are, how a generation is placed, how an end is read.
// The runner's head comment lists the files. What a file means is decided there; nothing is ended here.

import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Id, isNodeError, MaestroError, toMaestroError } from '#src/core/index.ts'
import { runnerStops } from '#src/tasks/index.ts'
import type { LaunchSpec, ProcessEnd } from '#src/tasks/index.ts'

/** `<runsDir>/<id>`. @throws `invalid_input` for what is no id: it becomes a path and a marker. */
export function runFolder(runsDir: string, id: string): string {
  if (!Id.safeParse(id).success) {
    throw new MaestroError(
      'invalid_input',
      `${JSON.stringify(id)} is no task id: expected turn_ (or another kind) and 26 letters and digits`,
    )
  }
  return join(runsDir, id)
}

export interface RunState {
  /** 0 when none was placed. */
  readonly generation: number
  readonly highestFence: number
}

export async function readRunState(run: string): Promise<RunState> {
  let generation = 0
  let highestFence = -1
  for (const name of await namesIn(run)) {
    const [, kind, digits] = /^(g|fence\.)(\d+)$/.exec(name) ?? []
    if (kind === 'g') generation = Math.max(generation, Number(digits))
    if (kind === 'fence.') highestFence = Math.max(highestFence, Number(digits))
  }
  return { generation, highestFence }
}

export const generationFolder = (run: string, generation: number): string => join(run, `g${generation}`)

/**
 * Records `fence` and looks for a higher one. In this order, so that of two at once the lower one gives way.
 * @throws `conflict` when the folder has seen a higher one.
 */
export async function takeFence(run: string, fence: number): Promise<RunState> {
  await mkdir(run, { recursive: true, mode: 0o700 })
  await (await open(join(run, `fence.${fence}`), 'a', 0o600)).close()
  const state = await readRunState(run)
  if (state.highestFence > fence) throw fenced(run, fence, state.highestFence)
  return state
}

export function fenced(run: string, fence: number, highest: number | null): MaestroError {
  const seen = highest === null ? 'a higher fence' : `fence ${highest}`
  return new MaestroError('conflict', `${run} has seen ${seen}; ${fence} is lower, so another node has taken over`)
}

/**
 * Places generation `number` whole or not at all.
 * @returns false when somebody else placed it first.
 */
export async function placeGeneration(
  run: string,
  number: number,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<boolean> {
  const temporary = join(run, `.new-${randomBytes(8).toString('hex')}`)
  await mkdir(temporary, { mode: 0o700 })
  try {
    await Promise.all(
      Object.entries(files).map(([name, content]) => writeFile(join(temporary, name), content, { mode: 0o600 })),
    )
    await rename(temporary, generationFolder(run, number))
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true })
    if (isNodeError(thrown) && (thrown.code === 'ENOTEMPTY' || thrown.code === 'EEXIST')) return false
    throw thrown
  }
  // That something was placed must survive a power cut: a missing folder means "never started". Contents need
  // not: a folder of an earlier boot without an end is never called absent.
  await Promise.all([syncFolder(run), syncFolder(dirname(run))])
  return true
}

/** Writes a file of the job's own: whole, 0600, missing parents 0700. */
export async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx' })
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
}

/** FENCE WALL_MS IDLE_MS BYTES SIGNAL GRACE_MS PROMOTED BOOT, as the runner reads it. */
export function limitsLine(spec: LaunchSpec, bootId: string): string {
  const { limits, stop } = spec
  return `${[spec.fence, limits.wallMs, limits.idleMs, limits.outputBytes, stop.signal, stop.graceMs, spec.promoted ? 1 : 0, bootId].join(' ')}\n`
}

/** The fence a generation was placed with; undefined for one that a prober made. */
export async function readPlacedFence(folder: string): Promise<number | undefined> {
  const [fence] = ((await readText(join(folder, 'limits'))) ?? '').split(' ')
  return fence === undefined || fence === '' ? undefined : Number(fence)
}

/** This boot of the machine; `-` where only the runner knows how to ask. */
export async function readBootId(): Promise<string> {
  const text = await readText('/proc/sys/kernel/random/boot_id')
  return text?.trim() ?? '-'
}

export type Claim = 'none' | 'sealed' | { readonly pid: number; readonly startTime: string; readonly bootId: string }

export async function readClaim(folder: string): Promise<Claim> {
  const [kind, pid, startTime, bootId] = ((await readText(join(folder, 'claim'))) ?? '').trim().split(' ')
  if (kind === 'sealed') return 'sealed'
  if (kind !== 'run' || pid === undefined || startTime === undefined) return 'none'
  return { pid: Number(pid), startTime, bootId: bootId ?? '-' }
}

export interface RecordedEnd extends ProcessEnd {
  readonly outBytes: number
  readonly errBytes: number
}

/** The end, once the runner recorded it; 'lost' when it recorded that there is none; undefined before. */
export async function readEnd(folder: string): Promise<RecordedEnd | 'lost' | undefined> {
  const end = parseEnd((await readText(join(folder, 'rc'))) ?? '')
  if (end !== undefined) return end
  return (await readText(join(folder, 'lost'))) === undefined ? undefined : 'lost'
}

/** `EXIT REASON OUT_BYTES ERR_BYTES end`; undefined for anything torn. */
export function parseEnd(text: string): RecordedEnd | undefined {
  const [exit, reason, out, err, last] = text.trim().split(/\s+/)
  if (last !== 'end') return undefined
  const [exitCode, outBytes, errBytes] = [Number(exit), Number(out), Number(err)]
  if (![exitCode, outBytes, errBytes].every((n) => Number.isInteger(n) && n >= 0)) return undefined
  const stoppedBy = reason === '-' ? null : (runnerStops.find((stop) => stop === reason) ?? 'asked')
  return { exitCode, stoppedBy, outBytes, errBytes }
}

/** The whole text, or undefined when there is no such file. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (isNodeError(thrown) && (thrown.code === 'ENOENT' || thrown.code === 'ESRCH')) return undefined
    throw toMaestroError(thrown)
  }
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (isNodeError(thrown) && thrown.code === 'ENOENT') return []
    throw thrown
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
