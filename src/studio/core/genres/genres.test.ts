import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProgression } from '../theory/roman.ts'
import { barTicks } from '../time/meter.ts'
import { cellSlots, isCellOf, slotsOfBar } from '../compose/pattern.ts'
import { findGenre, genreIds, genreOf, genres, namesOf } from './index.ts'
import { drumKeys, type Genre, sectionKinds } from './types.ts'

const meterOf = ({ meter: [numerator, denominator] }: Genre): number => barTicks({ numerator, denominator })
const programs = (genre: Genre): number[] =>
  [genre.bass, genre.chords, genre.melody, genre.pad, genre.arp].flatMap((part) =>
    part === undefined ? [] : [part.program],
  )

test('there are at least thirty genres in 4/4 and one at home in 3/4, 6/8 and 12/8', () => {
  assert.ok(genres.filter((genre) => genre.meter.join('/') === '4/4').length >= 30)
  for (const meter of ['3/4', '6/8', '12/8'])
    assert.ok(
      genres.some((genre) => genre.meter.join('/') === meter),
      meter,
    )
  assert.equal(new Set(genreIds).size, genres.length)
})

for (const genre of genres) {
  test(`${genre.id}: every row fits its meter and every number its range`, () => {
    const slots = slotsOfBar(genre.grid, meterOf(genre))
    const [low, usual, high] = genre.bpm
    assert.ok(40 <= low && low <= usual && usual <= high && high <= 240, 'tempo')
    assert.ok(genre.drums.lanes.length > 0 && genre.form.length > 0 && genre.sectionBars >= 4)
    for (const { voice, patterns, from = 0, until = 1 } of genre.drums.lanes) {
      assert.ok(voice in drumKeys && patterns.length > 0 && from < until, voice)
      for (const pattern of patterns) {
        assert.ok(
          pattern.length === slots || pattern.length === slots * 2,
          `${voice}: "${pattern}" has ${pattern.length} slots, a bar ${slots}`,
        )
        assert.match(pattern, /^[Xog.]+$/, voice)
      }
    }
    for (const slot of genre.drums.backbeat) assert.ok(slot >= 0 && slot < slots, 'backbeat')
    const cells = cellSlots(meterOf(genre))
    for (const part of [genre.chords, genre.arp]) {
      if (part !== undefined)
        for (const cell of part.cells)
          assert.ok(
            isCellOf(cell, cells) && /^[XogA.-]+$/.test(cell),
            `"${cell}" has ${cell.length} slots, a bar ${cells}`,
          )
    }
    for (const program of programs(genre)) assert.ok(Number.isInteger(program) && program >= 0 && program < 128)
    assert.ok(
      genre.bass.range[0] >= 24 && genre.bass.range[1] <= 60 && genre.bass.range[1] - genre.bass.range[0] >= 15,
      'bass range',
    )
    assert.ok(genre.melody.range[1] - genre.melody.range[0] >= 17, 'melody range')
    for (const kind of genre.form) assert.ok(sectionKinds.includes(kind))
  })

  test(`${genre.id}: every progression can be read in major and minor`, () => {
    for (const mode of ['minor', 'major'] as const) {
      assert.ok(genre.progressions[mode].length >= 1, mode)
      for (const row of genre.progressions[mode]) {
        const chords = parseProgression({ tonic: 'Eb', mode }, row.replace(/\./g, ' '))
        assert.ok(chords.length >= 2 && chords.every((chord) => chord !== null), row)
      }
    }
  })
}

test('every name leads to one genre, in any spelling, and an unknown one to the nearest', () => {
  const owners = new Map<string, string>()
  for (const genre of genres) {
    for (const name of [genre.id, ...namesOf(genre)]) {
      const key = name.toLowerCase().replace(/[^a-z0-9&/]+/g, '')
      assert.equal(owners.get(key) ?? genre.id, genre.id, `"${name}" names ${owners.get(key)} and ${genre.id}`)
      owners.set(key, genre.id)
      assert.equal(findGenre(name.toUpperCase())?.id, genre.id)
    }
  }
  assert.throws(() => genreOf('blarg'), /"blarg" is not a genre that is known; there are boom_bap/)
})
