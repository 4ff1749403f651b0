// How an MCP server's last test went, in a line.

import type { McpServer } from '#src/agents/contract.ts'
import { plural, tokens } from '../../lib/format.ts'
import { Ago } from '../../ui/bits.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { useLastTest } from './last-tests.ts'

export function LastTestLine({ server }: { server: McpServer }) {
  const last = useLastTest(server.id, server.version)
  if (last === undefined) {
    return (
      <p className="flex items-center gap-1.5 text-muted">
        <Glyph status="queued" size={13} /> Not tested as it is now
      </p>
    )
  }
  return (
    <p className={`flex items-start gap-1.5 ${last.ok ? 'text-succeeded' : 'text-failed'}`}>
      <Glyph status={last.ok ? 'succeeded' : 'failed'} size={13} className="mt-1" />
      <span className="min-w-0">
        {last.ok
          ? `Works: ${plural(last.tools, 'tool')}, ${tokens(last.tokens)} tokens`
          : (last.message ?? 'The last test failed')}
        <span className="text-faint">
          {' '}
          · <Ago at={last.at} />
        </span>
      </span>
    </p>
  )
}
