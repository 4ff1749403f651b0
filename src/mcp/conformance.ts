// The way to the fixtures of the official conformance suite: loaded when asked for, and then only.

import type { ConformanceFixtures } from './fixtures/all.ts'

export async function loadConformanceFixtures(): Promise<ConformanceFixtures> {
  const { conformanceFixtures } = await import('./fixtures/all.ts')
  return conformanceFixtures()
}
