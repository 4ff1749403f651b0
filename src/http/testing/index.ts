// Fakes and a raw client for tests of this room and of those above it.

export { createEventLog, type EventLog } from './event-log.ts'
export { createFakeAuth, goodCookie, goodToken, type FakeAuth } from './fake-auth.ts'
export { ask, askRaw, bearer, open, postJson, readSse, type Answer, type Ask, type SseMessage } from './client.ts'
export { startTestHttp, type TestHttp } from './start-test-http.ts'
