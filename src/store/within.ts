/** The result of `work`, unless it takes longer than `limitMs`: then an error, and `work` goes on unheard. */
export async function withinMs<R>(work: Promise<R>, limitMs: number): Promise<R> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${limitMs} ms`))
  }, limitMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}
