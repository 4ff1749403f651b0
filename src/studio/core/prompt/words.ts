// Words of a request for music and what they mean, in English and German. Data only.

import type { Role } from '../../contract.ts'

/** Instruments: the part they play when somebody names them, and their General MIDI program. */
export interface InstrumentWord {
  readonly words: string
  readonly role: Role
  readonly program: number
  readonly name: string
  /** Can lead as well as accompany. */
  readonly leads?: true
}

const instrument = (words: string, role: Role, program: number, name: string, leads?: true): InstrumentWord =>
  leads === undefined ? { words, role, program, name } : { words, role, program, name, leads }

/** Longer names come before the words inside them. */
export const instruments: readonly InstrumentWord[] = [
  instrument('upright bass|double bass|contrabass|kontrabass|acoustic bass', 'bass', 32, 'Upright Bass'),
  instrument('slap bass', 'bass', 36, 'Slap Bass'),
  instrument('synth bass|sub bass|reese|synthbass|subbass', 'bass', 38, 'Synth Bass'),
  instrument('808s?|808 bass', 'bass', 38, '808'),
  instrument('bass guitar|e-?bass|bassgitarre|basslines?|basslauf|bass', 'bass', 33, 'Bass'),
  instrument('electric piano|rhodes|wurlitzer|wurli|e-?piano', 'chords', 4, 'Electric Piano', true),
  instrument('grand piano|piano|klavier|flügel|fluegel', 'chords', 0, 'Piano', true),
  instrument('keys|keyboards?', 'chords', 4, 'Keys', true),
  instrument('acoustic guitar|akustikgitarre|steel guitar', 'chords', 25, 'Acoustic Guitar', true),
  instrument('nylon guitar|classical guitar|spanish guitar|konzertgitarre', 'chords', 24, 'Nylon Guitar', true),
  instrument('distorted guitar|distortion guitar|heavy guitars?', 'chords', 30, 'Distorted Guitar', true),
  instrument('electric guitar|e-?gitarre', 'chords', 27, 'Electric Guitar', true),
  instrument('guitars?|gitarren?', 'chords', 27, 'Guitar', true),
  instrument('hammond|organ|orgel', 'chords', 16, 'Organ'),
  instrument('accordion|akkordeon', 'chords', 21, 'Accordion', true),
  instrument('harp|harfe', 'arp', 46, 'Harp'),
  instrument('arpeggios?|arps?|arpeggiator|sequence', 'arp', 81, 'Arp'),
  instrument('string section|strings|streicher', 'pad', 48, 'Strings'),
  instrument('choir|chor', 'pad', 52, 'Choir'),
  instrument('synth pads?|pads?|flächen', 'pad', 89, 'Pad'),
  instrument('tenor sax(?:ophone)?|tenorsaxophon', 'melody', 66, 'Tenor Sax'),
  instrument('sax(?:ophone|ophon)?', 'melody', 65, 'Sax'),
  instrument('trumpets?|trompeten?', 'melody', 56, 'Trumpet'),
  instrument('trombones?|posaunen?', 'melody', 57, 'Trombone'),
  instrument('horns?|brass|bläser', 'melody', 61, 'Brass'),
  instrument('flutes?|flöten?|querflöte', 'melody', 73, 'Flute'),
  instrument('clarinets?|klarinetten?', 'melody', 71, 'Clarinet'),
  instrument('violins?|fiddle|geigen?|violinen?', 'melody', 40, 'Violin'),
  instrument('cellos?|celli', 'melody', 42, 'Cello'),
  instrument('vibraphone|vibes|vibraphon', 'melody', 11, 'Vibraphone'),
  instrument('marimba', 'melody', 12, 'Marimba'),
  instrument('bells|glocken|music box|spieluhr', 'melody', 14, 'Bells'),
  instrument('lead synth|synth lead|lead', 'melody', 81, 'Lead'),
  instrument('synths?|synthesi[sz]ers?', 'chords', 90, 'Synth', true),
]

