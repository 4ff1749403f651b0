// `maestro compose`: a piece of music from a sentence, written as files. Needs no server.

import { mkdir, open, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { folderError, MaestroError } from '#src/core/index.ts'
import type { Project } from '#src/studio/contract.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import type { Studio } from '../deps.ts'
import { exit } from '../exit-codes.ts'
import { safe } from '../style.ts'

interface ComposeOptions extends GlobalOptions {
  readonly seed?: string
  readonly out?: string
  /** False with `--no-wav`. */
  readonly wav?: boolean
}

export async function compose(cli: Cli, options: ComposeOptions, request = ''): Promise<number> {
  const studio = await cli.deps.studio()
  const started = cli.io.now()
  try {
    const { spec, remarks } = studio.parsePrompt(request)
    const project = studio.compose({ ...spec, ...(options.seed === undefined ? {} : { seed: options.seed }) })
    const { bytes, warnings } = studio.writeSmf(project)
    const folder = resolve(cli.io.cwd, options.out ?? '.')
    const files: [string, string | Uint8Array][] = [
      ['song.mid', bytes],
      ['song.musicxml', studio.writeMusicXml(project)],
      ['song.json', `${JSON.stringify(project, null, 1)}\n`],
    ]
    const composedMs = cli.io.now() - started
    await write(folder, files)
    const paths = files.map(([name]) => join(folder, name))
    if (options.wav !== false) paths.push(await writeWav(studio, project, join(folder, 'song.wav')))
    for (const remark of [...remarks, ...warnings]) cli.io.err(`${cli.style.cyan('note:')} ${safe(remark)}\n`)
    if (options.json === true) {
      printJson(cli, {
        name: project.name,
        seed: project.seed,
        key: project.key,
        tempo: project.tempoMap[0]?.bpm,
        spec,
        remarks,
        files: paths,
      })
      return exit.ok
    }
    const notes = project.tracks.reduce((sum, track) => sum + studio.heardNotes(project, track).length, 0)
    const bars = studio.placeOf(project.meterMap, project.length).bar
    cli.io.out(
      `${cli.style.bold(safe(project.name))}  ${bars} bars at ${project.tempoMap[0]?.bpm}, ${notes} notes, seed ${safe(project.seed)}, in ${composedMs} ms\n`,
    )
    cli.io.out(`${project.tracks.map((track) => safe(track.name)).join(', ')}\n`)
    for (const path of paths) cli.io.out(`${safe(path)}\n`)
    return exit.ok
  } catch (thrown) {
    if (!(thrown instanceof studio.MusicError)) throw thrown
    throw new MaestroError('invalid_input', thrown.message, {
      issues: [...thrown.issues],
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    })
  }
}

async function write(folder: string, files: readonly [string, string | Uint8Array][]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    for (const [name, content] of files) await writeFile(join(folder, name), content)
  } catch (thrown) {
    const error = folderError(folder, thrown)
    if (!(error instanceof MaestroError)) throw error
    throw new MaestroError(error.code, error.message, { hint: 'name another folder with --out', cause: thrown })
  }
}

/** Block by block, so that a long piece needs no more memory than a short one. */
async function writeWav(studio: Studio, project: Project, path: string): Promise<string> {
  const renderer = studio.createRenderer(studio.toScore(project))
  const encoder = new studio.WavEncoder(16)
  await using file = await open(path, 'w')
  await file.write(studio.wavHeader(renderer.totalFrames, renderer.sampleRate, 16))
  for (let block = renderer.next(); block !== undefined; block = renderer.next()) {
    await file.write(encoder.encode(block.left, block.right))
  }
  return path
}
