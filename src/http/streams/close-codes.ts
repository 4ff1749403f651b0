// Why a WebSocket is closed: RFC 6455 section 7.4 and the IANA registry.

export const closeCodes = { done: 1000, policy: 1008, failed: 1011, restart: 1012 } as const
