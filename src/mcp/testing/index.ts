// What tests of the room use: a room over fake ports, and real clients of both eras on both carriers.

export { type Carried, connect, everyWay, type Way } from './connect.ts'
export { createTestRoom, type TestRoom } from './test-room.ts'
