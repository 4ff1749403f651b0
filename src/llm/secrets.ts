// Stored keys: set and deleted, never read back.

import { MaestroError, parseOrThrow } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import { type SecretInfo, SecretName } from './contract.ts'
import type { Provider } from './providers.ts'

export interface SecretChanges {
  /** @throws `invalid_input` for a name or value that cannot be a secret */
  setSecret(name: string, value: string): Promise<SecretInfo>
  /** @throws `not_found` */
  deleteSecret(name: string): Promise<SecretInfo>
}

export function createSecretTools(deps: {
  secrets: Secrets
  providers: () => Promise<readonly Provider[]>
}): SecretChanges {
  const { secrets } = deps
  async function infoOf(name: string, isSet: boolean, hint: string | null): Promise<SecretInfo> {
    const users = (await deps.providers()).filter(({ keyName }) => keyName === name)
    return { name, isSet, hint, usedBy: users.map(({ title }) => title) }
  }
  return {
    async setSecret(name, value) {
      const known = parseOrThrow(SecretName, name, 'the name of the secret')
      const key = cleanKey(known, value)
      await secrets.set(known, key)
      return infoOf(known, true, hintOf(key))
    },
    async deleteSecret(name) {
      const known = parseOrThrow(SecretName, name, 'the name of the secret')
      if (await secrets.delete(known)) return infoOf(known, false, null)
      throw new MaestroError('not_found', `no secret named ${known} is stored`)
    },
  }
}

/** Pasted keys come with a line break at their end; one in their middle is a mistake. */
export function cleanKey(name: string, value: string): string {
  const key = value.trim()
  if (key !== '' && key.length <= 16_384 && /^[ -~]+$/.test(key)) return key
  const wanted = 'one line of printable ASCII, 1 to 16,384 characters'
  throw new MaestroError('invalid_input', `the value for ${name} is not ${wanted}`, {
    issues: [{ path: 'value', message: wanted }],
  })
}

export function hintOf(key: string): string | null {
  return key.length >= 12 ? key.slice(-4) : null
}
