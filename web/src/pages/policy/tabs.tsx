// Rules and the audit log are two sides of one thing: what agents may do, and what they did.

import { Link } from '@tanstack/react-router'
import { route } from '../../api/paths.ts'

const tab =
  'inline-flex h-6.5 items-center rounded-md px-2.5 text-sm text-soft hover:text-ink touch:h-10 aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-[0_0_0_1px_var(--line)]'

export function PolicyTabs() {
  return (
    <nav aria-label="Audit and rules" className="inline-flex rounded-lg border border-line bg-sunken p-0.5">
      <Link to={route.audit} className={tab} activeOptions={{ includeSearch: false }}>
        Audit
      </Link>
      <Link to={route.rules} className={tab}>
        Rules
      </Link>
    </nav>
  )
}
