// Fakes and a raw client for tests of this room and of those above it.

export { createFakeAuth, goodCookie, goodToken } from './fake-auth.ts'
export { ask, askRaw, bearer, open, postJson, readSse, type Answer, type SseMessage } from './client.ts'
export { startTestHttp, type TestHttp } from './start-test-http.ts'
