// The tool server as a stdio program.

import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { makeToolServer } from './tool-server.ts'

serveStdio(() => makeToolServer(), { legacy: process.env['ONLY_MODERN'] === undefined ? 'serve' : 'reject' })
