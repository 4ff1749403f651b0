// Figures as words. Unknown stays "unknown"; times are the reader's own zone. Pure.

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 14 min`, `3 d 2 h`. */
export function duration(ms: number): string {
  if (ms < 0) return '0 s'
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's')
  if (ms < DAY) return pair(ms, HOUR, 'h', MINUTE, 'min')
  return pair(ms, DAY, 'd', HOUR, 'h')
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small)
  return `${Math.floor(ms / big)} ${bigName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`
}

/** A clock that ticks: `0:07`, `12:30`, `1:02:03`. */
export function ticking(ms: number): string {
  const total = Math.max(0, Math.floor(ms / SECOND))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
}

/** `just now`, `40 s ago`, `5 min ago`, `3 h ago`, `yesterday`, `4 days ago`, then the date. */
export function ago(at: number, now: number): string {
  const ms = now - at
  if (ms < 5 * SECOND) return 'just now'
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`
  if (ms < 2 * DAY) return 'yesterday'
  if (ms < 7 * DAY) return `${Math.floor(ms / DAY)} days ago`
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** With seconds and the zone: for a title. */
export function exact(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
}

/** `1,204`, `18.4k`, `2.1M`; null reads "unknown". */
export function tokens(count: number | null): string {
  if (count === null) return 'unknown'
  if (count < 10_000) return count.toLocaleString('en')
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)}k`
  return `${(count / 1_000_000).toFixed(1)}M`
}

/** Dollars; small sums keep their digits; null reads "unknown". */
export function cost(usd: number | null): string {
  if (usd === null) return 'unknown'
  if (usd === 0) return '$0'
  if (usd < 0.0001) return '< $0.0001'
  return `$${usd < 1 ? usd.toFixed(4) : usd.toFixed(2)}`
}

/** `512 B`, `14.2 kB`, `64 MB`: of 1,024. */
export function bytes(count: number): string {
  if (count < 1_024) return `${count} B`
  for (const [unit, size] of [
    ['kB', 1_024],
    ['MB', 1_024 ** 2],
  ] as const) {
    const value = count / size
    if (value < 1_000) return `${value < 10 ? value.toFixed(1).replace('.0', '') : Math.round(value)} ${unit}`
  }
  return `${(count / 1_024 ** 3).toFixed(1)} GB`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** The first line that says something, without markdown's marks. */
export function firstLine(text: string, max = 120): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? ''
  const plain = line
    .replace(/^[#>*\-\s]+/, '')
    .replaceAll('`', '')
    .trim()
  return plain.length > max ? `${plain.slice(0, max - 1)}…` : plain
}

/** `run_7k2…9f3q`: enough to tell ids apart by eye. */
export function shortId(id: string): string {
  const [kind, rest = ''] = id.split('_', 2)
  return rest.length > 12 ? `${kind}_${rest.slice(0, 4)}…${rest.slice(-4)}` : id
}
