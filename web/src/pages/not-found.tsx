// Where an address leads nowhere, and where a page failed to draw.

import { Link } from '@tanstack/react-router'
import { route } from '../api/paths.ts'
import { buttonClass } from '../ui/button.tsx'
import { Empty, ErrorCard } from '../ui/bits.tsx'

export function NotFoundPage() {
  return (
    <Empty
      title="Nothing is played here"
      action={
        <Link to={route.score} className={buttonClass('primary')}>
          Go to the score
        </Link>
      }
    >
      This address names no page of Maestro.
    </Empty>
  )
}

export function RouteError({ error }: { error: unknown }) {
  return (
    <div className="p-6">
      <ErrorCard thrown={error} onRetry={() => location.reload()} retryLabel="Reload" />
    </div>
  )
}
