// What surfaces show of MCP. Browser-safe.

import { z } from 'zod'

/** Stands in a line to copy where a token's value goes: whoever shows the line puts it in. */
export const tokenPlace = '<token>'

/** The exact lines by which one client comes to know Maestro. */
export const ConnectSnippet = z.object({
  /** `claude-code`, `claude-desktop`, `codex`, `gemini`, `goose`, `cursor`, `vscode`, `inspector`, `mcp-remote`. */
  client: z.string(),
  title: z.string(),
  transport: z.enum(['stdio', 'http']),
  /** A line for a terminal, or a piece of a file. */
  how: z.enum(['command', 'file']),
  /** With `<token>` where the value of a token goes. */
  text: z.string(),
  /** Of a file: where it is, as that client documents it. */
  path: z.string().optional(),
})
export type ConnectSnippet = z.infer<typeof ConnectSnippet>

/** How MCP clients reach this Maestro: `GET /mcp/connect?profile=`. */
export const ConnectGuide = z.object({
  stdio: z.object({ command: z.string(), args: z.array(z.string()) }),
  http: z.object({ url: z.string(), needsToken: z.boolean() }),
  snippets: z.array(ConnectSnippet),
})
export type ConnectGuide = z.infer<typeof ConnectGuide>
