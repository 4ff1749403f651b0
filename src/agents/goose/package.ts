// The npm package that carries Goose's binary for a platform, pinned. Upstream publishes one for Linux
// x64; elsewhere people take a release.

import { pinnedGoose } from './probe.ts'

export const gooseReleases = 'https://github.com/aaif-goose/goose/releases'

export interface GoosePackage {
  /** What npm is asked for. */
  readonly spec: string
  readonly version: string
  /** The program, below the folder that npm installs into. */
  readonly binary: string
}

export function goosePackage(platform: string, arch: string): GoosePackage | undefined {
  if (platform !== 'linux' || arch !== 'x64') return undefined
  const name = '@aaif/goose-binary-linux-x64'
  return { spec: `${name}@${pinnedGoose}`, version: pinnedGoose, binary: `node_modules/${name}/bin/goose` }
}
