// The one error of the pure core, with every problem at once. It carries no code of a surface: the room's
// door says what it means there (`invalid_input`). Leaves out the server's error class, which needs Node.

export interface MusicIssue {
  /** Where: a path such as `tracks.2.regions.0`, a byte of a file, a word of a prompt. */
  readonly path: string
  readonly message: string
}

export class MusicError extends Error {
  readonly issues: readonly MusicIssue[]
  readonly hint: string | undefined

  /** `message` says what failed, the value seen and what would be right. */
  constructor(message: string, options: { issues?: readonly MusicIssue[]; hint?: string } = {}) {
    super(message)
    this.name = 'MusicError'
    this.issues = options.issues ?? []
    this.hint = options.hint
  }
}
