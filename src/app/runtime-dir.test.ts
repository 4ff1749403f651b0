import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { runtimeDir, socketPath } from './runtime-dir.ts'

const uid = process.getuid?.() ?? 0

function inTemp(work: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'm-run-'))
  try {
    work(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function refused(match: RegExp) {
  return (error: unknown) => error instanceof MaestroError && match.test(error.message) && error.hint !== undefined
}

test('uses XDG_RUNTIME_DIR when it is ours, and makes the folder private', () =>
  inTemp((dir) => {
    const chosen = runtimeDir({ xdgRuntimeDir: dir, tmpDir: '/nowhere', uid })
    assert.equal(chosen, join(dir, 'maestro'))
    assert.equal(statSync(chosen).mode & 0o777, 0o700)
  }))

test('falls back to the temp folder when XDG_RUNTIME_DIR is unset, relative, missing, a file or writable by others', () =>
  inTemp((dir) => {
    const open = join(dir, 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    writeFileSync(join(dir, 'file'), '')
    for (const xdgRuntimeDir of [undefined, '', 'relative', join(dir, 'missing'), join(dir, 'file'), open]) {
      assert.equal(runtimeDir({ xdgRuntimeDir, tmpDir: dir, uid }), join(dir, `maestro-${uid}`), String(xdgRuntimeDir))
    }
  }))

test('does not use an XDG_RUNTIME_DIR that belongs to another user', () =>
  inTemp((dir) => {
    const other = { xdgRuntimeDir: dir, tmpDir: dir, uid: uid + 1 }
    // The fallback is then made by us for somebody else, which is refused by its owner.
    assert.throws(() => runtimeDir(other), refused(/belongs to user/))
    assert.equal(statSync(join(dir, 'maestro'), { throwIfNoEntry: false }), undefined)
  }))

test('refuses a runtime folder that is a symbolic link, a file or open to others', () =>
  inTemp((dir) => {
    const place = { xdgRuntimeDir: undefined, tmpDir: dir, uid }
    const path = join(dir, `maestro-${uid}`)
    mkdirSync(join(dir, 'target'), { mode: 0o700 })
    symlinkSync(join(dir, 'target'), path)
    assert.throws(() => runtimeDir(place), refused(/symbolic link/))
    rmSync(path)
    mkdirSync(path)
    chmodSync(path, 0o755)
    assert.throws(() => runtimeDir(place), refused(/open to others \(mode 0755\)/))
  }))

test('skips an XDG_RUNTIME_DIR that would make the path too long, and says so when every path is', () =>
  inTemp((dir) => {
    const deep = join(dir, 'd'.repeat(80))
    mkdirSync(deep, { mode: 0o700 })
    assert.equal(runtimeDir({ xdgRuntimeDir: deep, tmpDir: dir, uid }), join(dir, `maestro-${uid}`))
    assert.throws(() => runtimeDir({ xdgRuntimeDir: deep, tmpDir: deep, uid }), refused(/100 bytes or more/))
  }))

test('names one socket for every spelling of a data folder, another for another folder, always under 100 bytes', () =>
  inTemp((dir) => {
    const place = { xdgRuntimeDir: dir, tmpDir: dir, uid }
    const data = join(dir, 'x'.repeat(200), 'data')
    const before = socketPath(data, place)
    mkdirSync(data, { recursive: true })
    symlinkSync(data, join(dir, 'link'))
    assert.equal(socketPath(data, place), before)
    assert.equal(socketPath(join(dir, 'link'), place), before)
    assert.equal(socketPath(`${data}/../data/`, place), before)
    assert.notEqual(socketPath(dir, place), before)
    assert.ok(Buffer.byteLength(before) < 100)
  }))
