// Cuts markdown at blank lines where that cannot change its meaning, so that while an answer streams
// only its last piece is drawn anew. Never cuts inside a fence, before an indented line, a list item,
// a table or a reference. Pure.

const fence = /^ {0,3}(```+|~~~+)/
const glued = /^(\s|[-*+] |\d+[.)] |\||\[[^\]]+\]:)/

export function splitMarkdown(text: string): string[] {
  // Reference definitions reach across blocks: leave such a text whole.
  if (/^ {0,3}\[[^\]]+\]:/m.test(text)) return [text]
  const pieces: string[] = []
  let piece: string[] = []
  let open: string | undefined
  let blank = false
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1]
    if (open === undefined && blank && piece.length > 0 && line !== '' && !glued.test(line)) {
      pieces.push(piece.join('\n'))
      piece = []
    }
    if (mark !== undefined) {
      if (open === undefined) open = mark
      else if (mark.startsWith(open) && line.trim() === mark) open = undefined
    }
    piece.push(line)
    blank = line.trim() === ''
  }
  if (piece.length > 0) pieces.push(piece.join('\n'))
  return pieces
}
