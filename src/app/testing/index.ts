// What tests of the whole product need of this room besides its door.

export { createOwnerClient } from '../owner-client.ts'
