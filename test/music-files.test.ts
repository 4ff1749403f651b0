import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { compose, genreIds, heardNotes, writeMusicXml, writeSmf } from '#src/studio/core/index.ts'
import { findPart, without } from '#test/parts.ts'

// What other people's programs make of our files, over a piece of every genre.

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'maestro-music-'))
after(() => rm(folder, { recursive: true, force: true }))
const pieces = genreIds.map((genre) => compose({ genre, seed: '6', bars: 32 }))

/** Rows of midicsv: track, tick, kind, values. */
async function csvOf(bytes: Uint8Array, name: string): Promise<string[][]> {
  const file = join(folder, `${name}.mid`)
  await writeFile(file, bytes)
  const { stdout } = await run(findPart('midicsv') ?? 'midicsv', [file], {
    timeout: 20_000,
    maxBuffer: 32 * 1_024 * 1_024,
  })
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(', '))
}

test(
  'midicsv finds the notes of every piece, each with its end, and the marks of the conductor',
  { skip: without('midicsv') },
  async () => {
    for (const project of pieces) {
      const rows = await csvOf(writeSmf(project).bytes, project.id)
      const heard = project.tracks.flatMap((track, index) =>
        heardNotes(project, track).map(
          (note) => `${index + 2} ${note.tick} ${note.tick + note.duration} ${note.pitch} ${note.velocity}`,
        ),
      )
      const open = new Map<string, string[]>()
      const found: string[] = []
      for (const [track, tick, kind, channel, pitch, velocity] of rows) {
        const key = `${track}/${channel}/${pitch}`
        if (kind === 'Note_on_c') open.set(key, [...(open.get(key) ?? []), `${tick} ${velocity}`])
        if (kind === 'Note_off_c') {
          const [on = '', off] = (open.get(key)?.shift() ?? '').split(' ')
          found.push(`${track} ${on} ${tick} ${pitch} ${off}`)
        }
      }
      assert.deepEqual(found.sort(), heard.sort(), project.name)
      assert.ok(
        [...open.values()].every((list) => list.length === 0),
        project.name,
      )
      for (const kind of ['Tempo', 'Time_signature', 'Key_signature', 'Marker_t', 'Title_t'])
        assert.ok(
          rows.some((row) => row[2] === kind),
          `${project.name}: ${kind}`,
        )
      const end = rows.filter((row) => row[2] === 'End_track').map((row) => Number(row[1]))
      assert.deepEqual(
        end,
        end.map(() => project.length),
        project.name,
      )
    }
  },
)

test('xmllint reads every score without a word', { skip: without('xmllint') }, async () => {
  for (const project of pieces) {
    const file = join(folder, `${project.id}.musicxml`)
    await writeFile(file, writeMusicXml(project))
    const { stderr } = await run(findPart('xmllint') ?? 'xmllint', ['--noout', '--nonet', file])
    assert.equal(stderr, '', project.name)
  }
})
