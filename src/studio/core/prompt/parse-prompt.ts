// A request in words as a spec, by rules and without a model: genre, key, tempo, bars, meter, instruments, sections,
// chords, mood. English and German. What is not said stays open, and the genre decides; what was guessed is told.

import { type ComposeSpec, type Key, meters, type Mode, modes, type Role } from '../../contract.ts'
import { genreOf, genres, namesOf } from '../genres/index.ts'
import { isMinor, parseKey } from '../theory/key.ts'
import { parseProgression } from '../theory/roman.ts'
import {
  chordWords,
  drumWords,
  germanNotes,
  instruments,
  melodyWords,
  moods,
  numberWords,
  weakGenreWords,
} from './words.ts'

export interface ParsedPrompt {
  readonly spec: ComposeSpec
  /** What was assumed, in plain sentences. */
  readonly remarks: readonly string[]
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const whole = (words: string): RegExp => new RegExp(`(?<![\\p{L}\\d#])(?:${words})(?![\\p{L}\\d])`, 'iu')
const has = (text: string, words: string): boolean => whole(words).test(text)

const MOST_CHARACTERS = 4_000
const MOST_CHORD_CHARACTERS = 600

export function parsePrompt(prompt: string): ParsedPrompt {
  const text = ` ${prompt.slice(0, MOST_CHARACTERS).replace(/\s+/g, ' ')} `
  const remarks: string[] = []
  const mood = moodOf(text)
  const genre = findGenreIn(text) ?? mood.genre
  if (genre === undefined) remarks.push('no genre was named: it is pop')
  const spec: ComposeSpec = { genre: genre ?? 'pop' }
  const usual = genreOf(spec.genre)
  const key = keyIn(text)
  const mode = modeIn(text) ?? (mood.minor === undefined ? undefined : mood.minor ? 'minor' : 'major')
  if (key !== undefined) spec.key = key
  else if (mode !== undefined && isMinor(mode) !== isMinor(usual.mode))
    spec.key = { tonic: isMinor(mode) ? 'A' : 'C', mode }
  const tempo = tempoIn(text, usual.bpm)
  if (tempo !== undefined) {
    spec.tempo = Math.min(240, Math.max(40, tempo))
    if (spec.tempo !== tempo) remarks.push(`a tempo of ${tempo} is not possible: it is ${spec.tempo}`)
  }
  const meter = meters.find((name) => new RegExp(`(?<!\\d)${escaped(name)}(?!\\d)`).test(text))
  if (meter !== undefined) spec.meter = meter
  const sections = sectionsIn(text, usual.sectionBars)
  const bars = barsIn(text, spec.tempo ?? usual.bpm[1], usual.meter)
  if (sections !== undefined) spec.sections = sections
  else if (bars !== undefined) {
    spec.bars = Math.min(1_000, Math.max(1, bars))
    if (spec.bars !== bars) remarks.push(`${bars} bars are not possible: there are ${spec.bars}`)
  }
  const chords = chordsIn(text, spec.key ?? { tonic: 'C', mode: usual.mode })
  if (chords !== undefined) spec.chords = chords
  if (mood.energy !== undefined) spec.energy = mood.energy
  if (mood.density !== undefined) spec.density = mood.density
  if (mood.complexity !== undefined) spec.complexity = mood.complexity
  if (has(text, 'tight|quantized|quantised|robotic|exakt')) spec.humanize = 0
  if (has(text, 'loose|human|live feel|locker')) spec.humanize = 1
  if (has(text, 'straight|gerade')) spec.swing = { amount: 0, grid: usual.swing.grid }
  else if (has(text, 'swung|with swing|with a swing|swinging|shuffled|mit swing') && usual.swing.amount !== 'ride') {
    spec.swing = { amount: 0.8, grid: usual.swing.grid }
  }
  Object.assign(spec, partsIn(text, usual))
  const seed = /\bseed[ :#]+([\w-]{1,60})/i.exec(text)?.[1]
  if (seed !== undefined) spec.seed = seed
  const name = /(?:called|named|titled|namens|genannt) ["“']([^"”']{1,80})["”']/i.exec(text)?.[1]
  if (name !== undefined) spec.name = name
  return { spec, remarks }
}

/** The longest name of a genre in the text; weak words only when nothing else is there. */
function findGenreIn(text: string): string | undefined {
  let best: { id: string; size: number } | undefined
  for (const genre of genres) {
    for (const name of [genre.id, ...namesOf(genre)]) {
      const words = escaped(name.toLowerCase()).replace(/[ -]/g, '[ -]?')
      if (!has(text, words)) continue
      const size = weakGenreWords.includes(name.toLowerCase()) ? 0.1 + name.length / 100 : name.length
      if (best === undefined || size > best.size) best = { id: genre.id, size }
    }
  }
  return best?.id
}

const modePattern = modes.map((mode) => mode.replace('_', '[ _-]')).join('|')

function keyIn(text: string): Key | undefined {
  const german = new RegExp(
    `(?<![\\p{L}\\d])(${Object.keys(germanNotes)
      .sort((a, b) => b.length - a.length)
      .join('|')})[- ]?(moll|dur)(?![\\p{L}])`,
    'iu',
  ).exec(text)
  if (german !== null) {
    const tonic = germanNotes[(german[1] ?? '').toLowerCase()] ?? 'C'
    return { tonic, mode: german[2]?.toLowerCase() === 'moll' ? 'minor' : 'major' }
  }
  const words = text.replace(/([A-Ga-g])[ -]sharp/g, '$1#').replace(/([A-Ga-g])[ -]flat/g, '$1b')
  // "in a minor key" names a mode and no tonic.
  const full = new RegExp(
    `(?<![\\p{L}\\d#])([A-Ga-g][#♯b♭]?)[ -](${modePattern}|maj|min|ionian|aeolian)(?! key)(?![\\p{L}])`,
    'iu',
  ).exec(words)
  if (full !== null && !/^a$/.test(full[1] ?? '')) return parseKey(`${full[1]} ${(full[2] ?? '').toLowerCase()}`)
  if (full !== null && /\bin a (?:minor|major|dorian|phrygian|lydian|mixolydian)/.test(words))
    return parseKey(`A ${(full[2] ?? '').toLowerCase()}`)
  const short =
    /(?:\bin|\bkey of|\bkey:?) ([A-G][#♯b♭]?m?)(?![\p{L}\d#])/u.exec(words)?.[1] ??
    /(?<![\p{L}\d#])([A-G][#♯b♭]?m)(?![\p{L}\d#])(?! [A-G])/u.exec(words)?.[1]
  return short === undefined ? undefined : parseKey(short)
}

function modeIn(text: string): Mode | undefined {
  if (has(text, 'minor key|moll')) return 'minor'
  return has(text, 'major key|dur') ? 'major' : undefined
}

function tempoIn(text: string, [slow, , fast]: readonly [number, number, number]): number | undefined {
  const number =
    /(\d{2,3}(?:\.\d{1,2})?) ?-?(?:bpm|beats per minute|beats a minute|schläge)/i.exec(text)?.[1] ??
    /\btempo(?: of| von|:)? ?(\d{2,3}(?:\.\d{1,2})?)/i.exec(text)?.[1] ??
    /\b(?:at|bei|@) ?(\d{2,3})\b(?! ?-?(?:bars?|takte|measures|seconds|minutes|%))/i.exec(text)?.[1]
  if (number !== undefined) return Number(number)
  if (has(text, 'slow|langsame?[rns]?')) return slow
  return has(text, 'fast|quick|uptempo|up-tempo|schnelle?[rns]?') ? fast : undefined
}

function barsIn(text: string, bpm: number, meter: readonly [number, 4 | 8]): number | undefined {
  const names = Object.keys(numberWords)
    .sort((a, b) => b.length - a.length)
    .join('|')
  const match = new RegExp(
    `(?<![\\p{L}\\d/])(\\d{1,6}|${names})[- ]?(?:bars?|measures?|takte?n?|taktige[rsn]?)(?![\\p{L}])`,
    'iu',
  ).exec(text)
  if (match !== null) return numberWords[(match[1] ?? '').toLowerCase()] ?? Number(match[1])
  const length = /(\d{1,3}) ?-?(seconds?|sec|s|sekunden|minutes?|min|minuten?)\b/i.exec(text)
  if (length === null) return undefined
  const seconds = Number(length[1]) * (/^m/i.test(length[2] ?? '') ? 60 : 1)
  const perBar = (meter[1] === 8 ? meter[0] / 3 : meter[0]) * (60 / bpm)
  // Whole phrases of four bars, the nearest.
  return Math.max(4, Math.round(seconds / perBar / 4) * 4)
}

const sectionWord =
  'intro|verse|pre-?chorus|chorus|hook|bridge|break(?:down)?|build(?:-?up)?|drop|solo|head|outro|strophe|refrain'

function sectionsIn(text: string, usualBars: number): ComposeSpec['sections'] {
  const found = [
    ...text.matchAll(
      new RegExp(
        `(?:(\\d{1,3})[- ]?(?:bars?|takte?)?[- ](?:of )?)?(?<![\\p{L}])(${sectionWord})(?![\\p{L}])(?:(?: of| with| for|:|,)? \\(?(\\d{1,3})(?: ?bars?| ?takte)?\\)?)?`,
        'giu',
      ),
    ),
  ]
  if (found.length < 2) return undefined
  return found.slice(0, 64).map((match) => {
    const name = match[2] ?? 'verse'
    const bars = Number(match[1] ?? match[3] ?? (/^(?:intro|outro|pre)/i.test(name) ? 4 : usualBars))
    return { name: name.charAt(0).toUpperCase() + name.slice(1).toLowerCase(), bars: Math.min(256, Math.max(1, bars)) }
  })
}

/** The words after "chords", "over" and the like, as far as they are chords: two at least. */
function chordsIn(text: string, key: Key): string | undefined {
  const keywords = /(?:chords?|progression|changes|akkorde|akkordfolge|over|über)(?: of| like| is)?:? /gu
  for (const match of text.matchAll(keywords)) {
    const kept: string[] = []
    const rest = text.slice(match.index + match[0].length).slice(0, MOST_CHORD_CHARACTERS)
    for (const word of rest.split(/[\s,|–]+|-(?=[A-Gb#IViv])/).filter((part) => part !== '')) {
      const chord = word.replace(/[.!?;]+$/, '')
      if (!isChord(chord, key)) break
      kept.push(chord)
      // The sentence ends here.
      if (chord !== word) break
    }
    if (kept.length >= 2) return kept.join(' ')
  }
  return undefined
}

function isChord(word: string, key: Key): boolean {
  try {
    parseProgression(key, word)
    return true
  } catch {
    return false
  }
}

interface Mood {
  genre?: string
  energy?: number
  density?: number
  complexity?: number
  minor?: boolean
}

function moodOf(text: string): Mood {
  const mood: Mood = {}
  for (const { words, ...effect } of moods) if (has(text, words)) Object.assign(mood, effect)
  return mood
}

const without = 'no|without|ohne|keine?n?|kein'

function partsIn(text: string, genre: ReturnType<typeof genreOf>): Pick<ComposeSpec, 'parts' | 'instruments'> {
  const refused = new Set<Role>()
  const isRefused = (words: string): boolean =>
    has(text, `(?:${without})(?: any)? (?:\\w+ (?:or|and|oder|und) )?(?:${words})`)
  if (isRefused(drumWords)) refused.add('drums')
  if (isRefused(melodyWords)) refused.add('melody')
  if (isRefused(chordWords)) refused.add('chords')
  // A genre's own name is no instrument: "drum and bass" asks for no bass guitar.
  const names = [genre.id, ...namesOf(genre)].map((name) => escaped(name).replace(/[ -]/g, '[ -]?')).join('|')
  let rest = text.replace(new RegExp(whole(names).source, 'giu'), ' ')
  const chosen: NonNullable<ComposeSpec['instruments']> = {}
  const leading: { name: string; program: number }[] = []
  for (const { words, role, program, name, leads } of instruments) {
    if (!has(rest, words)) continue
    const isGone = isRefused(words)
    rest = rest.replace(new RegExp(whole(words).source, 'giu'), ' ')
    if (isGone) {
      refused.add(role)
      continue
    }
    const own = { name, program }
    if (chosen[role] === undefined) chosen[role] = own
    else if (role === 'chords') chosen.pad ??= own
    if (leads === true) leading.push(own)
  }
  const all: Role[] = [
    'drums',
    'bass',
    'chords',
    ...(genre.pad === undefined ? [] : (['pad'] as const)),
    ...(genre.arp === undefined ? [] : (['arp'] as const)),
    'melody',
  ]
  const isOnly = has(text, 'only|just|solo|nur') && !has(text, 'solo section')
  if (
    isOnly &&
    has(
      text,
      `(?:only|just|nur)(?: a| the| ein| das)? (?:${drumWords})|(?:${drumWords}) (?:only|solo)|drum (?:loop|beat|pattern|groove) only|(?:only|just) a drum (?:loop|beat|groove|pattern)`,
    )
  )
    return { parts: ['drums'] }
  const named = Object.keys(chosen) as Role[]
  const [lead] = leading
  if (chosen.melody === undefined && lead !== undefined && named.includes('chords'))
    chosen.melody = { ...lead, name: `${lead.name} Melody` }
  let parts = all
  if (isOnly && named.length > 0)
    parts = [...new Set<Role>([...named, ...(chosen.melody === undefined ? [] : (['melody'] as const))])]
  else if (named.includes('chords')) {
    const kept: Role[] = ['drums', ...named, 'melody']
    parts = all.filter((role) => kept.includes(role))
    for (const role of named) if (!parts.includes(role)) parts.push(role)
  } else parts = [...all, ...named.filter((role) => !all.includes(role))]
  const left = parts.filter((role) => !refused.has(role))
  return {
    ...(left.length === all.length && left.every((role) => all.includes(role))
      ? {}
      : { parts: left.length === 0 ? ['drums'] : left }),
    ...(Object.keys(chosen).length === 0 ? {} : { instruments: chosen }),
  }
}
