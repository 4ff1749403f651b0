// Every stored secret by its name: who uses it, since when, and a way to forget it.

import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../api/api.ts'
import { mcpServersQuery } from '../../api/mcp-servers.ts'
import { useModelsWrite } from '../../api/providers.ts'
import { modelsQuery } from '../../api/queries.ts'
import { secretsQuery } from '../../api/system.ts'
import { Ago, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { useToasts } from '../../ui/toast.tsx'

export function Secrets() {
  const secrets = useQuery(secretsQuery)
  const providers = useQuery(modelsQuery).data?.providers ?? []
  const servers = useQuery(mcpServersQuery).data ?? []
  const [forgetting, setForgetting] = useState<string>()
  const forget = useModelsWrite(client.removeSecret)
  const toasts = useToasts()
  if (secrets.data === undefined)
    return secrets.error === null ? (
      <Skeleton rows={2} className="h-12" />
    ) : (
      <ErrorCard thrown={secrets.error} onRetry={() => void secrets.refetch()} />
    )
  if (secrets.data.length === 0)
    return <p className="text-soft">None. Keys of providers and secrets of MCP servers are listed here once stored.</p>

  /** Secrets of MCP servers are named after their server's id. */
  const userOf = (name: string) => {
    const provider = providers.find((each) => each.keyName === name)
    if (provider !== undefined) return provider.title
    const server = servers
      .filter((each) => name.startsWith(`MCP_${each.id.toUpperCase().replaceAll('-', '_')}_`))
      .sort((a, b) => b.id.length - a.id.length)[0]
    return name.startsWith('MCP_') ? (server?.name ?? 'an MCP server') : undefined
  }

  return (
    <>
      <ul aria-label="Secrets" className="panel divide-y divide-line">
        {secrets.data.map((secret) => (
          <li key={secret.name} className="flex items-center gap-3 py-1.5 pl-5 pr-3">
            <div className="min-w-0 flex-1">
              <p className="font-mono text-xs leading-5 wrap-anywhere">{secret.name}</p>
              <p className="text-xs text-faint">
                {[
                  userOf(secret.name) === undefined ? undefined : `for ${userOf(secret.name)}`,
                  secret.hint === null ? 'set' : `ends in …${secret.hint}`,
                ]
                  .filter((part) => part !== undefined)
                  .join(' · ')}
                {' · stored '}
                <Ago at={secret.updatedAt} />
              </p>
            </div>
            <IconButton label={`Forget ${secret.name}`} onClick={() => setForgetting(secret.name)}>
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
      {forgetting !== undefined && (
        <Confirm
          open
          onClose={() => setForgetting(undefined)}
          title={`Forget ${forgetting}?`}
          consequence="What needs it stops working until it is stored again. Maestro cannot bring it back."
          verb="Forget secret"
          busy={forget.isPending}
          onConfirm={() =>
            forget.mutate(forgetting, {
              onSuccess: () => setForgetting(undefined),
              onError: (thrown) => toasts.fail(thrown),
            })
          }
        />
      )}
    </>
  )
}
