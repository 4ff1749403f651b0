// The MCP servers of the documented `mcp-servers.json`, read when a turn needs them: Maistro's form
// (arguments as one string) and ours (a list). Reading only; the file is edited by hand for now.

import { join } from 'node:path'
import { z } from 'zod'
import { MaestroError, parseJsonFile, parseOrThrow } from '#src/core/index.ts'
import { readTextIfExists } from '#src/store/index.ts'
import type { McpServerLaunch } from './adapter.ts'

const McpServerEntry = z.looseObject({
  id: z.string(),
  name: z.string(),
  command: z.string().min(1),
  args: z.union([z.string(), z.array(z.string())]).default([]),
  env: z.record(z.string(), z.string()).default({}),
})

/** @returns for ids, in their order. @throws `not_found` naming the known ones; `corrupt_data` */
export function createMcpServers(dataDir: string): (ids: readonly string[]) => Promise<McpServerLaunch[]> {
  const file = join(dataDir, 'mcp-servers.json')
  return async (ids) => {
    if (ids.length === 0) return []
    const text = await readTextIfExists(file)
    const entries = parseOrThrow(z.array(McpServerEntry), text === undefined ? [] : parseJsonFile(text, file), file)
    return ids.map((id) => {
      const entry = entries.find((one) => one.id === id)
      if (entry === undefined) {
        const known = entries.map((one) => one.id).join(', ')
        throw new MaestroError('not_found', `there is no MCP server "${id}" in ${file}`, {
          hint: known === '' ? 'add it to that file, or take it off the prompt' : `there are: ${known}`,
        })
      }
      const args = typeof entry.args === 'string' ? splitArguments(entry.args) : entry.args
      return { name: entry.name, command: entry.command, args, env: entry.env, required: true }
    })
  }
}

/**
 * One string of arguments as Maistro kept it: split at white space; single or double quotes keep words
 * together, and a backslash takes the next character as it is, except inside single quotes. Nothing expands.
 */
export function splitArguments(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at)
    if (letter === '\\' && quote !== "'" && at + 1 < text.length) {
      word = (word ?? '') + text.charAt(++at)
    } else if (quote !== undefined) {
      if (letter === quote) quote = undefined
      else word = (word ?? '') + letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + letter
    }
  }
  if (word !== undefined) words.push(word)
  return words
}
