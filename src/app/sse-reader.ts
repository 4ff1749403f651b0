// Reads a text/event-stream, by the parsing rules of the HTML standard (section 9.2.6): any line ending, data
// over several lines, comments, an unfinished last event is dropped. Leaves out reconnecting.

export interface SseEvent {
  /** The last id seen on the stream: the cursor to go on from. Empty before the first. */
  readonly id: string
  readonly event: string
  readonly data: string
}

/** @throws whatever the source throws; ends when it ends. */
export async function* readSse(chunks: AsyncIterable<string>): AsyncGenerator<SseEvent, void, void> {
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []
  for await (const chunk of chunks) {
    rest += chunk
    // A lone \r at the very end may be half of \r\n: it waits for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, event: event === '' ? 'message' : event, data: data.join('\n') }
        event = ''
        data = []
        continue
      }
      const [field, value] = splitField(line)
      if (field === 'data') data.push(value)
      else if (field === 'event') event = value
      else if (field === 'id' && !value.includes('\0')) id = value
    }
  }
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon === -1) return [line, '']
  const value = line.slice(colon + 1)
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value]
}
