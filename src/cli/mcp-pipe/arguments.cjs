// @ts-check
// The options of `maestro mcp` that need no command line library. Whatever is not plainly right is left to the one
// that explains mistakes. Pure.
'use strict'

/** As `src/core/tool.ts` lists them. */
const knownProfiles = ['default', 'core', 'full', 'compat', 'workflows']
const clientName = /^[A-Za-z0-9][\w .@:+-]{0,63}$/

/**
 * @param {string} text names with commas between
 * @returns {string[] | undefined}
 */
function readProfiles(text) {
  const names = text.split(',').map((name) => name.trim())
  return names.every((name) => knownProfiles.includes(name)) ? [...new Set(names)] : undefined
}

/** @param {string} text */
function isClientName(text) {
  return clientName.test(text)
}

/**
 * @param {readonly string[]} argv
 * @returns {{ dataDir?: string, profiles: string[], as?: string } | undefined} undefined: not for the short way
 */
function readArguments(argv) {
  /** @type {{ dataDir?: string, profiles: string[], as?: string }} */
  const found = { profiles: [] }
  for (let at = 0; at < argv.length; at++) {
    const [, name, joined] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(argv[at] ?? '') ?? []
    const value = joined ?? argv[++at]
    if (name === undefined || value === undefined || value === '' || (joined === undefined && value.startsWith('-'))) {
      return undefined
    }
    if (name === '--data-dir') found.dataDir = value
    else if (name === '--profile') {
      const profiles = readProfiles(value)
      if (profiles === undefined) return undefined
      found.profiles = profiles
    } else if (name === '--as') {
      if (!isClientName(value)) return undefined
      found.as = value
    } else if (name !== '--transport' || value !== 'stdio') return undefined
  }
  return found
}

module.exports = { isClientName, knownProfiles, readArguments, readProfiles }
