import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createRenderer, WavEncoder } from './core/index.ts'
import { smallSong } from './core/synth/testing/scores.ts'
import { renderWav } from './render-wav.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-wav-'))
after(() => rmSync(folder, { recursive: true }))

test('a file holds the same bytes as rendering in this thread, with the progress told', async () => {
  const path = join(folder, 'song.wav')
  const shares: number[] = []
  const done = await renderWav({ score: smallSong(1), path, tailSec: 1 }, { onProgress: (share) => shares.push(share) })
  const file = readFileSync(path)
  assert.equal(done.bytes, file.length)
  assert.equal(shares.at(-1), 1)
  assert.deepEqual(
    shares.toSorted((a, b) => a - b),
    shares,
  )
  const renderer = createRenderer(smallSong(1), { blockSize: 1_000_000, tailSec: 1 })
  const block = renderer.next()
  assert.ok(block !== undefined)
  assert.ok(file.subarray(44).equals(new WavEncoder(16).encode(block.left, block.right)))
  assert.ok(!existsSync(`${path}.part`))
})

test('a file of 24 bits at 48 kHz says so in its header', async () => {
  const path = join(folder, 'deep.wav')
  const { durationSec } = await renderWav({ score: smallSong(1), path, sampleRate: 48_000, bits: 24, tailSec: 0.5 })
  const file = readFileSync(path)
  assert.equal(file.toString('latin1', 0, 4), 'RIFF')
  assert.equal(file.readUInt32LE(4), file.length - 8)
  assert.equal(file.readUInt32LE(24), 48_000)
  assert.equal(file.readUInt16LE(34), 24)
  assert.equal(file.readUInt32LE(40), file.length - 44)
  assert.ok(Math.abs(durationSec - (240 / 104 + 0.5)) < 0.001)
})

test('a cancelled rendering leaves nothing and keeps the older file', async () => {
  const path = join(folder, 'kept.wav')
  await renderWav({ score: smallSong(1), path, tailSec: 0.1 })
  const before = readFileSync(path)
  const abort = new AbortController()
  const work = renderWav({ score: smallSong(200), path }, { signal: abort.signal, onProgress: () => abort.abort() })
  await assert.rejects(work, { code: 'cancelled' })
  assert.ok(readFileSync(path).equals(before))
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.part')),
    [],
  )
})

test('a folder that is not there and a score that cannot be are told apart', async () => {
  await assert.rejects(renderWav({ score: smallSong(1), path: join(folder, 'no/where.wav') }), /where\.wav/)
  const wrong = { ...smallSong(1), tracks: smallSong(1).tracks.map((track) => ({ ...track, program: 300 })) }
  await assert.rejects(renderWav({ score: wrong, path: join(folder, 'wrong.wav') }), {
    code: 'invalid_input',
    message: /program 300 does not exist/,
  })
})