export const drumWords = 'drums?|drumkit|drum kit|percussion|schlagzeug|trommeln|perkussion'
export const melodyWords = 'melod(?:y|ie|ies|ien)|tune|topline'
export const chordWords = 'chords|akkorde|harmony|harmonies'

/** Aliases that are as often an adjective or another thing: they count when no other genre is named. */
export const weakGenreWords: readonly string[] = [
  'swing',
  'groove',
  'funky',
  'film',
  'epic',
  'folk',
  'latin',
  'dance',
  'son',
  'dub',
  'rap',
  'minimal',
  'acid',
  'indie',
  'alternative',
  'drone',
  'shuffle',
  'western',
  'cuban',
  'afro',
  'roots',
  'orchestral',
  'soundtrack',
  'breaks',
  'sequence',
  'garage',
  'caribbean',
  'irish',
  'celtic',
  'liquid',
  'hardcore',
  '80s',
  'eighties',
  '3/4',
  '6/8',
  '12/8',
  'slow dance',
  'meditation',
  '808 beat',
  'gospel',
  'carnival',
]

/** What a mood does when nothing more definite is said. */
export const moods: readonly {
  readonly words: string
  readonly energy?: number
  readonly density?: number
  readonly complexity?: number
  readonly minor?: boolean
  readonly genre?: string
}[] = [
  {
    words: 'chill(?:ed|ing|ige[rns]?)?|relax(?:ed|ing)?|laid[- ]?back|entspannt\\w*|gechillt\\w*',
    energy: 0.4,
    genre: 'lofi',
  },
  { words: 'calm|mellow|soft|gentle|peaceful|quiet|ruhig\\w*|sanft\\w*|leise\\w*', energy: 0.35 },
  { words: 'sad|melanchol(?:y|ic|isch\\w*)|traurig\\w*|nostalgic|wehmütig\\w*', energy: 0.45, minor: true },
  { words: 'dark|moody|sinister|ominous|düster\\w*|dunkl\\w*|finster\\w*', minor: true },
  { words: 'happy|uplifting|bright|cheerful|joyful|sunny|fröhlich\\w*|glücklich\\w*|heiter\\w*', minor: false },
  {
    words: 'energetic|driving|aggressive|powerful|hype|intense|energisch\\w*|kraftvoll\\w*|treibend\\w*|wild\\w*',
    energy: 0.95,
  },
  { words: 'busy|busier|dense|complex|virtuos\\w*|komplex\\w*|dicht\\w*', density: 0.85, complexity: 0.85 },
  { words: 'sparse|simple|minimalist\\w*|einfach\\w*|schlicht\\w*|spärlich\\w*', density: 0.25, complexity: 0.25 },
  { words: 'epic|cinematic|filmisch\\w*|orchestral', genre: 'ambient' },
]

export const numberWords: Readonly<Record<string, number>> = {
  two: 2,
  four: 4,
  six: 6,
  eight: 8,
  twelve: 12,
  sixteen: 16,
  twenty: 20,
  'twenty-four': 24,
  'thirty-two': 32,
  'sixty-four': 64,
  zwei: 2,
  vier: 4,
  sechs: 6,
  acht: 8,
  zwölf: 12,
  sechzehn: 16,
  zwanzig: 20,
  vierundzwanzig: 24,
  zweiunddreißig: 32,
  vierundsechzig: 64,
}

/** Note names of German keys, where B is what others call Bb. */
export const germanNotes: Readonly<Record<string, string>> = {
  c: 'C',
  cis: 'C#',
  des: 'Db',
  d: 'D',
  dis: 'D#',
  es: 'Eb',
  e: 'E',
  f: 'F',
  fis: 'F#',
  ges: 'Gb',
  g: 'G',
  gis: 'G#',
  as: 'Ab',
  a: 'A',
  ais: 'A#',
  b: 'Bb',
  h: 'B',
  ces: 'Cb',
}
