// The one table of colours, in OKLCH (lightness 0-1, chroma, hue in degrees), for both themes.
// css.ts turns it into variables; contrast.test.ts holds every pair that carries meaning to WCAG AA.

export type Oklch = readonly [lightness: number, chroma: number, hue: number]

const light = {
  /** Warm off-white paper, near-black ink. */
  paper: [0.982, 0.006, 85],
  surface: [0.998, 0.002, 85],
  sunken: [0.958, 0.008, 85],
  hover: [0.944, 0.01, 85],
  line: [0.902, 0.01, 85],
  /** Borders of things one types into: 3:1 against paper is for focus, this is quieter. */
  edge: [0.835, 0.014, 85],
  staff: [0.872, 0.012, 85],
  ink: [0.225, 0.015, 65],
  soft: [0.43, 0.014, 70],
  faint: [0.515, 0.014, 72],
  /** Brass: the one accent. `brass` is a fill, `brass-ink` text on it, `brass-text` text on paper. */
  brass: [0.79, 0.128, 83],
  'brass-hover': [0.755, 0.13, 82],
  'brass-ink': [0.235, 0.04, 75],
  'brass-text': [0.475, 0.098, 74],
  'brass-line': [0.615, 0.125, 76],
  'brass-wash': [0.945, 0.036, 87],
  running: [0.5, 0.16, 255],
  'running-wash': [0.945, 0.028, 250],
  succeeded: [0.475, 0.115, 152],
  'succeeded-wash': [0.945, 0.035, 155],
  failed: [0.52, 0.19, 27],
  'failed-wash': [0.951, 0.024, 25],
  waiting: [0.505, 0.115, 58],
  'waiting-wash': [0.948, 0.042, 75],
  interrupted: [0.5, 0.17, 305],
  'interrupted-wash': [0.947, 0.026, 305],
  /** Of programs' output alone: no state has it. */
  cyan: [0.48, 0.085, 205],
  muted: [0.5, 0.012, 75],
  'muted-wash': [0.942, 0.006, 85],
} as const satisfies Record<string, Oklch>

export type Token = keyof typeof light

const dark: Record<Token, Oklch> = {
  /** Deep blue-black, soft white. */
  paper: [0.172, 0.017, 264],
  surface: [0.205, 0.019, 264],
  sunken: [0.148, 0.016, 264],
  hover: [0.252, 0.021, 264],
  line: [0.278, 0.02, 264],
  edge: [0.355, 0.022, 264],
  staff: [0.318, 0.02, 264],
  ink: [0.935, 0.008, 260],
  soft: [0.765, 0.014, 262],
  faint: [0.652, 0.018, 262],
  brass: [0.79, 0.122, 83],
  'brass-hover': [0.84, 0.118, 85],
  'brass-ink': [0.2, 0.035, 75],
  'brass-text': [0.82, 0.112, 84],
  'brass-line': [0.75, 0.125, 82],
  'brass-wash': [0.268, 0.032, 80],
  running: [0.745, 0.125, 250],
  'running-wash': [0.265, 0.05, 257],
  succeeded: [0.765, 0.135, 155],
  'succeeded-wash': [0.262, 0.036, 160],
  failed: [0.725, 0.15, 24],
  'failed-wash': [0.272, 0.052, 20],
  waiting: [0.8, 0.125, 70],
  'waiting-wash': [0.272, 0.038, 65],
  interrupted: [0.76, 0.125, 305],
  'interrupted-wash': [0.268, 0.048, 300],
  cyan: [0.79, 0.105, 200],
  muted: [0.66, 0.014, 262],
  'muted-wash': [0.25, 0.014, 262],
}

export const themes: Record<'light' | 'dark', Record<Token, Oklch>> = { light, dark }
