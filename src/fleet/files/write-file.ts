// maestro_write: a file's whole content, or more of it, in one step.

import { type Ctx, MaestroError } from '#src/core/index.ts'
import { shown } from './file-errors.ts'
import type { FileDeps } from './files.ts'
import { sha256Of } from './hash.ts'
import { locateFor, type Place, subjectOf } from './locate.ts'
import { carriesMask, refuseMask } from './masks.ts'
import { lookAtPresent, maxChangedBytes, type Present } from './present.ts'
import type { WriteInput, WriteResult } from './shapes.ts'
import { decode } from './utf8.ts'

/**
 * Old or new content, never a mix, also under kill -9. Mode and owner of a file that is replaced stay.
 * @throws `conflict` when the file has another sum than expected or was changed meanwhile; `limit_exceeded` for an
 *   append to a large file; `forbidden`, `invalid_input`
 */
export async function writeFile(deps: FileDeps, ctx: Ctx, input: WriteInput): Promise<WriteResult> {
  const content = bytesOf(input)
  const place = await locateFor(deps.hosts, ctx, input, 'write')
  return deps.locks.run(subjectOf(place), async () => {
    let isUnseen = false
    const needsText = input.append || carriesMask(input.content)
    const present = await lookAtPresent(place, {
      keepBytes: needsText ? maxChangedBytes : 0,
      expected: input.expected_sha256,
      signal: ctx.signal,
    }).catch((error: unknown) => {
      // What only root may read is replaced unseen, unless something was said of it.
      isUnseen = input.sudo && !input.append && input.expected_sha256 === undefined
      if (isUnseen && error instanceof MaestroError && error.code === 'forbidden') return undefined
      throw error
    })
    if (present?.bytes !== undefined && input.encoding === 'text') {
      refuseMask(deps.masks, place.real, input.content, decode(present.bytes).text)
    }
    const all = input.append ? Buffer.concat([beforeAppend(place, present), content]) : content
    ctx.signal.throwIfAborted()
    await put(place, input, all, present)
    return {
      host: place.host.name,
      path: place.real,
      bytes: content.length,
      sha256: sha256Of(all),
      previous_sha256: present?.sha256 ?? null,
      created: present === undefined && !isUnseen,
    }
  })
}

async function put({ host, real }: Place, input: WriteInput, content: Uint8Array, present?: Present): Promise<void> {
  const mode = modeOf(input.mode)
  if (input.sudo) {
    if (host.files.replaceAsRoot === undefined) {
      throw new MaestroError('unsupported', `${host.name} has no sudo for files`, { details: { executed: 'no' } })
    }
    return host.files.replaceAsRoot(real, content, mode)
  }
  // Whoever named a sum, or appends, builds on what was there; a plain write replaces whatever there is.
  const buildsOn = input.expected_sha256 !== undefined || input.append
  await using replacement = await host.files.replace(real, {
    ...mode,
    createFolders: input.create_dirs,
    expected: buildsOn ? (present?.facts ?? 'nothing') : 'anything',
  })
  await replacement.write(content)
  await replacement.commit()
}

function bytesOf({ content, encoding }: WriteInput): Buffer {
  if (encoding === 'text') return Buffer.from(content)
  const compact = content.replace(/\s+/g, '')
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') === compact.replace(/=+$/, '')) return bytes
  throw new MaestroError('invalid_input', 'content is not base64, which encoding says it is', {
    hint: 'send base64 of the standard alphabet, or encoding: text',
    details: { executed: 'no' },
  })
}

function modeOf(mode: WriteInput['mode']): { mode?: number } {
  if (mode === undefined) return {}
  return { mode: typeof mode === 'number' ? mode : Number.parseInt(mode, 8) }
}

function beforeAppend({ real }: Place, present: Present | undefined): Uint8Array {
  if (present === undefined) return new Uint8Array()
  if (present.bytes !== undefined) return present.bytes
  throw new MaestroError(
    'limit_exceeded',
    `${shown(real)} has ${present.facts.size} bytes; append copies a file in order to be atomic, up to ${maxChangedBytes} bytes`,
    {
      hint: 'append with maestro_exec: cat >> file, the text in stdin',
      details: { kind: 'TOO_LARGE', bytes: present.facts.size, maxBytes: maxChangedBytes, executed: 'no' },
    },
  )
}
