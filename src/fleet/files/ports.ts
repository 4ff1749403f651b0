// What file tools need of a host: a few primitives, filled for this machine by `local/`, for others over their
// connection. Nothing here follows a symbolic link except `resolve`: whoever acts does so on a real path, and a link
// that has appeared on the way since is an error, never a way out.

export type FileKind = 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device'

export interface FileFacts {
  readonly kind: FileKind
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number
  /** Permission bits, without the kind. */
  readonly mode: number
  /** Changes when the thing is replaced or its content is changed. */
  readonly version: string
}

export interface FolderEntry {
  readonly name: string
  readonly facts: FileFacts
}

/** One file, held open: what is read is of one thing even when its name is given to another. */
export interface OpenFile extends AsyncDisposable {
  readonly facts: FileFacts
  /** At most `length` bytes from `offset`; fewer only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>
  /** Facts of now. */
  look(): Promise<FileFacts>
}

/** New content on its way, in a temporary file beside its place. Disposed without `commit`, it leaves nothing. */
export interface Replacement extends AsyncDisposable {
  write(chunk: Uint8Array): Promise<void>
  /** Makes it durable and puts it in place, in one step. @throws `conflict` when `expected` no longer holds */
  commit(): Promise<void>
}

export interface ReplaceOptions {
  /** Permission bits; absent: those of the file it replaces, else what the user's mask gives. */
  readonly mode?: number
  /** Missing folders on the way are made. */
  readonly createFolders: boolean
  /** What must be there at the moment of the commit: facts seen before, nothing at all, or whatever there is. */
  readonly expected: FileFacts | 'nothing' | 'anything'
}

export interface HostFiles {
  /**
   * The real, absolute path: `~` is the host user's home, a relative path begins at `cwd`, links are followed as the
   * kernel does. What does not exist (yet) stays as it is named. A dangling link gives the place it points to.
   * @throws `invalid_input` for what cannot be a path, or a relative one without `cwd`
   */
  resolve(path: string, cwd?: string): Promise<string>
  /** Of the thing itself; undefined when there is none. */
  facts(realPath: string): Promise<FileFacts | undefined>
  /** @throws `invalid_input` for what is not a regular file, `not_found` */
  open(realPath: string): Promise<OpenFile>
  /** In no particular order; `unreadable` hears of names that cannot be given. @throws `invalid_input` for what is not a folder */
  list(realPath: string, unreadable?: (name: string, reason: string) => void): Promise<FolderEntry[]>
  /** @throws `invalid_input` when something other than a regular file is there, `not_found` for a missing folder */
  replace(realPath: string, options: ReplaceOptions): Promise<Replacement>
  /** With those above it. One that exists is left as it is. */
  makeFolder(realPath: string, mode?: number): Promise<void>
  /** Where a link points, as it is written. */
  readLink(realPath: string): Promise<string>
  /** @throws `conflict` when something is there */
  makeLink(realPath: string, target: string): Promise<void>
  /**
   * Writes by `sudo`, for files this user may not write; atomic like `replace`, in a folder that exists.
   * @throws `unsupported` where it cannot, `forbidden` when sudo wants a password
   */
  replaceAsRoot?(realPath: string, content: Uint8Array, options: { mode?: number }): Promise<void>
}

/** What a host gives the file tools. `roots`: where they may read and write; null: wherever its user may. */
export interface FileHost {
  readonly name: string
  readonly isLocal: boolean
  readonly files: HostFiles
  readonly roots: { readonly read: readonly string[] | null; readonly write: readonly string[] | null }
  /** Never read or written, whatever the roots say: Maestro's own keys and database. */
  readonly closed: readonly string[]
}

export interface FileHosts {
  /** By name; absent: the local one. @throws `not_found` naming the known ones */
  find(name?: string): FileHost
}
