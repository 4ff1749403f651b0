// A tool's output as clients get it. Pure.

import type { CallToolResult } from '@modelcontextprotocol/server'
import type { AnyTool } from '#src/core/index.ts'
import type { z } from 'zod'
import type { ToolLists } from './tool-list.ts'

/** What the text gives a model at most, where the structured answer is whole beside it. */
const maxTextChars = 32_768

/** A tool's output as its result: short text for a model, and the whole of it where it is an object. */
export function toAnswer(lists: ToolLists, tool: AnyTool, output: unknown, input?: unknown): CallToolResult {
  const isStructured = lists.hasOutputSchema(tool.name)
  return {
    content: [{ type: 'text', text: textOf(tool, output, input) }],
    ...(isStructured && output !== null && typeof output === 'object' ? { structuredContent: output } : {}),
  }
}

function textOf(tool: AnyTool, output: unknown, input: unknown): string {
  const brief = tool.mcp?.brief
  if (brief !== undefined) {
    // The tool wrote it for its own input: with its defaults. It was checked before, so it parses.
    const parsed = brief.length < 2 ? undefined : (tool.input as z.ZodType).safeParse(input)
    return brief.call(tool.mcp, output, parsed?.success === true ? parsed.data : input)
  }
  const text = JSON.stringify(output ?? null)
  if (text.length <= maxTextChars) return text
  return `${text.slice(0, maxTextChars)}… (${text.length - maxTextChars} more characters; the structured answer is whole)`
}
