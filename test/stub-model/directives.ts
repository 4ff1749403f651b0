// What a prompt asks of the stub model server: `[[name arguments]]` anywhere in the newest user
// message. Pure; the server acts on the result.

export interface ToolCall {
  readonly name: string
  readonly args: unknown
}

export interface Script {
  /** Asked for one after the other, each once its predecessor's result is there. */
  readonly tools: readonly ToolCall[]
  /** Asked for again after every result, without end. */
  readonly loopTool: ToolCall | null
  /** Answer with this HTTP status and no completion. */
  readonly status: number | null
  readonly waitMs: number
  readonly stream: { readonly words: number; readonly everyMs: number } | null
  /** Close the connection in the middle of the answer. */
  readonly cut: boolean
  /** An answer without any text. */
  readonly empty: boolean
  /** What this call costs, in US dollars, in the usage of chat completions; null: `callCostUsd`. */
  readonly costUsd: number | null
  /** The answer, word for word. */
  readonly say: string | null
  /** The answer in these pieces, one every 60 ms: `[[pieces a|b|c]]`. What they make together stands in no prompt. */
  readonly pieces: readonly string[] | null
}

const directive = /\[\[([a-z-]+)(?:\s+([\s\S]*?))?\]\]/g

/**
 * Text without a directive gives a script that echoes. Broken arguments are ignored.
 * @param model that is asked: `[[status-of MODEL 404]]` is for it alone
 */
export function readScript(text: string, model = ''): Script {
  const tools: ToolCall[] = []
  let script: Script = {
    tools,
    loopTool: null,
    status: null,
    waitMs: 0,
    stream: null,
    cut: false,
    empty: false,
    costUsd: null,
    say: null,
    pieces: null,
  }
  for (const [, name, rest = ''] of text.matchAll(directive)) {
    const numbers = rest.trim().split(/\s+/).map(Number)
    switch (name) {
      case 'tool':
        tools.push(readTool(rest))
        break
      case 'loop-tool':
        script = { ...script, loopTool: readTool(rest) }
        break
      case 'status':
        script = { ...script, status: numbers[0] ?? 500 }
        break
      case 'status-of':
        if (rest.trim().split(/\s+/)[0] === model) script = { ...script, status: numbers[1] ?? 500 }
        break
      case 'wait':
        script = { ...script, waitMs: (numbers[0] ?? 0) * 1_000 }
        break
      case 'stream':
        script = { ...script, stream: { words: numbers[0] ?? 10, everyMs: numbers[1] ?? 0 } }
        break
      case 'cut':
        script = { ...script, cut: true }
        break
      case 'cost':
        script = { ...script, costUsd: numbers[0] ?? 0 }
        break
      case 'empty':
        script = { ...script, empty: true }
        break
      case 'pieces':
        script = { ...script, pieces: rest.split('|') }
        break
      case 'say':
        script = { ...script, say: rest }
        break
      default:
    }
  }
  return script
}

function readTool(rest: string): ToolCall {
  const [, name = '', json = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(rest) ?? []
  try {
    return { name, args: JSON.parse(json === '' ? '{}' : json) as unknown }
  } catch {
    return { name, args: {} }
  }
}
