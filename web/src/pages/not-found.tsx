// Where an address leads nowhere, and where a page failed to draw.

import { Link } from '@tanstack/react-router'
import { route } from '../api/paths.ts'
import { Page } from '../app/page.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Empty, ErrorCard } from '../ui/bits.tsx'

export function NotFoundPage() {
  return (
    <Page title="Not found">
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
    </Page>
  )
}

export function RouteError({ error }: { error: unknown }) {
  return (
    <div className="p-6">
      <ErrorCard thrown={error} onRetry={() => location.reload()} retryLabel="Reload" />
    </div>
  )
}
