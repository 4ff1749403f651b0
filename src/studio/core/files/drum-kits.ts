// Names of drum kits and the General MIDI programs that choose them on channel 10.

export const drumKitPrograms: Readonly<Record<string, number>> = {
  acoustic: 0,
  room: 8,
  power: 16,
  'TR-909': 24,
  'TR-808': 25,
  jazz: 32,
  brush: 40,
  orchestra: 48,
}

export const drumKitOf = (program: number): string =>
  Object.entries(drumKitPrograms).find(([, number]) => number === program)?.[0] ?? 'acoustic'
