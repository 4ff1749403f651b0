// Deleting an MCP server cannot be undone, since its secrets go with it: the name, and which prompts lose it.

import type { McpServer } from '#src/agents/contract.ts'
import { useServerDelete } from '../../api/mcp-servers.ts'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { PromptsUsing, useUsers } from './used-by.tsx'

interface DeleteServerProps {
  server: McpServer
  onClose: () => void
  onDeleted?: () => void
}

export function DeleteServer({ server, onClose, onDeleted }: DeleteServerProps) {
  const remove = useServerDelete()
  const toasts = useToasts()
  const users = useUsers(server.id)
  const secrets = [...server.env, ...server.headers].filter((row) => row.isSecret && row.isSet).length

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${server.name}?`}
      description={
        users.length === 0
          ? 'No workflow uses it.'
          : `${plural(users.length, 'workflow')} ${users.length === 1 ? 'uses' : 'use'} it. Prompts that have it fail until it is taken off them:`
      }
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="danger"
            disabled={remove.isPending}
            onClick={() =>
              remove.mutate(server.id, {
                onSuccess: () => {
                  toasts.say(`Deleted ${server.name}`)
                  onClose()
                  onDeleted?.()
                },
                onError: (thrown) => toasts.fail(thrown),
              })
            }
          >
            Delete server
          </Button>
        </>
      }
    >
      <PromptsUsing serverId={server.id} />
      {secrets > 0 && (
        <p className={users.length > 0 ? 'mt-3 text-soft' : 'text-soft'}>
          Its {plural(secrets, 'stored secret')} {secrets === 1 ? 'is' : 'are'} forgotten. Maestro cannot bring{' '}
          {secrets === 1 ? 'it' : 'them'} back.
        </p>
      )}
    </Dialog>
  )
}
