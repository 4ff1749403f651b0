// The mathematics of the pure core: equal bits on every engine. Used instead of `Math.sin`, `Math.exp` and the
// like, which are banned there; `Math.floor`, `round`, `abs`, `min`, `max`, `sqrt`, `fround`, `imul` and `clz32`
// are exact and stay allowed.

export { exp, exp2, log, log2, pow, sqrt, tanh } from './exponential.ts'
export { clamp, dbToGain, gainToDb, lerp, pitchToHz } from './levels.ts'
export { cos, PI, sin, tan, TAU } from './trigonometry.ts'
