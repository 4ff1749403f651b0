// What the command line needs of the rooms below, loaded when a verb asks for it. The only place that names
// them, and what tests replace.

import type * as StudioCore from '#src/studio/core/index.ts'
import type {
  ForwardedPort,
  ForwardOptions,
  MaestroClient,
  OwnerClient,
  OwnerClientOptions,
  RemoteClientOptions,
} from '#src/app/owner-client.ts'

/** What `maestro compose` calls. */
export type Studio = Pick<
  typeof StudioCore,
  | 'compose'
  | 'createRenderer'
  | 'heardNotes'
  | 'MusicError'
  | 'parsePrompt'
  | 'placeOf'
  | 'toScore'
  | 'WavEncoder'
  | 'wavHeader'
  | 'writeMusicXml'
  | 'writeSmf'
>

/** The part of the configuration that the command line reads itself. */
export interface CliConfig {
  readonly dataDir: string
}

export interface ConfigInput {
  readonly env: NodeJS.ProcessEnv
  readonly flags: { readonly dataDir?: string; readonly host?: string; readonly port?: number }
  readonly cloneRoot: string
}

export interface Serving {
  readonly url: string
  signInLink(): Promise<string>
  readonly done: Promise<void>
  close(): Promise<void>
}

export interface Deps {
  readConfig(input: ConfigInput): Promise<CliConfig>
  /** @throws `conflict` with `details.url` and `details.pid` when an owner runs. */
  serve(input: ConfigInput, options: { onDemand: boolean; cloneRoot: string; version: string }): Promise<Serving>
  ownerClient(options: OwnerClientOptions): Promise<OwnerClient>
  remoteClient(options: RemoteClientOptions): Promise<MaestroClient>
  /** A port of this process's whose connections the owner serves. @throws `conflict` when it is in use */
  forwardPort(options: ForwardOptions): Promise<ForwardedPort>
  /** The pure core of the studio: composing needs no server. */
  studio(): Promise<Studio>
}

export const systemDeps: Deps = {
  readConfig: async (input) => (await import('#src/core/index.ts')).readConfig(input),
  async serve(input, options) {
    const { readConfig } = await import('#src/core/index.ts')
    const { serve } = await import('#src/app/index.ts')
    return serve(await readConfig(input), options)
  },
  ownerClient: async (options) => (await import('#src/app/owner-client.ts')).createOwnerClient(options),
  remoteClient: async (options) => (await import('#src/app/owner-client.ts')).createRemoteClient(options),
  forwardPort: async (options) => (await import('#src/app/owner-client.ts')).forwardPort(options),
  studio: () => import('#src/studio/core/index.ts'),
}
