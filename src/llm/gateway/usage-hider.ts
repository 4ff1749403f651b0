// Takes the one event out of a stream of chat completions that the gateway asked for and the caller did not:
// the last chunk, with usage and no choices. Clients of the older form read `choices[0]` of every chunk.
// All other events pass byte for byte; one longer than the bound, and what follows it, passes unread.

const maxEventBytes = 1024 * 1024

export interface UsageHider {
  push(chunk: Buffer): Buffer
  end(): Buffer
}

export function createUsageHider(): UsageHider {
  let held: Buffer = Buffer.alloc(0)
  let gaveUp = false

  return {
    push(chunk) {
      if (gaveUp) return chunk
      held = Buffer.concat([held, chunk])
      const passed: Buffer[] = []
      for (let end = endOfEvent(held); end !== -1; end = endOfEvent(held)) {
        const event = held.subarray(0, end)
        if (!isUsageOnly(event.toString('utf8'))) passed.push(event)
        held = held.subarray(end)
      }
      if (held.length > maxEventBytes) {
        gaveUp = true
        passed.push(held)
        held = Buffer.alloc(0)
      }
      return Buffer.concat(passed)
    },
    end() {
      const rest = held
      held = Buffer.alloc(0)
      return isUsageOnly(rest.toString('utf8')) ? Buffer.alloc(0) : rest
    },
  }
}

function endOfEvent(bytes: Buffer): number {
  const [plain, windows] = [bytes.indexOf('\n\n'), bytes.indexOf('\r\n\r\n')]
  if (windows !== -1 && (plain === -1 || windows < plain)) return windows + 4
  return plain === -1 ? -1 : plain + 2
}

function isUsageOnly(event: string): boolean {
  if (!event.includes('"usage"')) return false
  const data = event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n')
  try {
    const { choices, usage } = JSON.parse(data) as { choices?: unknown; usage?: unknown }
    return Array.isArray(choices) && choices.length === 0 && typeof usage === 'object' && usage !== null
  } catch {
    return false
  }
}
