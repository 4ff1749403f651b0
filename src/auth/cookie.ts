// The session cookie on the wire: reading it from a header, and the headers that set and clear it.

import { DAY, SECOND } from '#src/core/index.ts'

export const sessionCookie = 'maestro_session'

/** The browser keeps the value this long (the longest browsers allow); the server decides how long it is good for. */
const maxAgeSec = (400 * DAY) / SECOND

/** Every value of the session cookie in a `Cookie` header; more than one when another path or host added its own. */
export function readSessionCookies(header: string | undefined): string[] {
  if (header === undefined) return []
  const values: string[] = []
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === sessionCookie) values.push(part.slice(at + 1).trim())
  }
  return values
}

/** `secure` when the page is served over https. */
export function setSessionCookie(value: string, secure: boolean): string {
  return `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSec}${secure ? '; Secure' : ''}`
}

export function clearSessionCookie(secure: boolean): string {
  return `${sessionCookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure ? '; Secure' : ''}`
}
