// Shows the page to who is signed in, and to others how to sign in. Asks again when the tab is
// looked at, so that a fresh link opened elsewhere lets this tab in too.

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../api/errors.ts'
import { sessionQuery } from '../api/queries.ts'
import { ErrorCard } from '../ui/bits.tsx'
import { SignIn } from './sign-in.tsx'

const askAgainMs = 5_000

export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: (query) => (query.state.status === 'error' ? askAgainMs : false),
  })
  const error = session.error
  if (error instanceof ApiError && error.code === 'unauthenticated')
    return <SignIn onRetry={() => void session.refetch()} />
  // A lost connection keeps what is on show; the shell says so in its thin bar.
  if (session.data !== undefined) return children
  if (error !== null) {
    return (
      <main className="mx-auto max-w-lg px-4 pt-[20vh]">
        <ErrorCard thrown={error} onRetry={() => void session.refetch()} />
      </main>
    )
  }
  return <div className="h-full bg-paper" role="status" aria-label="Loading" />
}
