// The stub model server as a program: `node test/stub-model/main.ts --port 18080`. Prints its address.

import { parseArgs } from 'node:util'
import { startStubModel } from './index.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const stub = await startStubModel({ port: Number(values.port) })
process.stdout.write(`${stub.url}\n`)
process.once('SIGINT', () => void stub.close())
process.once('SIGTERM', () => void stub.close())
