// What the server has to say of the draft while it is written: missing models, keys and servers, circles of
// triggers. Asked when the typing rests; what it answers may be a moment old.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Remark, WorkflowInput } from '#src/workflows/contract.ts'
import { library } from '../../api/library.ts'
import { useLate } from '../../lib/use-late.ts'

const restMs = 400
const noRemarks: readonly Remark[] = []

export function useRemarks(input: WorkflowInput, workflowId: string | undefined): readonly Remark[] {
  const late = useLate(input, restMs)
  const remarks = useQuery({
    queryKey: ['remarks', workflowId ?? '', late],
    queryFn: ({ signal }) => library.validate(late, workflowId, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
  })
  return remarks.data ?? noRemarks
}
