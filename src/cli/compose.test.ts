import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCli } from './testing/fakes.ts'

function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-compose-'))
  return use(folder).finally(() => rmSync(folder, { recursive: true, force: true }))
}

test('compose writes a piece from a sentence, the same bytes for the same seed, and asks no server', () =>
  inFolder(async (folder) => {
    const sentence = 'make a 16 bar lofi beat in D minor at 80 with piano and bass'
    const ran = await runCli(['compose', sentence, '--seed', '7', '--out', join(folder, 'a'), '--no-wav'])
    assert.deepEqual([ran.code, ran.err], [0, ''])
    assert.match(ran.out, /^Lofi in D minor {2}16 bars at 80, \d+ notes, seed 7/)
    assert.deepEqual(readdirSync(join(folder, 'a')).sort(), ['song.json', 'song.mid', 'song.musicxml'])
    await runCli(['compose', sentence, '--seed', '7', '--out', join(folder, 'b'), '--no-wav'])
    await runCli(['compose', sentence, '--seed', '8', '--out', join(folder, 'c'), '--no-wav'])
    const midi = (name: string): string => readFileSync(join(folder, name, 'song.mid')).toString('hex')
    assert.equal(midi('a'), midi('b'))
    assert.notEqual(midi('a'), midi('c'))
  }))

test('compose says what it assumed, and --json says what it understood', () =>
  inFolder(async (folder) => {
    const ran = await runCli(['compose', 'something nice at 999 bpm', '--json', '--no-wav', '--out', folder])
    assert.equal(ran.code, 0)
    assert.match(ran.err, /note: no genre was named: it is pop\nnote: a tempo of 999 is not possible: it is 240/)
    const answer = JSON.parse(ran.out) as { spec: { genre: string }; tempo: number; files: string[] }
    assert.deepEqual([answer.spec.genre, answer.tempo, answer.files.length], ['pop', 240, 3])
  }))

test('a folder that cannot be written is named, with what to do', () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, 'file'), '')
    const ran = await runCli(['compose', 'lofi', '--out', join(folder, 'file')])
    assert.equal(ran.code, 2)
    assert.match(ran.err, /error: ".*file" is not a folder.*\nhint: name another folder with --out/)
  }))

test('compose writes sound too: a WAV as long as the piece and what rings on', () =>
  inFolder(async (folder) => {
    const ran = await runCli(['compose', '2 bars of lofi at 120', '--out', folder])
    assert.equal(ran.code, 0)
    const wav = readFileSync(join(folder, 'song.wav'))
    assert.equal(wav.toString('latin1', 0, 4), 'RIFF')
    const seconds = (wav.length - 44) / (44_100 * 4)
    assert.ok(seconds >= 4 && seconds <= 8, `${seconds} s`)
    assert.ok(wav.subarray(44).some((byte) => byte !== 0))
  }))
