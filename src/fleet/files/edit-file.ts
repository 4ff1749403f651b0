// maestro_edit: replaces exact texts in a file, and shows the difference.

import { createTwoFilesPatch } from 'diff'
import { type Ctx, MaestroError } from '#src/core/index.ts'
import { defaultMaxOutputBytes } from '../contract.ts'
import { applyEdits } from './apply-edits.ts'
import { missing, shown } from './file-errors.ts'
import type { FileDeps } from './files.ts'
import { sha256Of } from './hash.ts'
import { locateFor, subjectOf } from './locate.ts'
import { refuseMask } from './masks.ts'
import { lookAtPresent, maxChangedBytes } from './present.ts'
import type { EditInput, EditResult } from './shapes.ts'
import { decode, looksBinary, upTo } from './utf8.ts'

/** A difference that takes longer to find is not shown; the edit is done all the same. */
const diffMs = 1_000

/** @throws `conflict` when a text is missing or not unique, or the file is not the expected one: nothing is changed then */
export async function editFile(deps: FileDeps, ctx: Ctx, input: EditInput): Promise<EditResult> {
  const place = await locateFor(deps.hosts, ctx, input, 'write')
  return deps.locks.run(subjectOf(place), async () => {
    const { host, real } = place
    const present = await lookAtPresent(place, {
      keepBytes: maxChangedBytes,
      expected: input.expected_sha256,
      signal: ctx.signal,
    })
    if (present === undefined) throw missing(real)
    if (present.bytes === undefined || present.sha256 === null) throw tooLarge(real, present.facts.size)
    const before = textOf(real, present.bytes)
    for (const edit of input.edits) refuseMask(deps.masks, real, edit.new, before)
    const { text: after, replacements } = applyEdits(before, input.edits, shown(real))
    const bytes = Buffer.from(after)
    if (!input.dry_run) {
      ctx.signal.throwIfAborted()
      await using replacement = await host.files.replace(real, { createFolders: false, expected: present.facts })
      await replacement.write(bytes)
      await replacement.commit()
    }
    return {
      host: host.name,
      path: real,
      ...diffOf(deps, real, before, after),
      replacements,
      sha256: sha256Of(bytes),
      previous_sha256: present.sha256,
      written: !input.dry_run,
    }
  })
}

/** Masked before it is compared, so that no half of a secret shows at a border. */
function diffOf(deps: FileDeps, real: string, before: string, after: string) {
  const name = real.slice(1).replace(/[\n\r]/g, '?')
  const [old, now] = [deps.masks.text(before), deps.masks.text(after)]
  const diff = createTwoFilesPatch(`a/${name}`, `b/${name}`, old, now, undefined, undefined, {
    context: 3,
    timeout: diffMs,
  })
  const bytes = Buffer.from(diff ?? '(the difference is too large to be shown)\n')
  return {
    diff: decode(upTo(bytes, defaultMaxOutputBytes)).text,
    diff_truncated: bytes.length > defaultMaxOutputBytes,
  }
}

function textOf(real: string, bytes: Uint8Array): string {
  const { text, isLossy } = decode(bytes)
  if (!isLossy && !looksBinary(bytes)) return text
  throw new MaestroError('invalid_input', `${shown(real)} is not UTF-8 text, so it cannot be edited as text`, {
    hint: 'read it with encoding: base64 and write it whole, or change it by maestro_exec',
    details: { reason: 'binary', executed: 'no' },
  })
}

function tooLarge(real: string, bytes: number): MaestroError {
  return new MaestroError(
    'limit_exceeded',
    `${shown(real)} has ${bytes} bytes; at most ${maxChangedBytes} are edited`,
    {
      hint: 'read a part with byte_range or offset_line; change it by maestro_exec, with sed for example',
      details: { kind: 'TOO_LARGE', bytes, maxBytes: maxChangedBytes, executed: 'no' },
    },
  )
}
