// One approval by its own address: what the hint of a waiting call names.

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { route } from '../../api/paths.ts'
import { approvalQuery, useDecide } from '../../api/policy.ts'
import { Page } from '../../app/page.tsx'
import { ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { ApprovalCard } from './approval-card.tsx'

export function ApprovalPage() {
  const { id } = useParams({ from: route.approval })
  const approval = useQuery(approvalQuery(id))
  const decide = useDecide()
  const toasts = useToasts()
  return (
    <Page
      title="Approval"
      crumb={
        <Link
          to={route.approvals}
          aria-label="To the approvals"
          className={`${buttonClass('quiet')} -ml-2 !size-8 !px-0`}
        >
          <ArrowLeft className="size-4" />
        </Link>
      }
    >
      <div className="mx-auto max-w-3xl px-4 py-5 md:px-6">
        {approval.data !== undefined ? (
          <ApprovalCard
            approval={approval.data}
            busy={decide.isPending}
            onDecide={(approve) => decide.mutate({ id, approve }, { onError: (thrown) => toasts.fail(thrown) })}
          />
        ) : approval.error === null ? (
          <Skeleton rows={2} className="h-40" />
        ) : (
          <ErrorCard thrown={approval.error} onRetry={() => void approval.refetch()} />
        )}
      </div>
    </Page>
  )
}
