// File locks are not to be trusted on network file systems, so neither is a data folder there.

import { readFile, realpath, statfs } from 'node:fs/promises'

/** `f_type` of statfs on Linux (linux/magic.h). 9p is how virtual machines share folders of their host. */
const networkMagic: Readonly<Record<number, string>> = {
  0x6969: 'nfs',
  0x517b: 'smb',
  0xfe534d42: 'smb2',
  0xff534d42: 'cifs',
  0x00c36400: 'ceph',
  0x5346414f: 'afs',
  0x6b414653: 'afs',
  0x73757245: 'coda',
  0x0bd00bd0: 'lustre',
  0x564c: 'ncp',
  0x01161970: 'gfs2',
  0x7461636f: 'ocfs2',
}
const fuseMagic = 0x65735546
const networkMounts =
  /^(nfs4?|cifs|smb3?|smbfs|afs|ceph|glusterfs|lustre|davfs|ncpfs|beegfs|fuse\.(sshfs|glusterfs|ceph|s3fs|rclone|davfs2?|gcsfuse|goofys|cifs|nfs|smbnetfs|curlftpfs|jfs|juicefs|seaweedfs|mfs))$/

/** The name of the network file system, or undefined for a local one. */
export function networkFileSystem(facts: { magic: number; mountType: string | undefined }): string | undefined {
  // statfs gives a signed number for large magics on some platforms.
  const magic = facts.magic >>> 0
  if (networkMagic[magic] !== undefined) return networkMagic[magic]
  if (facts.mountType !== undefined && networkMounts.test(facts.mountType)) return facts.mountType
  // FUSE may be anything; with a known local type (fuse.ntfs-3g, fuseblk) it is fine, without a name it is not.
  if (magic === fuseMagic && facts.mountType === undefined) return 'fuse'
  return undefined
}

/** Looks at the folder's file system. Knows Linux; elsewhere only what statfs tells. */
export async function findNetworkFileSystem(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined
  const { type } = await statfs(folder)
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  return networkFileSystem({ magic: type, mountType: mountTypeOf(await realpath(folder), mounts) })
}

/** The type of the mount that holds `path`: the longest mount point above it, the last one when stacked. */
export function mountTypeOf(path: string, mountinfo: string): string | undefined {
  let best: { point: string; type: string } | undefined
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ')
    const point = before
      .split(' ')[4]
      ?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    const type = after.split(' ')[0]
    if (point === undefined || type === undefined || type === '') continue
    const holds = point === '/' || path === point || path.startsWith(`${point}/`)
    if (holds && (best === undefined || point.length >= best.point.length)) best = { point, type }
  }
  return best?.type
}
