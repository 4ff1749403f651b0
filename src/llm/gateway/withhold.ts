// Takes tools out of a model call that the agent offers of its own accord, though its step asked for none of
// them: a prompt has exactly the tools it names, and no tokens are paid for others. Pure.

import { partsAt, type Span, withoutParts } from './json-spans.ts'
import type { Format } from './routes.ts'

/** Of no use, and refused by some providers, in a call that offers no tool. */
const goesWithTools = new Set(['tools', 'tool_choice', 'parallel_tool_calls', 'toolConfig', 'tool_config'])

/** The body without these tools; the same buffer when it offers none of them. @param body valid JSON, an object */
export function withholdTools(format: Format, body: Buffer, names: readonly string[]): Buffer {
  if (!names.some((name) => body.includes(name))) return body
  const text = body.toString('utf8')
  const members = partsAt(text, 0)
  const tools = members.find(({ key }) => key === 'tools')
  if (tools === undefined) return body
  const offered = partsAt(text, tools.valueAt)
  const left = offered.flatMap((tool) => {
    const rest =
      format === 'gemini'
        ? withoutDeclarations(text, tool, names)
        : isNamed(text, tool, names)
          ? null
          : text.slice(tool.from, tool.to)
    return rest === null ? [] : [rest]
  })
  const unchanged = left.length === offered.length && left.every((rest, at) => rest.length === lengthOf(offered[at]))
  if (unchanged) return body
  if (left.length === 0) return Buffer.from(withoutParts(text, members, ({ key }) => goesWithTools.has(key ?? '')))
  return Buffer.from(`${text.slice(0, tools.valueAt)}[${left.join(',')}]${text.slice(tools.to)}`)
}

const lengthOf = (span: Span | undefined): number => (span === undefined ? 0 : span.to - span.from)

/** Chat completions nest the name, Anthropic and Responses do not. */
function isNamed(text: string, tool: Span, names: readonly string[]): boolean {
  const value = JSON.parse(text.slice(tool.valueAt, tool.to)) as {
    name?: unknown
    function?: { name?: unknown }
  } | null
  const name = value?.function?.name ?? value?.name
  return typeof name === 'string' && names.includes(name)
}

/** One entry of Gemini's list holds many functions. Null when none is left and it holds nothing else. */
function withoutDeclarations(text: string, tool: Span, names: readonly string[]): string | null {
  const members = partsAt(text, tool.valueAt)
  const list = members.find(({ key }) => key === 'functionDeclarations' || key === 'function_declarations')
  if (list === undefined) return text.slice(tool.from, tool.to)
  const functions = partsAt(text, list.valueAt)
  const kept = functions.filter((one) => !isNamed(text, one, names)).map((one) => text.slice(one.from, one.to))
  if (kept.length === functions.length) return text.slice(tool.from, tool.to)
  if (kept.length === 0 && members.length === 1) return null
  return `${text.slice(tool.from, list.valueAt)}[${kept.join(',')}]${text.slice(list.to, tool.to)}`
}
