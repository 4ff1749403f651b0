// The SDK's low-level server, by the one name this room uses. The SDK calls it deprecated to lead people to `McpServer`;
// "for advanced use cases" is what we are: schemas are checked once, in `calls`, and lists are made once, not per request.

import type { Implementation, McpServer, ServerOptions } from '@modelcontextprotocol/server'
import * as sdk from '@modelcontextprotocol/server'

export type ProtocolServer = McpServer['server']
export const ProtocolServer: new (info: Implementation, options?: ServerOptions) => ProtocolServer =
  // oxlint-disable-next-line typescript/no-deprecated -- see above
  sdk.Server
