// The 128 General MIDI programs, in their order.

import { keys } from './keys.ts'
import { orchestra } from './orchestra.ts'
import type { Instrument } from './patch.ts'
import { guitars } from './strings-plucked.ts'
import { synthetic } from './synthetic.ts'
import { other } from './world.ts'

export const programs: readonly Instrument[] = [...keys, ...guitars, ...orchestra, ...synthetic, ...other]

/** @throws RangeError for anything that is no whole number from 0 to 127. */
export function instrumentOf(program: number): Instrument {
  const instrument = programs[program]
  if (instrument === undefined) throw new RangeError(`program ${program} does not exist; General MIDI has 0 to 127`)
  return instrument
}
