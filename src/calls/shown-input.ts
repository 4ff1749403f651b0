// An input as a person is shown it before saying yes: JSON with everything that looks like a secret taken out, long
// texts cut in their middle, at most 16 KiB. Pure but for the redactor, which knows the stored secrets.

export const maxShownBytes = 16 * 1024
/** Of one text: enough to read a script, and its end is shown too, since that is where something can be hidden. */
const maxTextLetters = 6_000
const headShare = 0.6

export const masked = '[masked]'

export interface ShownInput {
  readonly json: string
  readonly isCut: boolean
}

const secretKey =
  /pass(word|wd|phrase)?s?$|secrets?$|token$|api[_-]?keys?$|private[_-]?key$|credentials?$|authorization$|cookies?$|^pin$|^auth$/i
/** Tokens whose makers gave them a recognisable beginning, private keys, and passwords within addresses. */
const secretShapes = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(sk-|sk_|pk_live_|rk_live_|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|hf_|npm_|mst_|mss_|msc_|eyJ)[\w.+/=-]{12,}/g,
  /(?<=\bBearer\s)[\w.~+/=-]{8,}/gi,
  /(?<=:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/g,
]

/** @param isSecret true when nothing of the input may be shown: the tool is about secrets */
export function shownInput(input: unknown, redact: (text: string) => string, isSecret = false): ShownInput {
  let isCut = false
  const show = (value: unknown, mayShow: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => show(one, mayShow))
    if (value !== null && typeof value === 'object') return showObject(value, mayShow)
    if (!mayShow) return masked
    if (typeof value !== 'string') return value
    const safe = secretShapes.reduce((text, shape) => text.replace(shape, masked), redact(value))
    if (safe.length <= maxTextLetters) return safe
    isCut = true
    const head = Math.floor(maxTextLetters * headShare)
    const left = safe.length - maxTextLetters
    return `${safe.slice(0, head)}… [${left} characters left out] …${safe.slice(head + left)}`
  }
  const showObject = (value: object, mayShow: boolean): object => {
    // `{ name: 'API_KEY', value: '…' }`, as lists of variables have it.
    const named: unknown = 'name' in value ? value.name : undefined
    const isSecretPair =
      ('isSecret' in value && value.isSecret === true) || (typeof named === 'string' && secretKey.test(named))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        redact(key),
        show(inner, mayShow && !secretKey.test(key) && !(isSecretPair && key === 'value')),
      ]),
    )
  }
  const json = JSON.stringify(show(input, !isSecret))
  const bytes = Buffer.from(json)
  if (bytes.length <= maxShownBytes) return { json, isCut }
  // Cut between characters: the decoder leaves an unfinished one out.
  return { json: new TextDecoder().decode(bytes.subarray(0, maxShownBytes), { stream: true }), isCut: true }
}
