// What went wrong with a request to a provider, in plain words with the next action. Pure.

import type { Provider } from './providers.ts'

export interface Words {
  readonly message: string
  readonly hint: string
}

/** A request that got no answer: the system's error by its code. */
export function networkWords(provider: Provider, url: URL, error: unknown): Words {
  const { code = '', message = '', name = '' } = error as { code?: string; message?: string; name?: string }
  const { title } = provider
  const { host, hostname } = url
  const says = (what: string, hint: string): Words => ({ message: `${title}: ${what}`, hint })
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR' || code === 'ETIMEDOUT') {
    return says(`${host} did not answer in time`, 'check the base URL, the network and a proxy if there is one')
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return says(
      `the name ${hostname} is not known (${code})`,
      'check the spelling of the base URL, and the network’s DNS',
    )
  }
  if (code === 'ECONNREFUSED') {
    const start =
      provider.api === 'ollama' ? 'start Ollama (`ollama serve`), or correct' : 'start the server, or correct'
    return says(`nothing listens at ${host} (${code})`, `${start} the base URL`)
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return says(`${host} cannot be reached from here (${code})`, 'check the base URL and the network')
  }
  if (code === 'EPROTO' || /wrong version number|packet length too long/i.test(message)) {
    return says(`${host} does not speak TLS`, 'write the base URL with http:// instead of https://')
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS/.test(code)) {
    return says(
      `the certificate of ${host} is not trusted (${code})`,
      'start Maestro with NODE_EXTRA_CA_CERTS naming your authority’s certificate, or correct the base URL',
    )
  }
  if (code.startsWith('HPE_') || code === 'ECONNRESET' || code === 'EPIPE') {
    const hint = 'check that the base URL names an HTTP server, and whether it needs https://'
    return says(`${host} answered with something that is not HTTP, or hung up (${code})`, hint)
  }
  return says(
    `the request to ${host} failed: ${code || message || 'no reason given'}`,
    'check the base URL and the network',
  )
}

/** An answer that is no success. `said` is the provider's own words, when it gave some. */
export function statusWords(
  provider: Provider,
  url: URL,
  status: number,
  said: string | null,
  moved: string | null,
): Words {
  const { title, keyPage, keyName } = provider
  const quoted = said === null ? '' : `: ${said}`
  const keyHint = keyPage === null ? 'enter a valid key' : `enter a valid key, from ${keyPage}`
  if (status >= 300 && status < 400) {
    return {
      message: `${title}: ${url.origin} answered ${status} and points to ${moved ?? 'another address'}`,
      hint: 'use that address as the base URL: Maestro sends a key to no other address than the one entered',
    }
  }
  switch (status) {
    case 401:
      return keyName === null
        ? { message: `${title} wants a key (401)${quoted}`, hint: 'say that it needs a key, and enter it' }
        : { message: `${title} refused the key (401)${quoted}`, hint: keyHint }
    case 402:
      return { message: `${title}: the account has no credit left (402)${quoted}`, hint: 'add credit to the account' }
    case 403:
      return {
        message: `${title} does not allow this with the key (403)${quoted}`,
        hint: 'check what the key may do, and whether the service is offered where you are',
      }
    case 404:
      return {
        message: `${title}: there is nothing at ${url.href.split('?')[0]} (404)${quoted}`,
        hint: 'correct the base URL: most end in /v1',
      }
    case 429:
      return { message: `${title}: too many requests (429)${quoted}`, hint: 'wait a little and try again' }
    default:
      return {
        message: `${title} answered ${status}${quoted}`,
        hint: status >= 500 ? 'try again later: the fault is on its side' : 'check the base URL and the wire it speaks',
      }
  }
}

/** A good status with something else than was asked for. */
export function contentWords(provider: Provider, url: URL, text: string): Words {
  const isPage = /^\s*<(?:!doctype|html|head|\?xml)/i.test(text)
  const what = isPage ? 'a web page' : 'something that is not JSON'
  return {
    message: `${provider.title}: ${url.host} answered with ${what} instead of a list of models`,
    hint: 'correct the base URL: it must name the API, not the site; most end in /v1',
  }
}
