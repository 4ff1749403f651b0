// Makes a token and puts its value into the lines, once: it is nowhere else to be seen, and gone with the page.

import { Link } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { route } from '../../api/paths.ts'
import { tokens, useTokenWrite } from '../../api/system.ts'
import { ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Check } from '../../ui/check.tsx'
import { Field } from '../../ui/field.tsx'

interface TokenForSnippetProps {
  title: string
  isIn: boolean
  onToken: (token: string) => void
}

const days = 90

export function TokenForSnippet({ title, isIn, onToken }: TokenForSnippetProps) {
  const [name, setName] = useState(title)
  const [readOnly, setReadOnly] = useState(false)
  const create = useTokenWrite(tokens.create)
  const isNameless = name.trim() === ''

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    if (isNameless) return
    create.mutate({ name: name.trim(), readOnly, days }, { onSuccess: (made) => onToken(made.token) })
  }

  if (isIn)
    return (
      <p role="status" className="mt-3 rounded-lg bg-waiting-wash px-3 py-2 text-sm">
        The token is in the lines above. Copy them now: its value is shown this once. It is good for {days} days and can
        be revoked in the{' '}
        <Link to={route.settings} hash="tokens" className="text-ink underline">
          settings
        </Link>
        .
      </p>
    )
  return (
    <form onSubmit={onSubmit} className="mt-3 flex flex-col gap-3 border-t border-line pt-3">
      <Field
        label="Token for"
        hint="So that rules, audit and you know it by name."
        problem={isNameless ? 'A name.' : undefined}
      >
        {(ties) => (
          <input
            {...ties}
            className="field sm:max-w-80"
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Check label="Reads only" hint="It can look and change nothing." checked={readOnly} onChange={setReadOnly} />
      <div>
        <Button type="submit" icon={<KeyRound className="size-4" />} disabled={create.isPending || isNameless}>
          Make a token and put it in
        </Button>
      </div>
      {create.error !== null && <ErrorCard thrown={create.error} />}
    </form>
  )
}
