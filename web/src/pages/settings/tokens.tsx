// Tokens for programs: made, shown once, revoked.

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import type { MadeToken, TokenInfo } from '#src/auth/contract.ts'
import { tokens, tokensQuery, useTokenWrite } from '../../api/system.ts'
import { exact, plural } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Ago, Chip, CopyButton, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Check } from '../../ui/check.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useToasts } from '../../ui/toast.tsx'

export function Tokens() {
  const list = useQuery(tokensQuery)
  const now = useNow(60_000)
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<TokenInfo>()
  const revoke = useTokenWrite(tokens.revoke)
  const toasts = useToasts()
  if (list.data === undefined)
    return list.error === null ? (
      <Skeleton rows={2} className="h-12" />
    ) : (
      <ErrorCard thrown={list.error} onRetry={() => void list.refetch()} />
    )
  const isGood = (token: TokenInfo) => token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now)
  const good = list.data.filter(isGood)
  const gone = list.data.length - good.length

  return (
    <div className="flex flex-col items-start gap-3">
      {good.length > 0 && (
        <ul aria-label="Tokens" className="panel w-full divide-y divide-line">
          {good.map((token) => (
            <li key={token.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-5 py-2">
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-medium wrap-anywhere">{token.name}</p>
                <p className="text-xs text-faint">
                  {token.lastUsedAt === null ? (
                    'never used'
                  ) : (
                    <>
                      last used <Ago at={token.lastUsedAt} />
                    </>
                  )}
                  {' · '}
                  {token.expiresAt === null ? 'does not end' : `ends ${exact(token.expiresAt)}`}
                </p>
              </div>
              {token.scopes.length > 0 && token.scopes.every((scope) => scope.endsWith(':read')) && (
                <Chip>reads only</Chip>
              )}
              <Button small look="quiet" aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button icon={<Plus className="size-4" />} onClick={() => setMaking(true)}>
          Make a token
        </Button>
        {gone > 0 && <span className="text-sm text-faint">{plural(gone, 'token')} revoked or ended.</span>}
      </div>
      {making && <MakeToken onClose={() => setMaking(false)} />}
      {revoking !== undefined && (
        <Confirm
          open
          onClose={() => setRevoking(undefined)}
          title={`Revoke ${revoking.name}?`}
          consequence="Programs that use it are refused from their next request on. It cannot be brought back."
          verb="Revoke token"
          busy={revoke.isPending}
          onConfirm={() =>
            revoke.mutate(revoking.id, {
              onSuccess: () => setRevoking(undefined),
              onError: (thrown) => toasts.fail(thrown),
            })
          }
        />
      )}
    </div>
  )
}

const lives = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
  ['', 'until it is revoked'],
] as const

function MakeToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [days, setDays] = useState<string>('90')
  const [readOnly, setReadOnly] = useState(false)
  const [tried, setTried] = useState(false)
  const create = useTokenWrite(tokens.create)

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '') return
    create.mutate({ name: name.trim(), readOnly, ...(days === '' ? {} : { days: Number(days) }) })
  }

  if (create.data !== undefined) return <Made token={create.data} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a token"
      description="For a program that calls Maestro over HTTP."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="make-token" disabled={create.isPending}>
            Make token
          </Button>
        </>
      }
    >
      <form id="make-token" onSubmit={onSubmit} className="flex flex-col gap-4">
        <Field
          label="Name"
          hint="Who uses it, so that you know what to revoke."
          problem={tried && name.trim() === '' ? 'A name.' : undefined}
        >
          {(ties) => (
            <input
              {...ties}
              className="field"
              maxLength={100}
              autoComplete="off"
              placeholder="nightly build"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Good for">
          {(ties) => (
            <select {...ties} className="select field" value={days} onChange={(event) => setDays(event.target.value)}>
              {lives.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Check
          label="Reads only"
          hint="It can look at everything and change nothing."
          checked={readOnly}
          onChange={setReadOnly}
        />
        {create.error !== null && <ErrorCard thrown={create.error} />}
      </form>
    </Dialog>
  )
}

/** The only moment its value is to be seen. */
function Made({ token, onClose }: { token: MadeToken; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${token.name}: copy its value now`}
      description="It is shown this once. Maestro keeps only what it needs to recognise it."
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex items-start gap-1 rounded-lg bg-sunken py-1 pl-3 pr-1">
        <code aria-label="Token" className="min-w-0 flex-1 py-1.5 font-mono text-xs leading-5 wrap-anywhere">
          {token.token}
        </code>
        <CopyButton label="Copy the token" text={() => token.token} />
      </div>
      <p className="mt-3 text-sm text-soft">
        Send it as <code className="font-mono text-xs">Authorization: Bearer …</code>
      </p>
    </Dialog>
  )
}
