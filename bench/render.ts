// The synthesiser against real time: composed songs of six tracks in one thread, the first block, and the memory
// of ten minutes; fluidsynth with a SoundFont on the same songs in the same run, when it is installed.
//
// Speeds are seconds of music per second of CPU, so that a busy machine counts less; `wall` is what a clock saw.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, createRenderer, toScore, writeSmf } from '#src/studio/core/index.ts'
import type { Score } from '#src/studio/core/index.ts'

const genres = ['lofi', 'house', 'rock', 'trap', 'jazz', 'pop']
const bars = 32
const sampleRate = 44_100

interface Speed {
  readonly cpu: number
  readonly wall: number
}

export async function run(): Promise<Record<string, unknown>> {
  // Benches answer later, as most of them must; this one has nothing to wait for.
  await Promise.resolve()
  const projects = genres.map((genre) => ({ genre, project: compose({ genre, bars, seed: '1' }) }))
  // One song more first, so that what is measured has been compiled.
  own(toScore(compose({ genre: 'disco', bars: 8, seed: '1' })))
  const ours = projects.map(({ project }) => own(toScore(project)))
  const fluid = fluidsynth(projects.map(({ project }) => writeSmf(project).bytes))
  const firstScore = toScore(compose({ genre: 'pop', bars, seed: '2' }))
  return {
    songs: genres.join(' '),
    tracksMean: round(projects.reduce((sum, { project }) => sum + project.tracks.length, 0) / genres.length),
    timesRealTimeCpu: round(mean(ours.map(({ cpu }) => cpu))),
    slowestCpu: round(Math.min(...ours.map(({ cpu }) => cpu))),
    timesRealTimeWall: round(mean(ours.map(({ wall }) => wall))),
    fluidsynthTimesRealTimeCpu: fluid === undefined ? 'not installed' : round(fluid.cpu),
    fluidsynthTimesRealTimeWall: fluid === undefined ? 'not installed' : round(fluid.wall),
    firstBlockMs: round(firstBlockMs(firstScore)),
    rssGrowthMbTenMinutes: round(rssGrowthMb()),
    target: '>= 40 times real time, first block <= 120 ms, growth <= 80 MB',
  }
}

const round = (value: number): number => Math.round(value * 10) / 10
/** Of rates: what the songs together would have. */
const mean = (rates: readonly number[]): number => rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0)

function own(score: Score): Speed {
  const before = process.cpuUsage()
  const start = performance.now()
  const renderer = createRenderer(score, { sampleRate })
  const left = new Float32Array(4_096)
  const right = new Float32Array(4_096)
  while (renderer.render(left, right) > 0);
  const { user, system } = process.cpuUsage(before)
  const sec = renderer.totalFrames / sampleRate
  return { cpu: sec / ((user + system) / 1e6), wall: sec / ((performance.now() - start) / 1_000) }
}

/** Undefined without the program or any SoundFont. */
function fluidsynth(songs: readonly Uint8Array[]): Speed | undefined {
  const bank = globSync('/usr/share/sounds/sf2/*.sf2')
    .sort()
    .find((path) => existsSync(path))
  if (bank === undefined || spawnSync('fluidsynth', ['--version']).error !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'maestro-bench-'))
  try {
    let cpuSec = 0
    let wallSec = 0
    let musicSec = 0
    for (const [i, bytes] of songs.entries()) {
      const midi = join(folder, `${i}.mid`)
      const wav = join(folder, `${i}.wav`)
      writeFileSync(midi, bytes)
      const start = performance.now()
      const script = 'fluidsynth -ni -q -r 44100 -F "$0" "$1" "$2" >/dev/null 2>&1; times'
      const said = execFileSync('sh', ['-c', script, wav, bank, midi], { encoding: 'utf8' })
      wallSec += (performance.now() - start) / 1_000
      // The second line of `times` is the children's user and system time.
      const times = [...(said.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
      cpuSec += times.reduce((sum, time) => sum + 60 * Number(time[1]) + Number(time[2]), 0)
      musicSec += statSync(wav).size / (sampleRate * 4)
    }
    return { cpu: musicSec / cpuSec, wall: musicSec / wallSec }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function firstBlockMs(score: Score): number {
  const start = performance.now()
  createRenderer(score, { blockSize: 128, sampleRate }).next()
  return performance.now() - start
}

/** What the process grows by while ten minutes go by in blocks that nobody keeps. */
function rssGrowthMb(): number {
  const score = toScore(compose({ genre: 'pop', bars: 240, seed: '3' }))
  const renderer = createRenderer(score, { sampleRate })
  const before = process.memoryUsage.rss()
  let highest = before
  for (let block = renderer.next(); block !== undefined; block = renderer.next())
    if (renderer.framesDone % (64 * 4_096) === 0) highest = Math.max(highest, process.memoryUsage.rss())
  return (highest - before) / (1_024 * 1_024)
}
