// The door of the studio: music as data, its composer and its sound.

export { effectParameters } from './core/synth/effect-parameters.ts'
export type { Score, ScoreTrack } from './core/synth/score.ts'
export { renderWav, type RenderedWav, type RenderWavInput, type RenderWavOptions } from './render-wav.ts'
