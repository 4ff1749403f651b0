// `maestro compose`: a piece of music from a sentence, written as files. Needs no server.

import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { folderError, MaestroError } from '#src/core/index.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { safe } from '../style.ts'

interface ComposeOptions extends GlobalOptions {
  readonly seed?: string
  readonly out?: string
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
    await write(folder, files)
    const paths = files.map(([name]) => join(folder, name))
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
      `${cli.style.bold(safe(project.name))}  ${bars} bars at ${project.tempoMap[0]?.bpm}, ${notes} notes, seed ${safe(project.seed)}, in ${cli.io.now() - started} ms\n`,
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
