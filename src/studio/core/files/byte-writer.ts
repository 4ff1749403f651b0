// Bytes as MIDI files have them: big-endian numbers, variable-length quantities, chunks. Grows as needed.

export interface ByteWriter {
  byte(value: number): void
  bytes(values: ArrayLike<number>): void
  uint16(value: number): void
  uint32(value: number): void
  /** At most 4 bytes, 28 bits. */
  quantity(value: number): void
  done(): Uint8Array
}

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(1_024)
  let size = 0
  const room = (count: number): void => {
    if (size + count <= buffer.length) return
    const larger = new Uint8Array(Math.max(buffer.length * 2, size + count))
    larger.set(buffer)
    buffer = larger
  }
  const byte = (value: number): void => {
    room(1)
    buffer[size] = value & 0xff
    size += 1
  }
  const uint16 = (value: number): void => {
    byte(value >>> 8)
    byte(value)
  }
  return {
    byte,
    bytes(values) {
      room(values.length)
      buffer.set(values, size)
      size += values.length
    },
    uint16,
    uint32(value) {
      uint16(value >>> 16)
      uint16(value)
    },
    quantity(value) {
      if (value >= 1 << 21) byte((value >>> 21) | 0x80)
      if (value >= 1 << 14) byte((value >>> 14) | 0x80)
      if (value >= 1 << 7) byte((value >>> 7) | 0x80)
      byte(value & 0x7f)
    },
    done: () => buffer.slice(0, size),
  }
}
