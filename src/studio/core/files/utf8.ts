// Text as UTF-8 bytes. Own code, since the core has no platform beneath it: an AudioWorklet has no TextEncoder.

export function utf8Bytes(text: string): number[] {
  const bytes: number[] = []
  for (const char of text.toWellFormed()) {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** Bytes that are no UTF-8 are read as Latin-1, which is what older files hold. */
export function textOf(bytes: ArrayLike<number>): string {
  const list = Array.from(bytes)
  return decoded(list) ?? String.fromCharCode(...list.slice(0, 10_000))
}

function decoded(bytes: readonly number[]): string | null {
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index] ?? 0
    const more = first < 0x80 ? 0 : first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : -1
    if (more === -1 || first >= 0xf5) return null
    let code = more === 0 ? first : first & (63 >> more)
    for (let step = 1; step <= more; step += 1) {
      const next = bytes[index + step] ?? 0
      if ((next & 0xc0) !== 0x80) return null
      code = (code << 6) | (next & 63)
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null
    text += String.fromCodePoint(code)
    index += more + 1
  }
  return text
}
