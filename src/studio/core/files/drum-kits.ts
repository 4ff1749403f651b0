// Drum kits and the General MIDI programs that choose them on channel 10.

import type { DrumKit } from '../../contract.ts'

export const drumKitPrograms = { acoustic: 0, 'TR-909': 24, 'TR-808': 25, jazz: 32 } as const satisfies Record<
  DrumKit,
  number
>

/** The nearest of ours: electronic, analogue, jazz and brush kits have one, all others are acoustic. */
export function drumKitOf(program: number): DrumKit {
  if (program === 24) return 'TR-909'
  if (program === 25) return 'TR-808'
  return program >= 32 && program < 48 ? 'jazz' : 'acoustic'
}
