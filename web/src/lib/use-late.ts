// A value that has stood still for a while: for what is asked of the server while somebody types.

import { useEffect, useState } from 'react'

export function useLate<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return late
}
