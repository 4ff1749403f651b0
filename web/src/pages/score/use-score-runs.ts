// The runs a stretch of time needs: loads older pages until it reaches back far enough, or a bound.

import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { runsQuery } from '../../api/queries.ts'

/** More notes than this nobody reads; the Runs page has them all. */
const most = 2_000

export function useScoreRuns(from: number) {
  const query = useInfiniteQuery(runsQuery({}))
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const oldest = runs.at(-1)?.createdAt ?? Infinity
  const { hasNextPage, isFetching, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetching && oldest > from && runs.length < most) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage, oldest, from, runs.length])
  return {
    runs,
    isPending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    reachesBackTo: hasNextPage ? oldest : 0,
  }
}
