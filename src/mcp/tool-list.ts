// Which tools a client is shown, for every set of profiles, made once. Leaves out calling: a tool that is not listed can
// be called by its name all the same.

import type { Tool as WireTool } from '@modelcontextprotocol/server'
import { type AnyTool, type McpProfile, mcpProfiles } from '#src/core/index.ts'
import type { z } from 'zod'
import { beginning, inputSchema, lean, outputSchema } from './json-schema.ts'

export interface ToolLists {
  /** In the order of the tools given. */
  of(profiles: readonly McpProfile[]): readonly WireTool[]
  find(name: string): AnyTool | undefined
  /** Its answers are objects, so they travel as structured content. */
  hasOutputSchema(name: string): boolean
}

export function createToolLists(tools: readonly AnyTool[]): ToolLists {
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  const made = new Map<string, readonly WireTool[]>()
  const structured = new Map<string, boolean>()
  return {
    of(profiles) {
      const key = mcpProfiles.filter((profile) => profiles.includes(profile)).join()
      let list = made.get(key)
      if (list === undefined) {
        const listed = tools.filter((tool) => isListed(tool, profiles))
        list = key === 'core' ? listed.map(toLean) : listed.map((tool) => toWire(tool, profiles.includes('compat')))
        made.set(key, list)
      }
      return list
    },
    find: (name) => byName.get(name),
    hasOutputSchema(name) {
      let known = structured.get(name)
      if (known === undefined) {
        const tool = byName.get(name)
        known = tool !== undefined && outputSchema(tool.output as z.ZodType, 0) !== undefined
        structured.set(name, known)
      }
      return known
    },
  }
}

function isListed(tool: AnyTool, profiles: readonly McpProfile[]): boolean {
  return profiles.some((profile) => profile === 'full' || tool.mcp?.profiles.includes(profile) === true)
}

function toWire(tool: AnyTool, showsCompat: boolean): WireTool {
  const { compatKeys = [] } = tool.mcp ?? {}
  const output = outputSchema(tool.output as z.ZodType)
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchema(tool.input as z.ZodType, (key) => showsCompat || !compatKeys.includes(key)),
    ...(output === undefined ? {} : { outputSchema: output }),
    annotations: { title: tool.title, ...annotationsOf(tool) },
  }
}

const leanTextChars = 180

/** The same tool in as few words as a model can work with. */
function toLean(tool: AnyTool): WireTool {
  const { compatKeys = [], coreKeys } = tool.mcp ?? {}
  const shows = (key: string) => (coreKeys?.includes(key) ?? true) && !compatKeys.includes(key)
  const isObject = outputSchema(tool.output as z.ZodType, 0) !== undefined
  return {
    name: tool.name,
    title: tool.title,
    description: beginning(tool.description, leanTextChars),
    inputSchema: lean(inputSchema(tool.input as z.ZodType, shows)) as WireTool['inputSchema'],
    // What an answer holds, it shows itself.
    ...(isObject ? { outputSchema: { type: 'object' } } : {}),
    annotations: annotationsOf(tool),
  }
}

function annotationsOf(tool: AnyTool): NonNullable<WireTool['annotations']> {
  const isRead = tool.mcp?.readOnly ?? tool.effect === 'read'
  return {
    readOnlyHint: isRead,
    ...(isRead
      ? {}
      : { destructiveHint: tool.effect === 'destructive', idempotentHint: tool.mcp?.idempotent ?? false }),
    openWorldHint: tool.mcp?.openWorld ?? false,
  }
}
