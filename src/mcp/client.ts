// What we know of the program at the other end of one request: its era, what it declared, how it is connected. Pure.

import { CLIENT_CAPABILITIES_META_KEY, type ServerContext } from '@modelcontextprotocol/server'
import { SECOND } from '#src/core/index.ts'
import type { ProtocolServer } from './sdk.ts'

export type Era = 'legacy' | 'modern'
export type Carrier = 'http' | 'stream'

export const tasksExtension = 'io.modelcontextprotocol/tasks'

/** Of the request itself in the modern era, of the handshake before. */
export function capabilitiesOf(server: ProtocolServer, context: ServerContext, era: Era): Record<string, unknown> {
  const declared =
    era === 'modern'
      ? (context.mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY]
      : // oxlint-disable-next-line typescript/no-deprecated -- that era has no other place for it
        server.getClientCapabilities()
  return (declared ?? {}) as Record<string, unknown>
}

export function knowsTasks(capabilities: Readonly<Record<string, unknown>>, era: Era): boolean {
  const extensions = capabilities['extensions']
  return (
    era === 'modern' &&
    extensions !== null &&
    typeof extensions === 'object' &&
    Object.hasOwn(extensions, tasksExtension)
  )
}

/** A person can be asked through a form. A bare `elicitation: {}` means forms, as it did before there were modes. */
export function canElicit(capabilities: Readonly<Record<string, unknown>>): boolean {
  const elicitation = capabilities['elicitation']
  if (elicitation === null || typeof elicitation !== 'object') return false
  return Object.keys(elicitation).length === 0 || 'form' in elicitation
}

/**
 * How long a call may keep a client waiting (ms). Clients in the field cut calls at 60 s; one that knows tasks would
 * rather have a handle at once; a pipe on this machine is patient.
 */
export function inlineMs(client: { readonly knowsTasks: boolean; readonly carrier: Carrier }): number {
  if (client.knowsTasks) return 2 * SECOND
  return client.carrier === 'stream' ? 30 * SECOND : 20 * SECOND
}
