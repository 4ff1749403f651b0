// The built page, served from memory. A request is looked up in a map of what was read at load, so no
// request can name a file outside of it. Compressed copies are made once, in the background.

import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { isNodeError } from '#src/core/index.ts'
import { contentSecurityPolicy } from './headers.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** Put into index.html by the build where the page needs its own style elements. */
const noncePlaceholder = '__CSP_NONCE__'
const compressible = /^(text|application\/(json|manifest|wasm)|image\/svg)/
const compressBytes = { min: 1_024, max: 4 * 1024 * 1024 }

type Bytes = Uint8Array<ArrayBuffer>

interface File {
  readonly type: string
  readonly bytes: Bytes
  readonly etag: string
  readonly isImmutable: boolean
  gzip?: Bytes
  br?: Bytes
}

export interface StaticAnswer {
  readonly status: 200 | 304
  readonly headers: Record<string, string>
  readonly body: Bytes | string | null
}

export interface StaticFiles {
  /** A file by its URL path; undefined when there is none of that name. */
  file(
    path: string,
    request: { acceptEncoding?: string | undefined; ifNoneMatch?: string | undefined },
  ): StaticAnswer | undefined
  /** index.html, for a route of the page. */
  page(): StaticAnswer | undefined
}

/** Reads everything below `dir`; undefined when it holds no index.html. */
export async function loadStaticFiles(dir: string): Promise<StaticFiles | undefined> {
  const files = new Map<string, File>()
  for (const path of await list(dir)) {
    const bytes = await readFile(path)
    const name = `/${relative(dir, path).split(sep).join('/')}`
    files.set(name, {
      type: types[extname(name)] ?? 'application/octet-stream',
      bytes,
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      // The build puts a hash of the content into the names below assets.
      isImmutable: name.startsWith('/assets/'),
    })
  }
  const index = files.get('/index.html')
  if (index === undefined) return undefined
  files.delete('/index.html')
  void compress([...files.values()])
  const html = new TextDecoder().decode(index.bytes)
  const needsNonce = html.includes(noncePlaceholder)
  return {
    file(path, request) {
      const file = files.get(path)
      return file && answer(file, request)
    },
    page() {
      const headers: Record<string, string> = { 'content-type': index.type, 'cache-control': 'no-cache' }
      if (!needsNonce) return { status: 200, headers, body: index.bytes }
      const nonce = randomBytes(16).toString('base64url')
      headers['content-security-policy'] = contentSecurityPolicy(nonce)
      headers['cache-control'] = 'no-store'
      return { status: 200, headers, body: html.replaceAll(noncePlaceholder, nonce) }
    },
  }
}

async function list(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true, recursive: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return []
    throw error
  }
}

function answer(
  file: File,
  request: { acceptEncoding?: string | undefined; ifNoneMatch?: string | undefined },
): StaticAnswer {
  const headers: Record<string, string> = {
    'content-type': file.type,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'Accept-Encoding',
  }
  if (request.ifNoneMatch === file.etag) return { status: 304, headers, body: null }
  const accepts = request.acceptEncoding ?? ''
  if (file.br !== undefined && /\bbr\b/.test(accepts))
    return { status: 200, headers: { ...headers, 'content-encoding': 'br' }, body: file.br }
  if (file.gzip !== undefined && /\bgzip\b/.test(accepts))
    return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: file.gzip }
  return { status: 200, headers, body: file.bytes }
}

const toGzip = promisify(gzip)
const toBrotli = promisify(brotliCompress)

/** On the thread pool, one file at a time: a start is not slowed, and until then files go uncompressed. */
async function compress(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const { length } = file.bytes
    if (!compressible.test(file.type) || length < compressBytes.min || length > compressBytes.max) continue
    const br = await toBrotli(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
    const gz = await toGzip(file.bytes)
    if (br.length < length) file.br = br
    if (gz.length < length) file.gzip = gz
  }
}
