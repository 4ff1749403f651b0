// Values that stand in clear in mcp-servers.json, as Maistro kept them, are moved to the encrypted store when
// the file is opened. All of them: which is a token and which a mere setting cannot be told from outside.

import type { Clock, JsonObject } from '#src/core/index.ts'
import type { Secrets } from '#src/store/index.ts'
import type { Item, Loaded, ServersFile } from './servers-file.ts'
import { freeSecretName, rawRows, rowLists, type StoredRow } from './stored.ts'
import { secretNamesOf } from './rows.ts'

/**
 * The file's content with no clear value left in it. The first time, the file as it was is kept beside it with
 * its values taken out, unless `isCopied` says that a copy is there; when nothing is to be moved, nothing is written.
 */
export async function moveClearValues(
  file: ServersFile,
  secrets: Pick<Secrets, 'set' | 'reveal' | 'list'>,
  clock: Clock,
  isCopied: () => boolean = () => false,
): Promise<Loaded> {
  const loaded = await file.load()
  if (!loaded.items.some(hasClear)) return loaded
  const stored = new Set((await secrets.list()).map(({ name }) => name))
  const used = new Set(loaded.items.flatMap(({ server }) => secretNamesOf(server)))

  /** A name that a move before this one, which was cut off, may already have given to the same value. */
  async function move(id: string, row: StoredRow & { kind: 'clear' }): Promise<string> {
    const left = freeSecretName(id, row.name, (name) => used.has(name))
    const isLeftOver = stored.has(left) && (await secrets.reveal(left)) === row.value
    const name = isLeftOver ? left : freeSecretName(id, row.name, (wanted) => used.has(wanted) || stored.has(wanted))
    used.add(name)
    if (!isLeftOver) await secrets.set(name, row.value)
    return name
  }

  const moved: JsonObject[] = []
  for (const { raw, server } of loaded.items) {
    const changes: JsonObject = {}
    for (const list of rowLists) {
      const rows: StoredRow[] = []
      for (const row of server[list]) {
        const { name } = row
        rows.push(row.kind === 'clear' ? { name, kind: 'secret', secretName: await move(server.id, row) } : row)
      }
      if (rows.length > 0) changes[list] = rawRows(rows)
    }
    moved.push({ ...raw, ...changes })
  }
  if (!isCopied()) {
    const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace('.', '-')
    await file.writeBackup(
      stamp,
      loaded.items.map((item) => redacted(item)),
    )
  }
  return file.save(moved)
}

const hasClear = ({ server }: Item): boolean =>
  rowLists.some((list) => server[list].some((row) => row.kind === 'clear'))

/** The server as it was, for the backup, without the values that were moved. */
function redacted({ raw, server }: Item): JsonObject {
  const changes: JsonObject = {}
  for (const list of rowLists) {
    const rows = server[list].map((row) =>
      row.kind === 'clear' ? { ...row, value: 'moved to the encrypted store' } : row,
    )
    if (rows.length > 0) changes[list] = rawRows(rows)
  }
  return { ...raw, ...changes }
}
