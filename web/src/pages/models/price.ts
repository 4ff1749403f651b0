// Prices of models as words, and as people type them. Pure.

import type { ModelPrice } from '#src/llm/contract.ts'

const dollars = (usd: number) => `$${usd < 0.1 && usd > 0 ? usd.toPrecision(2) : usd.toFixed(2).replace(/\.?0+$/, '')}`

/** `$3 in, $15 out`: for a million tokens. */
export function priceText(price: ModelPrice): string {
  if (price.inputUsdPerMillion === 0 && price.outputUsdPerMillion === 0) return 'free'
  return `${dollars(price.inputUsdPerMillion)} in, ${dollars(price.outputUsdPerMillion)} out`
}

/** Undefined when it is no amount. A comma is a decimal comma. */
export function parseUsd(text: string): number | undefined {
  const plain = text.trim().replace(/^\$/, '').replace(',', '.')
  if (!/^\d+(\.\d+)?$|^\.\d+$/.test(plain)) return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}
