// The key that everything secret is encrypted under: from the environment when several nodes share a
// database, else a file in the data folder that only its owner can read. And the sealing itself.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { link, open, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MaestroError, isNodeError } from '#src/core/index.ts'
import { readTextIfExists, syncFolder } from './atomic-file.ts'

const keyBytes = 32

export const keyPath = (dataDir: string): string => join(dataDir, 'secret.key')

export interface SecretKey {
  readonly bytes: Uint8Array
  /** For messages: the file or the variable. */
  readonly source: string
}

/**
 * The key of `MAESTRO_SECRET_KEY` (`given`), else of the key file.
 * @returns undefined when there is neither
 * @throws `invalid_input` for a key that is not 32 bytes of base64; `forbidden` when others can read the file
 */
export async function findKey(dataDir: string, given: string | undefined): Promise<SecretKey | undefined> {
  if (given !== undefined) return { bytes: decodeKey(given, 'MAESTRO_SECRET_KEY'), source: 'MAESTRO_SECRET_KEY' }
  const path = keyPath(dataDir)
  const text = await readTextIfExists(path)
  if (text === undefined) return undefined
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new MaestroError(
      'forbidden',
      `${path} can be read by others (mode ${(mode & 0o777).toString(8)}); only its owner may read it`,
      {
        hint: `run: chmod 600 ${path}`,
      },
    )
  }
  return { bytes: decodeKey(text, path), source: path }
}

/** Makes the key file. When two do it at once, both get the one that was first. */
export async function createKey(dataDir: string): Promise<SecretKey> {
  const path = keyPath(dataDir)
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    {
      await using file = await open(temporary, 'wx', 0o600)
      await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`)
      await file.sync()
    }
    await link(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'EEXIST') throw error
  } finally {
    await rm(temporary, { force: true })
  }
  const key = await findKey(dataDir, undefined)
  if (key === undefined) throw new MaestroError('internal', `${path} vanished while it was made`)
  return key
}

function decodeKey(text: string, source: string): Uint8Array {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length === keyBytes) return new Uint8Array(bytes)
  throw new MaestroError(
    'invalid_input',
    `${source} holds ${bytes.length} bytes; a key is ${keyBytes} bytes in base64`,
    {
      hint: 'make one with: head -c 32 /dev/urandom | base64',
    },
  )
}

/** Layout: version (1 byte), nonce (12), ciphertext, tag (16). */
const version = 1
const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM. `context` is bound to the result: what was sealed for one name does not open for another. */
export function seal(key: SecretKey, plain: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce)
  cipher.setAAD(Buffer.from(context))
  return new Uint8Array(
    Buffer.concat([Buffer.of(version), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]),
  )
}

/** @throws `corrupt_data` when it was sealed under another key or changed since; `unsupported` for a newer layout */
export function unseal(key: SecretKey, sealed: Uint8Array, context: string): Uint8Array {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes[0] !== version) {
    throw new MaestroError(
      'unsupported',
      `sealed data has version ${bytes[0] ?? 'none'}; this Maestro reads version ${version}`,
    )
  }
  if (bytes.length < 1 + nonceBytes + tagBytes)
    throw new MaestroError('corrupt_data', `sealed data is cut off after ${bytes.length} bytes`)
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(1, 1 + nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]))
  } catch (cause) {
    throw new MaestroError(
      'corrupt_data',
      `sealed data cannot be opened with the key of ${key.source}: another key, or changed data`,
      { cause },
    )
  }
}
