// Stored secrets in what file tools show, and what comes back of them. A text that is shown has `[redacted]` in
// place of each stored secret. A change that carries that mark into a file with a secret would destroy the secret, so
// it is refused. Bytes that nobody reads (copies) are left alone. No sandbox: docs/security.md.

import { MaestroError, redacted, type Redactor } from '#src/core/index.ts'
import { shown } from './file-errors.ts'

export interface Masks {
  /** The text without stored secrets. */
  text(text: string): string
  holdsSecret(text: string): boolean
}

export const createMasks = (redactor: Pick<Redactor, 'text'>): Masks => ({
  text: (text) => redactor.text(text),
  holdsSecret: (text) => redactor.text(text) !== text,
})

export const carriesMask = (text: string): boolean => text.includes(redacted)

/** @throws `conflict` when `added` would put the mark where `present` has a secret. */
export function refuseMask(masks: Masks, path: string, added: string, present: string): void {
  if (!carriesMask(added) || !masks.holdsSecret(present)) return
  throw new MaestroError(
    'conflict',
    `the new text holds ${redacted}, which stands for a secret that ${shown(path)} really holds: writing it would destroy the secret`,
    {
      hint: 'change only the parts around the secret, with maestro_edit; nothing was changed',
      details: { kind: 'CONFLICT', reason: 'masked_secret', executed: 'no' },
    },
  )
}

/** Base64 shows every byte, so a secret in it cannot be masked without spoiling it. */
export function refuseSecretBytes(masks: Masks, path: string, bytes: Uint8Array): void {
  if (
    !masks.holdsSecret(Buffer.from(bytes).toString('latin1')) &&
    !masks.holdsSecret(Buffer.from(bytes).toString('utf8'))
  )
    return
  throw new MaestroError(
    'forbidden',
    `that part of ${shown(path)} holds a stored secret, so it is not shown as base64`,
    {
      hint: 'read it as text, where the secret is masked; to move the file, use maestro_copy',
      details: { kind: 'PATH_DENIED', reason: 'secret_in_content', executed: 'no' },
    },
  )
}
